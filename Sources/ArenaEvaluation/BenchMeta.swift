import ArenaCore
import ArenaJSON
import ArenaYAML

/// What `<id>.meta.yaml` says; without the file everything is the default.
struct BenchMeta {
    var title: String?
    var scorer = "exact_match"
    var scorerConfig: JSONValue = [:]
    var maxTokens = Bench.defaultMaxTokens
    var systemPrompt: String?
    var instruction: String?

    private static let members: Set<String> = [
        "id", "title", "description", "licence", "license", "scorer", "scorer_config", "max_tokens", "system_prompt",
        "instruction",
    ]

    init(_ bytes: [UInt8], path: String, bench: String) throws(BenchError) {
        if bytes.isEmpty { return }
        func fail(_ what: String, _ cure: String? = nil) -> BenchError {
            BenchError(bench, .badMeta(path: path, what: what, cure: cure))
        }
        let document: JSONValue
        do { document = try YAMLDocument(parsing: bytes).value } catch {
            throw fail(error.message, error.hint)
        }
        guard let meta = document.object else { throw fail("the document is no mapping.") }
        for (key, _) in meta where !Self.members.contains(key) {
            throw fail("there is no key `\(key)`.", "Known are: \(Self.members.sorted().joined(separator: ", ")).")
        }
        func text(_ key: String) throws(BenchError) -> String? {
            guard let value = meta[key] else { return nil }
            guard let text = value.string else { throw fail("`\(key)` must be a text.", "Quote it.") }
            return text
        }
        if let id = try text("id"), id != bench { throw fail("`id` is \(id), but the file is \(bench)'s.") }
        title = try text("title")
        scorer = try text("scorer") ?? scorer
        systemPrompt = try text("system_prompt")
        instruction = try text("instruction")
        if let config = meta["scorer_config"] {
            guard config.object != nil else { throw fail("`scorer_config` must be a mapping.") }
            scorerConfig = config
        }
        if let value = meta["max_tokens"] {
            guard let tokens = value.int, (1...1_000_000).contains(tokens) else {
                throw fail("`max_tokens` must be a whole number from 1 to 1000000.")
            }
            maxTokens = tokens
        }
    }
}
