import ArenaTestSupport
import Foundation
import Testing

/// A real llama.cpp server with a tiny model of random weights, as `script/real-lane --tiny` starts it.
final class RealServer {
    struct Failed: Error, CustomStringConvertible { let description: String }

    /// Where `script/real-lane` keeps the server and the model; `script/test` has it made.
    private static let folder = CompiledPlugin.checkout + "/.build/real-lane"

    /// Whether the server is installed, so that a test needs no network.
    static var isInstalled: Bool {
        let packages = (try? String(contentsOfFile: folder + "/venv/arena-packages", encoding: .utf8)) ?? ""
        return Set(["gguf", "numpy", "xllamacpp"]).isSubset(of: packages.split(separator: "\n").map(String.init))
    }

    static let model = "tiny-random"
    let port: Int
    private let process = Process()

    /// Returns once the server answers; on a free port unless one is given.
    init(port wanted: Int = 0) async throws {
        process.executableURL = URL(filePath: CompiledPlugin.checkout + "/script/real-lane")
        process.arguments = ["--tiny", "--port", "\(wanted)"]
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // The command that makes a lane of it comes when the server is ready; the end comes when there is no server.
        let line = try await RawConnection.onThread { Self.firstLine(of: output.fileHandleForReading) }
        let url = line.split(separator: " ").first { $0.hasPrefix("http://127.0.0.1:") }
        guard let port = url?.split(separator: ":").last?.prefix(while: \.isNumber), let number = Int(port) else {
            Glibc.kill(process.processIdentifier, SIGKILL)
            let notes = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            throw Failed(description: "the server did not start: \(notes)")
        }
        self.port = number
    }

    var url: String { "http://127.0.0.1:\(port)/v1" }

    /// Kills the server itself, as a lack of memory would; the script that started it ends of its own.
    func kill() {
        for pid in ProcessStatus.children(of: process.processIdentifier) { Glibc.kill(pid, SIGKILL) }
        process.waitUntilExit()
    }

    /// Also ends what the script has started, which goes with it.
    func end() {
        // No gentler signal: it inherits those that this process's threads block.
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    private static func firstLine(of handle: FileHandle) -> String {
        var line: [UInt8] = []
        while let byte = try? handle.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }
}
