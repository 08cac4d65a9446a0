import ArenaCommands
import ArenaJSON
import Glibc

/// A console whose output ends up in files, to be read when the command is done.
final class Capture {
    let console: Console
    private let output: Int32
    private let errors: Int32

    init(isJSON: Bool = false, environment: [String: String] = [:]) throws {
        output = try Self.file()
        errors = try Self.file()
        console = Console(isJSON: isJSON, environment: environment, output: output, errors: errors)
    }

    deinit {
        close(output)
        close(errors)
    }

    /// What went to standard output.
    var answer: String { Self.content(output) }
    /// What went to standard error.
    var notes: String { Self.content(errors) }
    /// The one document on standard output; `null` when it is not exactly one.
    var document: JSONValue { (try? JSONValue(parsing: answer)) ?? .null }

    struct Failed: Error { let errno: Int32 }

    private static func file() throws -> Int32 {
        var template = Array("/tmp/arena-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Failed(errno: errno) }
        unlink(template)
        return descriptor
    }

    private static func content(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}

/// A terminal without a person in front of it.
struct Terminal {
    let descriptor: Int32

    init() throws {
        descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Capture.Failed(errno: errno) }
    }

    func end() { close(descriptor) }
}
