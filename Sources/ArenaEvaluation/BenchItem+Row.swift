import ArenaJSON

/// Why a row of a bench cannot be used.
struct RowProblem: Error {
    let message: String
    let hint: String
}

extension BenchItem {
    private static let questionNames = ["question", "prompt", "input"]
    private static let answerNames = ["answer", "expected", "gold", "label"]

    /// Reads a row; of several names for one thing the first in the documented order counts.
    init(row: JSONValue, fallbackID: String) throws(RowProblem) {
        guard let members = row.object else {
            throw RowProblem(message: "is no JSON object", hint: "Write one object a line.")
        }
        guard let question = Self.questionNames.lazy.compactMap({ members[$0]?.string }).first else {
            throw RowProblem(message: "has no question", hint: "Add `question`, a text.")
        }
        guard let answer = Self.answerNames.lazy.compactMap({ members[$0] }).first else {
            throw RowProblem(message: "has no answer", hint: "Add `answer`: a text, a number or a list of texts.")
        }
        self.question = question
        references = try Self.references(answer)
        choices = try Self.choices(members["choices"])
        id = try Self.id(members["id"], fallbackID)
        var meta = members
        for name in ["id", "choices"] + Self.questionNames + Self.answerNames { meta[name] = nil }
        self.meta = meta
    }

    private static func references(_ answer: JSONValue) throws(RowProblem) -> [String] {
        func text(_ value: JSONValue) throws(RowProblem) -> String {
            switch value {
            case .string(let text): text
            case .number(let number): number.text
            default: throw RowProblem(message: "has an answer that is neither text nor number", hint: "Quote it.")
            }
        }
        guard let list = answer.array else { return [try text(answer)] }
        guard !list.isEmpty else {
            throw RowProblem(message: "has an empty list of answers", hint: "Give at least one.")
        }
        var texts: [String] = []
        for value in list { texts.append(try text(value)) }
        return texts
    }

    private static func choices(_ value: JSONValue?) throws(RowProblem) -> [String] {
        guard let value, !value.isNull else { return [] }
        let texts = value.array?.compactMap(\.string) ?? []
        guard texts.count == value.array?.count, (2...26).contains(texts.count) else {
            throw RowProblem(message: "has `choices` that are not 2 to 26 texts", hint: "Mend the list.")
        }
        return texts
    }

    private static func id(_ value: JSONValue?, _ fallback: String) throws(RowProblem) -> String {
        guard let value, !value.isNull else { return fallback }
        let text = value.string ?? value.int.map(String.init) ?? ""
        guard (1...200).contains(text.utf8.count) else {
            throw RowProblem(message: "has an `id` that is no text of 1 to 200 bytes", hint: "Give it a short id.")
        }
        return text
    }
}
