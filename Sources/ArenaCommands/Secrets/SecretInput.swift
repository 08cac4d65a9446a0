import ArenaCore
import Glibc

/// Reads a secret from standard input: the whole of it, or on a terminal one line that is not shown.
enum SecretInput {
    private static let longest = 16_384

    static func read(prompt: String) throws -> Secret {
        guard isatty(0) == 1 else { return Secret(try text(untilLineEnd: false)) }
        Console.current.draw(prompt)
        var terminal = termios()
        guard tcgetattr(0, &terminal) == 0 else { throw unreadable }
        var silent = terminal
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(0, TCSAFLUSH, &silent) == 0 else { throw unreadable }
        defer {
            tcsetattr(0, TCSAFLUSH, &terminal)
            Console.current.draw("\n")
        }
        return Secret(try text(untilLineEnd: true))
    }

    /// The text without the end of its last line.
    private static func text(untilLineEnd: Bool) throws -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count <= longest {
            let count = Glibc.read(0, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable }
            if count == 0 || (untilLineEnd && byte == UInt8(ascii: "\n")) { break }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unreadable }
        return text
    }

    private static let unreadable = Failure(
        code: "cli.unreadable", category: .invalidArgument, message: "Standard input holds no readable text.",
        hint: "Pass the secret on it: arena secret set NAME < FILE")
}
