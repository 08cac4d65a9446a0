import ArenaCore
import ArgumentParser
import Glibc

/// The command line: parses arguments, runs the command, and turns every error into words and an exit status.
package enum CommandLineTool {
    /// Runs a command.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the exit status: 0, else the error category's, following `sysexits.h`.
    package static func run(_ arguments: [String], console: Console? = nil) async -> Int32 {
        // A reader that goes away must not kill a command that has more to do than to print.
        signal(SIGPIPE, SIG_IGN)
        let isJSON = arguments.prefix { $0 != "--" }.contains("--json")
        let console = console ?? Console(isJSON: isJSON, environment: currentEnvironment())
        return await Console.$current.withValue(console) {
            do {
                var command = try ArenaCommand.parseAsRoot(arguments)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
                return 0
            } catch {
                return report(error, console)
            }
        }
    }

    /// The environment of this process.
    package static func currentEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }

    private static func report(_ error: any Error, _ console: Console) -> Int32 {
        if let error = error as? any ArenaError {
            console.report(error)
            return error.category.exitStatus
        }
        let status = ArenaCommand.exitCode(for: error).rawValue
        // Help and version are answers, not errors.
        if status == 0 {
            console.answer(text: ArenaCommand.fullMessage(for: error))
            return 0
        }
        // A command that has said everything itself throws a bare status.
        if error is ExitCode { return status }
        if status == ExitCode.validationFailure.rawValue {
            console.report(UsageError(error))
            return ErrorCategory.invalidArgument.exitStatus
        }
        console.report(error)
        return Failure(error).category.exitStatus
    }
}

/// Arguments that do not parse, in the words of the parser.
private struct UsageError: ArenaError {
    let message: String
    let hint: String?
    var code: String { "usage" }
    var category: ErrorCategory { .invalidArgument }

    init(_ error: any Error) {
        message = ArenaCommand.message(for: error)
        // The parser ends its full message with a line such as "See 'arena plugin --help' for more information."
        hint = ArenaCommand.fullMessage(for: error).split(separator: "\n").last.flatMap { line in
            let text = line.drop { $0 == " " }
            return text.hasPrefix("See ") ? String(text) : nil
        }
    }
}
