package import ArenaCore
package import ArenaJSON
import Glibc
import Synchronization

/// Where a command's output goes.
///
/// Standard output holds the answer and nothing else: text for people or, with `--json`, exactly one JSON document. All
/// else (progress, notes, errors) goes to standard error. Colour is used on a terminal, unless `NO_COLOR` is set.
package final class Console: Sendable {
    /// The console of the command that runs.
    @TaskLocal package static var current = Console(isJSON: false, environment: [:])

    /// Whether `--json` was given.
    package let isJSON: Bool
    /// For text on standard output.
    package let style: TextStyle
    /// For text on standard error.
    package let errorStyle: TextStyle
    /// Whether a person watches standard error, so that a progress bar makes sense.
    package let isWatched: Bool

    private let output: Int32
    private let errors: Int32
    private let answered = Mutex(Answered.nothing)

    /// What standard output holds so far.
    private enum Answered {
        case nothing
        /// One document or text.
        case whole
        /// JSON lines, of which more may come.
        case lines
    }

    /// - Parameters:
    ///   - output: the descriptor of the answer.
    ///   - errors: the descriptor of all else.
    package init(isJSON: Bool, environment: [String: String], output: Int32 = 1, errors: Int32 = 2) {
        // https://no-color.org: any text but the empty one turns colour off.
        let mayColour = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        self.isJSON = isJSON
        self.output = output
        self.errors = errors
        style = TextStyle(usesColour: mayColour && isatty(output) == 1)
        isWatched = isatty(errors) == 1 && environment["TERM"] != "dumb"
        errorStyle = TextStyle(usesColour: mayColour && isatty(errors) == 1)
    }

    /// Gives the command's answer: the document with `--json`, else its text. Once a command.
    package func answer(_ document: JSONValue, text: (TextStyle) -> String) {
        answered.withLock { $0 = .whole }
        write(isJSON ? document.text(.pretty) + "\n" : text(style), to: output)
    }

    /// Gives a part of an answer for people, as soon as it is known; ``answer(_:text:)`` ends it.
    package func answerPart(_ text: String) { write(text, to: output) }

    /// Gives an answer that is text by nature, such as a shell script.
    package func answer(text: String) {
        answered.withLock { $0 = .whole }
        write(text.hasSuffix("\n") ? text : text + "\n", to: output)
    }

    /// Gives one line of an answer in JSON lines, as `arena score` does.
    package func answerLine(_ document: JSONValue) {
        answersInLines()
        write(document.text() + "\n", to: output)
    }

    /// Says that the answer is JSON lines, so that an error is the last of them.
    package func answersInLines() { answered.withLock { $0 = .lines } }

    /// Tells a person something that is not the answer.
    package func note(_ text: String) { write(text + "\n", to: errors) }

    /// Writes to standard error as it is, for progress bars.
    func draw(_ text: String) { write(text, to: errors) }

    /// Prints `error:` and `hint:`. With `--json` the error is the document, in one line, unless a whole answer was given
    /// before.
    package func report(_ error: any Error) {
        let failure = Failure(error)
        if isJSON, answered.withLock({ $0 != .whole }) {
            write(JSONValue.object(["error": Self.document(failure)]).text() + "\n", to: output)
        }
        note("\(errorStyle("error:", .bad)) \(failure.message.printable)")
        if let hint = failure.hint { note("\(errorStyle("hint:", .attention)) \(hint.printable)") }
    }

    /// An error as it stands in answers: `{code, category, message, hint?}`.
    package static func document(_ failure: Failure) -> JSONValue {
        var members: JSONObject = [
            "code": .string(failure.code),
            "category": .string(failure.category.rawValue),
            "message": .string(failure.message),
        ]
        if let hint = failure.hint { members["hint"] = .string(hint) }
        return .object(members)
    }

    private func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Nobody reads any more, as in `arena job list | head`: that is not an error.
            guard count > 0 else { return }
            start += count
        }
    }
}
