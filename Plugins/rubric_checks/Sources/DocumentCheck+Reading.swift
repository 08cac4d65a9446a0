import ArenaJSON
import ArenaPluginKit

extension DocumentCheck {
    private static let members = [
        "name", "scorer", "config", "references", "negate", "judge", "scale", "required", "weight", "why",
    ]

    /// `nil` for one that cannot be read at all; every fault is told.
    init?(_ node: DocumentNode) {
        guard node.value.object != nil else {
            node.fail("A check is a mapping, not \(node.kind).", hint: "Write `- name: …` with its members below.")
            return nil
        }
        node.refuseUnknown(besides: Self.members, of: "A check")
        let name = RubricDocument.required(node, "name", "a word or two, its own in this rubric")?
            .text("name", atMost: 80)
        let weight = RubricDocument.required(node, "weight", "a number; how much the check counts")?
            .number("weight", in: 0...1e6, hint: "Weights count in proportion: 1 and 3 is as 10 and 30.")
        let why = RubricDocument.required(node, "why", "a sentence; why it is looked at and counts so much")?.text(
            "why")
        let isNegated = node["negate"]?.flag("negate") ?? false
        let isRequired = node["required"]?.flag("required") ?? false
        let work = Self.work(node)
        guard let name, let work else { return nil }
        let place = node.list.place(of: (node["scorer"] ?? node["judge"] ?? node).pointer)
        self.init(
            name: name, work: work, weight: weight ?? 0, why: why ?? "", isNegated: isNegated, isRequired: isRequired,
            line: place.line, column: place.column)
    }

    private static func work(_ node: DocumentNode) -> Work? {
        switch (node["scorer"], node["judge"]) {
        case (let scorer?, nil):
            if let scale = node["scale"] { scale.fail("`scale` belongs to a judge.", hint: "Take it out.") }
            return self.scorer(scorer, node)
        case (nil, let judge?):
            for key in ["config", "references", "negate"] {
                node[key]?.fail("`\(key)` belongs to a scorer.", hint: "Take it out; say it in the judge's prompt.")
            }
            let best = "Write the best score, such as 5."
            let scale = node["scale"].map { $0.number("scale", in: 0...1000, hint: best) ?? 1 } ?? 1
            if scale <= 0 { node["scale"]?.fail("`scale` must be above 0.", hint: best) }
            guard let prompt = judge.text("judge", atMost: 16_000) else { return nil }
            for name in JudgeQuestion.unknownPlaces(in: prompt) {
                judge.fail(
                    "There is no `{{\(String(name.unicodeScalars.prefix(60)))}}` to put there.",
                    hint: "There are {{answer}}, {{question}} and {{references}}.")
            }
            guard prompt.contains("{{answer}}") else {
                judge.fail(
                    "The judge is not shown the answer.",
                    hint: "Put {{answer}} where it belongs; {{question}} and {{references}} may be there too.")
                return nil
            }
            return .judge(JudgeQuestion(prompt: prompt, scale: scale))
        case (_?, let judge?):
            judge.fail("A check has a `scorer` or a `judge`, not both.", hint: "Make two checks of it.")
        case (nil, nil):
            node.fail("The check has neither `scorer` nor `judge`.", hint: "Add one, such as `scorer: includes`.")
        }
        return nil
    }

    private static func scorer(_ scorer: DocumentNode, _ node: DocumentNode) -> Work? {
        guard let name = scorer.text("scorer", atMost: 161) else { return nil }
        var config: JSONValue = [:]
        if let member = node["config"] {
            if member.value.object == nil {
                member.fail("`config` must be a mapping, not \(member.kind).", hint: "Write `config: {key: value}`.")
            } else {
                config = member.value
            }
        }
        guard let member = node["references"] else { return .scorer(name, config: config, references: nil) }
        guard let list = member.value.array, !list.isEmpty else {
            member.fail("`references` must be a list of texts.", hint: "Leave it out to use those of the item.")
            return nil
        }
        var references: [String] = []
        for (index, value) in list.enumerated() {
            let element = DocumentNode(value: value, pointer: "\(member.pointer)/\(index)", list: member.list)
            if case .number(let number) = value {
                references.append(number.text)
            } else if let text = element.text("references", atMost: 16_000) {
                references.append(text)
            }
        }
        return .scorer(name, config: config, references: references)
    }
}
