import ArenaCore
import ArenaJSON
import Foundation

/// Text that a person gives on the command line, in a file, or on standard input.
enum InputText {
    private static let largest = 256 << 20

    /// JSON given as itself, as `@FILE` or as `@-`.
    static func json(_ argument: String, of option: String) throws -> JSONValue {
        let file = argument.hasPrefix("@") ? String(argument.dropFirst()) : nil
        let text = try file.map { try read($0, of: option) } ?? Array(argument.utf8)
        do { return try JSONValue(parsing: text) } catch {
            let place = file.map { "\(option): \($0 == "-" ? "standard input" : $0)" } ?? option
            throw Failure(
                code: "cli.bad_json", category: .invalidArgument, message: "\(place) is no JSON: \(error.message)",
                hint: file == nil
                    ? #"Quote it for the shell, as in \#(option) '{"seconds": 3}', or give a file: \#(option) @job.json"#
                    : "Mend it there: it is read as one JSON document.")
        }
    }

    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String, of option: String? = nil) throws -> [UInt8] {
        do {
            if path == "-" { return Array(try FileHandle.standardInput.read(upToCount: largest) ?? Data()) }
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= largest else {
                throw Failure(
                    code: "cli.file_too_large", category: .invalidArgument, message: "\(path) has more than 256 MiB.",
                    hint: "Split it.")
            }
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                code: "cli.unreadable", category: .notFound,
                message: "\(option.map { "\($0): " } ?? "")\(path) cannot be read.",
                hint: "Check the path; - is standard input.")
        }
    }
}
