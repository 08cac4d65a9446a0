import ArenaCore
package import ArenaJSON

/// A gold set: questions with the answers that count as right. `benches/README.md` describes the two files.
package struct Bench: Sendable {
    package let id: String
    package let title: String
    /// Kind of scorer.
    package let scorer: String
    package let scorerConfig: JSONValue
    /// Limit of one answer, in tokens.
    package let maxTokens: Int
    package let systemPrompt: String?
    /// Last line of the user message.
    package let instruction: String?
    package let items: [BenchItem]
    /// Of both files: what a run records so that it is known which questions it asked.
    package let sha256: String

    package static let defaultMaxTokens = 512
    static let choiceInstruction = "Answer with the letter of the correct choice."

    /// The row of the view `bench`.
    package var json: JSONValue {
        [
            "id": .string(id), "title": .string(title), "scorer": .string(scorer), "scorer_config": scorerConfig,
            "max_tokens": JSONValue(maxTokens), "system_prompt": systemPrompt.map(JSONValue.string) ?? .null,
            "sha256": .string(sha256), "n_items": JSONValue(items.count),
        ]
    }

    /// The row of the view `bench_items` for one item.
    package func json(of item: BenchItem) -> JSONValue {
        [
            "item_id": .string(item.id), "input": .string(text(of: item)),
            "references": .array(item.references.map(JSONValue.string)), "meta": .object(item.meta),
            "messages": messages(of: item),
        ]
    }

    /// The one rule by which an item becomes messages, for every lane.
    package func messages(of item: BenchItem) -> JSONValue {
        let user: JSONValue = ["role": "user", "content": .string(text(of: item))]
        guard let systemPrompt else { return [user] }
        return [["role": "system", "content": .string(systemPrompt)], user]
    }

    private func text(of item: BenchItem) -> String {
        var lines = [item.question]
        for (index, choice) in item.choices.enumerated() {
            lines.append("\(BenchItem.letter(index)). \(choice)")
        }
        if let instruction = instruction ?? (item.choices.isEmpty ? nil : Self.choiceInstruction) {
            lines.append(instruction)
        }
        return lines.joined(separator: "\n")
    }
}

/// One question with its gold answers.
package struct BenchItem: Hashable, Sendable {
    package let id: String
    package let question: String
    /// Shown with the letters A, B, …; empty for an open question.
    package let choices: [String]
    /// Each counts as right.
    package let references: [String]
    /// The row's other members, which scorers see.
    package let meta: JSONObject

    static func letter(_ index: Int) -> String {
        String(UnicodeScalar(UInt8(ascii: "A") + UInt8(clamping: min(index, 25))))
    }
}
