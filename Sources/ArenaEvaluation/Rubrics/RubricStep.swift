import ArenaJSON
import ArenaPluginABI

/// One thing to be done for one item, as a rubric planned it.
struct RubricStep {
    enum Work {
        /// `references` stand in for the item's own.
        case scorer(String, config: JSONValue, references: [String]?)
        case judge(messages: JSONValue)
    }

    let name: String
    let work: Work

    private static let mostSteps = 64

    /// Reads what a rubric planned for an item; nothing in it is believed.
    static func read(_ plan: JSONValue, of rubric: PreparedRubric) throws(RubricError) -> [RubricStep] {
        func lie(_ what: String) -> RubricError { RubricError(rubric.id, .lies("`plan` \(what)")) }
        guard let list = plan.array, list.count <= mostSteps else {
            throw lie("wrote no list of at most \(mostSteps) steps")
        }
        var steps: [RubricStep] = []
        var weights = 0.0
        for value in list {
            guard let name = value["name"]?.string, !steps.contains(where: { $0.name == name }) else {
                throw lie("wrote a step without a name of its own")
            }
            weights += try RubricCheck.weight(value["weight"], name, rubric.id)
            steps.append(RubricStep(name: name, work: try work(value, rubric, lie)))
        }
        guard steps.isEmpty || (weights > 0 && weights.isFinite) else { throw lie("gave no step a weight above 0") }
        return steps
    }

    private static func work(
        _ value: JSONValue, _ rubric: PreparedRubric, _ lie: (String) -> RubricError
    ) throws(RubricError) -> Work {
        if let messages = value["judge"] {
            guard messages.array?.isEmpty == false else { throw lie("asks a judge without messages") }
            guard rubric.asksJudge else { throw lie("asks a judge, and `describe` said nothing of one [RUB-2]") }
            return .judge(messages: messages)
        }
        guard let scorer = value["scorer"]?.string else { throw lie("wrote a step with neither scorer nor judge") }
        guard rubric.checks.contains(where: { $0.scorer == scorer }) else {
            throw lie("asks for the scorer \"\(scorer)\", and `describe` said nothing of it [RUB-2]")
        }
        let references = value["references"]?.array?.compactMap(\.string)
        return .scorer(scorer, config: value["config"] ?? [:], references: references)
    }
}

extension ScoreItem {
    /// The same answer with other references.
    func with(references: [String]?) -> ScoreItem {
        guard let references else { return self }
        var item = self
        item.references = references
        return item
    }
}
