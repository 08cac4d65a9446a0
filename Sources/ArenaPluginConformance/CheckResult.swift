import ArenaCore
package import ArenaJSON

/// What one check of a plugin found.
package struct CheckResult: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        case passed, failed
        /// Nothing to test here, or an earlier failure makes it moot.
        case skipped
        /// Works, and should be mended.
        case warning
    }

    /// Such as `load` or `scorer/exact_match/examples`.
    package var id: String
    package var outcome: Outcome
    package var message: String
    package var hint: String?

    init(_ id: String, _ outcome: Outcome, _ message: String, hint: String? = nil) {
        self.id = id
        self.outcome = outcome
        self.message = message
        self.hint = hint
    }

    init(_ id: String, failed error: any Error) {
        let failure = Failure(error)
        self.init(id, .failed, failure.message, hint: failure.hint)
    }

    package var json: JSONValue {
        [
            "id": .string(id), "outcome": .string(outcome.rawValue), "message": .string(message),
            "hint": hint.map(JSONValue.string) ?? .null,
        ]
    }
}
