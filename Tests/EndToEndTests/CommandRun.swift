import ArenaJSON
import ArenaTestSupport
import Foundation

/// `arena`, run to its end as a shell does it.
struct CommandRun: Sendable {
    let status: Int32
    let output: String
    let errors: String

    /// The answer; `null` when it is no JSON.
    var json: JSONValue { (try? JSONValue(parsing: output)) ?? .null }
    /// All that it said.
    var words: String { output + errors }

    /// - Parameter input: less than a pipe holds; so must be what it says of errors.
    init(
        _ arguments: [String], home: String, input: String = "", variables: [String: String] = [:]
    ) async throws {
        self = try await RawConnection.onThread {
            try Self(running: arguments + ["--home", home], input, variables.merging(["HOME": home]) { a, _ in a })
        }
    }

    private init(running arguments: [String], _ input: String, _ variables: [String: String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: TestHouse.products + "/arena")
        process.arguments = arguments
        process.environment = variables
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        let notes = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        status = process.terminationStatus
        self.output = String(decoding: answer, as: UTF8.self)
        self.errors = String(decoding: notes, as: UTF8.self)
    }
}
