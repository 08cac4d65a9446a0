import ArenaJSON
import ArenaPluginKit

/// The scorer `json_keys`: the last JSON document of the answer must have every key.
struct JSONKeysScorer: ScorerPlugin {
    private let paths: [KeyPath]
    private let allowsNull: Bool
    private let isPartial: Bool

    init(config: JSONValue) throws(PluginError) {
        var paths: [KeyPath] = []
        for key in config["keys"]?.array ?? [] { paths.append(try KeyPath(key.string ?? "")) }
        guard !paths.isEmpty else {
            throw PluginError(
                .invalidArgument, code: "json_keys.no_keys", "The config has no `keys`.",
                hint: "Give some, such as {\"keys\": [\"name\", \"address.city\"]}.")
        }
        self.paths = paths
        allowsNull = config["allow_null"]?.bool ?? true
        isPartial = config["partial"]?.bool ?? false
    }

    func score(_ item: ScoreItem) -> Score {
        let answer = AnswerText(item.output)
        let finder = JSONFinder(answer.text)
        guard let document = document(of: finder) else {
            let wasCut = item.meta["finish_reason"]?.string == "length"
            if wasCut { return Score(0, .length, pass: false, "The answer was cut before its JSON ended.") }
            if finder.hasUnclosed { return Score(0, .unparsable, pass: false, "The answer's JSON does not parse.") }
            return Score(0, .noAnswer, pass: false, "There is no JSON object in the answer.")
        }
        let missing = paths.filter { !$0.exists(in: document, allowsNull: allowsNull) }
        guard !missing.isEmpty else { return Score(1, .ok, pass: true) }
        let value = isPartial ? Double(paths.count - missing.count) / Double(paths.count) : 0
        let names = missing.prefix(10).map { "\"\(String($0.text.unicodeScalars.prefix(60)))\"" }.joined(
            separator: ", ")
        return Score(value, .wrong, pass: false, "Missing: \(names).")
    }

    /// The last object counts, since what comes before it may be a draft. An array only where a key begins in one, or
    /// where there is no object: a bracket in a sentence is often a citation.
    private func document(of finder: JSONFinder) -> JSONValue? {
        if paths.contains(where: \.beginsInArray) { return finder.documents.last }
        return finder.documents.last { $0.object != nil } ?? finder.documents.last
    }
}
