import ArenaCore
import ArenaJSON
import Foundation

/// Text that a person gives on the command line, in a file, or on standard input.
enum InputText {
    private static let largest = 256 << 20

    /// JSON given as itself, as `@FILE` or as `@-`.
    static func json(_ argument: String, of option: String) throws -> JSONValue {
        let text = argument.hasPrefix("@") ? try read(String(argument.dropFirst()), of: option) : Array(argument.utf8)
        do { return try JSONValue(parsing: text) } catch {
            throw Failure(
                code: "cli.bad_json", category: .invalidArgument,
                message: "\(option) is no JSON: \(error.message)",
                hint: #"Quote it for the shell, as in --payload '{"seconds": 3}', or give a file: --payload @job.json"#)
        }
    }

    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String, of option: String) throws -> [UInt8] {
        do {
            if path == "-" { return Array(try FileHandle.standardInput.read(upToCount: largest) ?? Data()) }
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= largest else {
                throw Failure(
                    code: "cli.file_too_large", category: .invalidArgument, message: "\(path) has more than 256 MiB.")
            }
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                code: "cli.unreadable", category: .notFound, message: "\(option): \(path) cannot be read.",
                hint: "Check the path; - is standard input.")
        }
    }
}
