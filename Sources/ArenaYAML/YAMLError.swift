package import ArenaCore

/// Why text is not a YAML document that stands for a JSON value, and where.
package struct YAMLError: ArenaError, Hashable {
    /// What kind of rule the document breaks.
    package enum Problem: String, Hashable, Sendable {
        /// Not YAML, or not valid UTF-8.
        case syntax = "yaml.syntax"
        /// A mapping that has a key twice.
        case duplicateKey = "yaml.duplicate_key"
        /// Nested deeper than ``YAMLLimits/maxDepth``, aliases followed.
        case tooDeep = "yaml.too_deep"
        /// A document or number longer than its limit, or aliases that add more than theirs.
        case tooLarge = "yaml.too_large"
        /// An alias without an anchor before it.
        case alias = "yaml.alias"
        /// YAML that has no JSON form here: a key that is no scalar, a foreign tag, `.inf`, `<<`, a second document.
        case unsupported = "yaml.unsupported"
    }

    package let problem: Problem
    /// What is wrong, without the place and without a full stop.
    package let reason: String
    /// The line of the problem, from 1.
    package let line: Int
    /// The column of the problem in Unicode scalars, from 1.
    package let column: Int

    package var code: String { problem.rawValue }
    package var category: ErrorCategory { .invalidArgument }
    package var message: String { "Invalid YAML at line \(line), column \(column): \(reason)." }

    init(_ problem: Problem, _ reason: String, at place: TextPlace) {
        self.problem = problem
        self.reason = reason
        line = place.line
        column = place.column
    }
}
