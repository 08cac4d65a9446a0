import ArenaJSON

/// A rule of the header that the plugin broke.
struct Fault: Sendable {
    /// The id of the sentence, such as `MEM-2`.
    let rule: String
    let message: String

    init(_ rule: String, _ message: String) {
        self.rule = rule
        self.message = message
    }

    var json: JSONValue { ["rule": .string(rule), "message": .string(message)] }
}

/// What a test found out.
struct Findings: Sendable {
    var faults: [Fault] = []
    /// Why there was nothing to test.
    var skip: String?
    /// What is worth knowing of a test that found no fault.
    var note: String?

    static func skipped(_ reason: String) -> Findings { Findings(skip: reason) }

    func report() -> [UInt8] {
        let report: JSONValue = [
            // The first few say enough.
            "faults": .array(faults.prefix(10).map(\.json)),
            "skip": skip.map(JSONValue.string) ?? .null,
            "note": note.map(JSONValue.string) ?? .null,
        ]
        return report.bytes()
    }
}
