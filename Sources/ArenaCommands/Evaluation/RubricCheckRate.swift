import ArenaJSON
import ArenaStore

/// How often a check of a rubric held in a run.
struct RubricCheckRate {
    let name: String
    let kind: String
    let weight: Double
    private(set) var passed = 0
    private(set) var failed = 0
    private(set) var leftOut = 0
    /// Why it was left out, the first time.
    private(set) var reason: String?

    /// Of the scores that have checks, in the rubric's order.
    static func of(_ scores: [EvalScoreRecord]) -> [RubricCheckRate] {
        var rates: [RubricCheckRate] = []
        for check in scores.flatMap({ $0.extra?["checks"]?.array ?? [] }) {
            guard let name = check["name"]?.string else { continue }
            let index = rates.firstIndex { $0.name == name }
            if index == nil {
                rates.append(
                    RubricCheckRate(
                        name: name, kind: check["kind"]?.string ?? "", weight: check["weight"]?.double ?? 0))
            }
            rates[index ?? rates.count - 1].add(check)
        }
        return rates
    }

    private init(name: String, kind: String, weight: Double) {
        self.name = name
        self.kind = kind
        self.weight = weight
    }

    private mutating func add(_ check: JSONValue) {
        switch check["ok"]?.bool {
        case true?: passed += 1
        case false?: failed += 1
        case nil:
            leftOut += 1
            reason = reason ?? check["why"]?.string
        }
    }

    var json: JSONValue {
        let applied = passed + failed
        return [
            "name": .string(name), "kind": .string(kind), "weight": JSONValue(weight), "n_passed": JSONValue(passed),
            "n_failed": JSONValue(failed), "n_left_out": JSONValue(leftOut),
            "pass_rate": applied > 0 ? JSONValue(Double(passed) / Double(applied)) : .null,
            "left_out_why": reason.map(JSONValue.string) ?? .null,
        ]
    }
}
