import ArenaJSON
import ArenaPluginABI

/// Plans and combines one made-up answer with a rubric that is compiled in, and looks at what comes out.
struct RubricProbe {
    private let context: CallContext

    init(_ context: CallContext) { self.context = context }

    /// What the rubric does wrong; `nil`: nothing.
    ///
    /// - Throws: ``CallFailure`` of a rubric that does not load without a document, which is fine for a reader.
    func fault(of kind: RubricKind) throws(CallFailure) -> String? {
        let rubric = try kind.load(document: [], in: context)
        defer { rubric.destroy() }
        let description = parse(try rubric.describe(in: context))
        guard description["id"]?.string?.isEmpty == false, description["checks"]?.array?.isEmpty == false else {
            return "`describe` wrote no object with `id` and `checks`."
        }
        let batch = ScoreBatch([
            ScoreItem(itemID: "probe", input: "What is 6 times 7?", output: "It is 42.", references: ["42"])
        ])
        let steps = parse(try rubric.plan(batch, in: context).first ?? "").array
        guard let steps else { return "`plan` wrote no JSON array." }
        for right in [0.0, 1.0] {
            let results = JSONValue.array(steps.map { result(of: $0, right) })
            let score = parse(try rubric.combine(batch, results: [results.text()], in: context).first ?? "")
            guard score.object != nil, score["checks"]?.array != nil else {
                return "`combine` wrote no object with `checks`."
            }
            guard let total = score["total"], total.isNull || total.double.map((0...1).contains) == true else {
                return "`combine` gave the total \(score["total"]?.text() ?? "none"), which is not between 0 and 1."
            }
        }
        return nil
    }

    private func parse(_ text: String) -> JSONValue { (try? JSONValue(parsing: text)) ?? .null }

    private func result(of step: JSONValue, _ value: Double) -> JSONValue {
        if step["judge"] != nil { return ["text": .string("{\"score\": \(value)}")] }
        return [
            "value": JSONValue(value), "pass": .bool(value > 0), "reason": .string(value > 0 ? "ok" : "wrong"),
            "explain": "", "skipped": false, "status": 0,
        ]
    }
}
