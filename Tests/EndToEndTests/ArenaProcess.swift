import ArenaCore
import Foundation

/// A process of `arena`, with its standard output in a file.
final class ArenaProcess: Sendable {
    private let process = Process()
    private let end: AsyncStream<Process.TerminationReason>
    private let file = URL(filePath: "/tmp/arena-output-\(Identifier.random())")

    init(_ arguments: [String]) throws {
        try Data().write(to: file)
        process.executableURL = URL(filePath: TestHouse.products + "/arena")
        process.arguments = arguments
        process.standardOutput = try FileHandle(forWritingTo: file)
        process.standardError = FileHandle.nullDevice
        let (end, ended) = AsyncStream.makeStream(of: Process.TerminationReason.self)
        self.end = end
        process.terminationHandler = {
            ended.yield($0.terminationReason)
            ended.finish()
        }
        try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: file) }

    /// What it has written so far.
    var output: [UInt8] { (try? Data(contentsOf: file)).map(Array.init) ?? [] }

    var pid: Int32 { process.processIdentifier }

    func interrupt() { process.interrupt() }

    func send(_ signal: Int32) { Glibc.kill(pid, signal) }

    func killIfRunning() {
        if process.isRunning { send(SIGKILL) }
    }

    /// Waits for its end; its exit status, `nil` when a signal ended it. Once only.
    func exitStatus() async -> Int32? {
        for await reason in end where reason == .exit { return process.terminationStatus }
        return nil
    }

    /// Ends it; whether it was still running.
    func kill() async -> Bool {
        killIfRunning()
        return await exitStatus() == nil
    }
}
