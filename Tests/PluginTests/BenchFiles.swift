import ArenaJSON
import Testing

/// A bench of `benches/`, read by the rule of benches/README.md.
struct BenchFiles: Sendable, CustomTestStringConvertible {
    var id: String
    var rows: [JSONValue]
    var systemPrompt: String?
    var instruction: String?

    var testDescription: String { id }

    static let ids = ["arithmetic-words", "general-choice"]

    init(_ id: String) throws {
        self.id = id
        rows = try repositoryFile("benches/\(id).jsonl").split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
        let meta = try repositoryFile("benches/\(id).meta.yaml").split(
            separator: "\n", omittingEmptySubsequences: false)
        instruction = meta.first { $0.hasPrefix("instruction: ") }.map { String($0.dropFirst(13)) }
        if let start = meta.firstIndex(of: "system_prompt: |-") {
            var lines = meta[(start + 1)...].prefix { $0.isEmpty || $0.hasPrefix("  ") }.map { $0.dropFirst(2) }
            while lines.last?.isEmpty == true { lines.removeLast() }
            systemPrompt = lines.joined(separator: "\n")
        }
    }

    func messages(_ row: JSONValue) -> JSONValue {
        var lines = [row["question"]?.string ?? ""]
        for (letter, choice) in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", row["choices"]?.array ?? []) {
            lines.append("\(letter). \(choice.string ?? "")")
        }
        if let instruction { lines.append(instruction) }
        let user: JSONValue = ["role": "user", "content": .string(lines.joined(separator: "\n"))]
        guard let systemPrompt else { return [user] }
        return [["role": "system", "content": .string(systemPrompt)], user]
    }
}
