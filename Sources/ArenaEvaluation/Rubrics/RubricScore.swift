package import ArenaCore
package import ArenaJSON
package import ArenaPluginABI

/// What a rubric says of one answer.
package struct RubricScore: Sendable {
    /// 0 to 1; `nil` when no check applied.
    package let total: Double?
    package let isPass: Bool
    /// `{name, kind, ok, why, weight}` each; `ok` is null for a check that was left out.
    package let checks: [JSONValue]
    /// Of the first check that failed.
    package let reason: String
    /// The reasons of the checks that failed.
    package let explain: String
    /// Not OK when the machinery failed in one of the steps.
    package let status: StatusCode

    private static let mostText = 1 << 10

    /// Reads what a rubric combined; nothing in it is believed.
    ///
    /// - Parameter results: of the steps, by name.
    init(_ value: JSONValue, _ results: [(name: String, result: JSONValue)], of rubric: String) throws(RubricError) {
        func lie(_ what: String) -> RubricError { RubricError(rubric, .lies("`combine` \(what)")) }
        guard let total = value["total"], let list = value["checks"]?.array, list.count <= 64 else {
            throw lie("wrote no object with `total` and at most 64 `checks`")
        }
        guard total.isNull || total.double.map((0...1).contains) == true else {
            throw lie("gave the total \(total.text().prefix(40)), which is not between 0 and 1 [RUB-4]")
        }
        self.total = total.double
        isPass = total.double.map { value["pass"]?.bool ?? ($0 >= 1 - 1e-9) } ?? false
        var checks: [JSONValue] = []
        for check in list {
            guard let name = check["name"]?.string else { throw lie("wrote a check without a name") }
            checks.append([
                "name": .string(name), "kind": .string(check["kind"]?.string ?? ""),
                "ok": check["ok"]?.bool.map(JSONValue.bool) ?? .null,
                "why": .string(Self.cut(check["why"]?.string ?? "")),
                "weight": JSONValue(try RubricCheck.weight(check["weight"], name, rubric)),
            ])
        }
        self.checks = checks
        let failed = checks.filter { $0["ok"]?.bool == false }
        let broken = results.first { $0.result["status"]?.int ?? 0 != 0 }
        let faults = broken.map { ["\($0.name): \($0.result["explain"]?.string ?? "")"] }
        explain = Self.cut(
            (faults ?? failed.map { "\($0["name"]?.string ?? ""): \($0["why"]?.string ?? "")" })
                .joined(separator: " · "))
        status = broken.map { StatusCode(foreign: Int32(clamping: $0.result["status"]?.int ?? 0)) } ?? .ok
        let names = failed.compactMap { $0["name"]?.string }
        let reasons = results.filter { names.contains($0.name) }.compactMap { $0.result["reason"]?.string }
        reason =
            status != .ok ? "infrastructure" : isPass ? "ok" : reasons.first { $0 != "ok" } ?? "wrong"
    }

    /// As ``ScoreResult/json``, with the checks.
    package var json: JSONValue {
        let hasValue = status == .ok && total != nil
        return [
            "value": hasValue ? JSONValue(total ?? 0) : .null, "pass": hasValue ? .bool(isPass) : .null,
            "reason": .string(reason), "explain": .string(explain), "skipped": .bool(status == .ok && total == nil),
            "status": JSONValue(Int(status.rawValue)), "checks": .array(checks),
        ]
    }

    /// What a scorer said, with the checks beside it.
    package func json(beside result: ScoreResult) -> JSONValue {
        var members = result.json.object ?? [:]
        members["checks"] = .array(checks)
        members["rubric_total"] = status == .ok ? total.map { JSONValue($0) } ?? .null : .null
        return .object(members)
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= mostText ? text : String(text.unicodeScalars.prefix(mostText / 4)) + "…"
    }
}
