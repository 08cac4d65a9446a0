import ArenaCommands
import ArenaCore
import ArenaJSON
import Foundation

/// What a command said.
struct Outcome {
    let status: Int32
    let answer: String
    let notes: String

    var lines: [JSONValue] {
        answer.split(separator: "\n").map { (try? JSONValue(parsing: String($0))) ?? .null }
    }
    var document: JSONValue { (try? JSONValue(parsing: answer)) ?? .null }
}

/// A home that goes away with the test.
final class Home {
    let path = "/tmp/arena-commands-\(Identifier.random())"

    init() throws {
        try FileManager.default.createDirectory(
            atPath: path + "/benches", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    func run(_ arguments: String...) async throws -> Outcome { try await run(arguments) }

    func run(_ arguments: [String]) async throws -> Outcome {
        let capture = try Capture(isJSON: arguments.contains("--json"))
        let status = await CommandLineTool.run(arguments + ["--home", path], console: capture.console)
        return Outcome(status: status, answer: capture.answer, notes: capture.notes)
    }
}
