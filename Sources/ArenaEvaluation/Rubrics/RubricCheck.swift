import ArenaCore
package import ArenaJSON

/// One check of a rubric, as it describes itself.
package struct RubricCheck: Sendable, Hashable {
    package let name: String
    /// For people: a scorer's name, `judge`, or a word of the rubric's own.
    package let kind: String
    package let weight: Double
    package let why: String
    /// Who does it; `nil` for a judge and for what the rubric does itself.
    package let scorer: String?
    package let config: JSONValue
    package let isJudge: Bool
    /// Where it stands in its document, from 1.
    package let line: Int?
    package let column: Int?

    init(_ value: JSONValue, of rubric: String) throws(RubricError) {
        guard let name = value["name"]?.string, !name.isEmpty, name.utf8.count <= 200 else {
            throw RubricError(rubric, .lies("`describe` gave a check without a name"))
        }
        self.name = name
        weight = try Self.weight(value["weight"], name, rubric)
        scorer = value["scorer"]?.string
        isJudge = value["judge"]?.bool ?? false
        kind = value["kind"]?.string ?? scorer ?? (isJudge ? "judge" : "check")
        why = value["why"]?.string ?? ""
        config = value["config"] ?? [:]
        line = value["line"]?.int
        column = value["column"]?.int
    }

    /// A weight that keeps [RUB-3].
    static func weight(_ value: JSONValue?, _ name: String, _ rubric: String) throws(RubricError) -> Double {
        guard let weight = value?.double, weight.isFinite, weight >= 0 else {
            throw RubricError(rubric, .lies("the weight of \"\(name)\" is no number of at least 0"))
        }
        return weight
    }

    package var json: JSONValue {
        var members: JSONObject = [
            "name": .string(name), "kind": .string(kind), "weight": JSONValue(weight), "why": .string(why),
        ]
        if let scorer { members["scorer"] = .string(scorer) }
        if config.object?.isEmpty == false { members["config"] = config }
        return .object(members)
    }
}
