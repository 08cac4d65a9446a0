import ArenaCore
import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// What people who write plugins do, one after the other: each builds and examines, which takes a whole machine, and
/// what is examined has deadlines.
@Suite(.startsProcesses, .serialized, .temporaryDirectory) struct NewcomerTests {}

/// Somebody at a shell of a machine where Arena was built, with an empty home directory.
struct Newcomer {
    /// The home directory. Arena's own home is below it, as it is without any setting.
    let home: String

    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    init() throws {
        home = try TemporaryDirectory.path("newcomer-\(Identifier.random())")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    /// Where Arena looks for plugins.
    var plugins: String { home + "/.arena/plugins" }

    struct Outcome: Sendable {
        let status: Int32
        /// Standard output.
        let answer: String
        /// Standard error.
        let notes: String

        var document: JSONValue { (try? JSONValue(parsing: answer)) ?? .null }
    }

    /// Runs a script in a directory below home and says how it ended; the first command that fails ends it.
    func attempt(_ script: String, in directory: String = "") async throws -> Outcome {
        let notes = "\(home)/.notes-\(Identifier.random())"
        try Data().write(to: URL(filePath: notes))
        let errors = try FileHandle(forWritingTo: URL(filePath: notes))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", "-c", script]
        process.currentDirectoryURL = URL(filePath: "\(home)/\(directory)")
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ARENA_") }
        environment["HOME"] = home
        environment["PATH"] = Self.products + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        process.environment = environment
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = errors
        let running = UncheckedProcess(process: process, output: pipe.fileHandleForReading)
        let (status, answer) = try await RawConnection.onThread { try running.finish() }
        return Outcome(status: status, answer: answer, notes: try String(contentsOfFile: notes, encoding: .utf8))
    }

    /// Runs a script that has to succeed.
    @discardableResult
    func run(
        _ script: String, in directory: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        let outcome = try await attempt(script, in: directory)
        try #require(
            outcome.status == 0, "\(script)\n\(outcome.answer)\n\(outcome.notes)", sourceLocation: sourceLocation)
        return outcome
    }

    func write(_ text: String, to path: String) throws {
        let file = URL(filePath: "\(home)/\(path)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}

/// Handed from the test to one thread, which alone uses it.
private struct UncheckedProcess: @unchecked Sendable {
    let process: Process
    let output: FileHandle

    func finish() throws -> (Int32, String) {
        try process.run()
        let answer = String(decoding: output.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, answer)
    }
}
