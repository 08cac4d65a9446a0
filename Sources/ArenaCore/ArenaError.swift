/// An error that Arena shows to a person: on the terminal, in an HTTP body, or in a job's history.
///
/// A module has one struct of its own that conforms. Messages carry no prompt, header, secret or SQL argument.
package protocol ArenaError: Error, Sendable, CustomStringConvertible {
    /// A stable, dotted identifier such as `plugin.abi_mismatch`. Never localised.
    var code: String { get }
    /// What kind of failure this is. Decides the exit status and the HTTP status.
    var category: ErrorCategory { get }
    /// One sentence that says what failed, naming the thing that failed.
    var message: String { get }
    /// What the reader can do next, or `nil` when there is nothing useful to say.
    var hint: String? { get }
    /// The error that caused this one, if any.
    var underlyingError: (any Error)? { get }
}

extension ArenaError {
    package var hint: String? { nil }
    package var underlyingError: (any Error)? { nil }
    package var description: String { "\(message) [\(code)]" }
}

/// The plain form of an ``ArenaError``: what is stored with a job, sent over the wire and read back.
package struct Failure: ArenaError, Hashable {
    package var code: String
    package var category: ErrorCategory
    package var message: String
    package var hint: String?

    package init(code: String, category: ErrorCategory, message: String, hint: String? = nil) {
        self.code = code
        self.category = category
        self.message = message
        self.hint = hint
    }

    /// What can be said of any error: an ``ArenaError`` or ``FailureConvertible`` keeps its words, another becomes
    /// `internal`.
    package init(_ error: any Error) {
        if let error = error as? any ArenaError {
            self.init(code: error.code, category: error.category, message: error.message, hint: error.hint)
        } else if let error = error as? any FailureConvertible {
            self = error.failure
        } else {
            self.init(code: "internal", category: .internalError, message: "Unexpected error: \(error)")
        }
    }
}

/// An error of somebody else's that has a form for people.
package protocol FailureConvertible: Error {
    var failure: Failure { get }
}
