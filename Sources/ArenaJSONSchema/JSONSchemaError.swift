package import ArenaCore

/// Why a document cannot be used as a JSON Schema.
package struct JSONSchemaError: ArenaError, Hashable {
    package enum Problem: String, Hashable, Sendable {
        /// A keyword whose value the draft does not allow, or a pattern that does not compile.
        case invalid = "json_schema.invalid"
        /// A reference that leads nowhere within the document. Other documents are never fetched.
        case unresolvedReference = "json_schema.unresolved_reference"
        /// References that lead back to themselves without going deeper into the value.
        case endlessReference = "json_schema.endless_reference"
        /// A `$schema` other than Draft 2020-12.
        case unsupportedDraft = "json_schema.unsupported_draft"
    }

    package let problem: Problem
    /// What is wrong, without the place.
    package let reason: String
    /// The JSON pointer of the offending place in the schema.
    package let schemaPointer: String

    package var code: String { problem.rawValue }
    package var category: ErrorCategory { .invalidArgument }
    package var message: String {
        "Invalid JSON Schema at \(schemaPointer.isEmpty ? "its root" : schemaPointer): \(reason)."
    }

    init(_ problem: Problem, _ reason: String, at schemaPointer: String) {
        self.problem = problem
        self.reason = reason
        self.schemaPointer = schemaPointer
    }
}
