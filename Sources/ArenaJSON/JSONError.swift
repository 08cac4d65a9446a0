package import ArenaCore

/// Why bytes are not a JSON document within its limits, and where.
package struct JSONError: ArenaError, Hashable {
    /// What kind of rule the document breaks.
    package enum Problem: String, Hashable, Sendable {
        /// Not the grammar of RFC 8259.
        case syntax = "json.syntax"
        /// A string that is not valid UTF-8, or half of a surrogate pair.
        case encoding = "json.encoding"
        /// An object that has a key twice.
        case duplicateKey = "json.duplicate_key"
        /// Nested deeper than ``JSONLimits/maxDepth``.
        case tooDeep = "json.too_deep"
        /// A document or number longer than its limit.
        case tooLarge = "json.too_large"
    }

    package let problem: Problem
    /// What the reader wanted, such as "expected `,` or `}`, found `]`", without the place.
    package let reason: String
    /// Bytes before the place of the problem.
    package let offset: Int
    /// The line of the problem, from 1.
    package let line: Int
    /// The column of the problem in Unicode scalars, from 1.
    package let column: Int

    package var code: String { problem.rawValue }
    package var category: ErrorCategory { .invalidArgument }
    package var message: String { "Invalid JSON at line \(line), column \(column): \(reason)." }

    init(_ problem: Problem, _ reason: String, at offset: Int, in bytes: UnsafeRawBufferPointer) {
        self.problem = problem
        self.reason = reason
        self.offset = offset
        let place = TextPlace(offset: offset, in: bytes)
        line = place.line
        column = place.column
    }
}
