package import ArenaCore
package import ArenaJSON

/// Why a child could not follow `hello`, as the document of ``ChildMessage/refused(_:)``.
package enum Refusal {
    package static func json(_ failure: Failure) -> JSONValue {
        [
            "code": .string(failure.code), "category": .string(failure.category.rawValue),
            "message": .string(failure.message), "hint": failure.hint.map(JSONValue.string) ?? .null,
        ]
    }

    /// Reads what a child wrote; an unknown category counts as internal.
    package static func failure(_ json: JSONValue) throws(WireError) -> Failure {
        let refusal = Members(json, of: "refused")
        return Failure(
            code: try refusal.text("code"),
            category: ErrorCategory(rawValue: try refusal.text("category")) ?? .internalError,
            message: try refusal.text("message"), hint: json["hint"]?.string)
    }
}
