package import ArenaCore

/// Why bytes are not a ``ScoreBatch`` or ``ScoreResults``.
package struct ScoreBatchError: ArenaError, Hashable {
    package let message: String

    init(_ message: String) { self.message = message }

    package var code: String { "plugin.bad_batch" }
    package var category: ErrorCategory { .invalidArgument }
}
