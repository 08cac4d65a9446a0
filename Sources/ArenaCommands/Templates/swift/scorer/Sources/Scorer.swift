package import ArenaJSON
package import ArenaPluginKit
public import CArenaPlugin

/// An answer is right when it begins with one of its references. Replace ``score(_:)`` by what you need.
package struct Scorer: ScorerPlugin {
    private let caseMatters: Bool

    /// - Parameter config: was checked against the schema in plugin.json.
    package init(config: JSONValue) throws(PluginError) {
        caseMatters = config["case_matters"]?.bool ?? false
    }

    package func score(_ item: ScoreItem) -> Score {
        let answer = normalized(item.output)
        if item.references.contains(where: { !$0.isEmpty && answer.hasPrefix(normalized($0)) }) { return Score(1, .ok) }
        return Score(0, .wrong, "The answer begins with none of its references.")
    }

    private func normalized(_ text: String) -> String {
        let trimmed = String(text.drop { $0.isWhitespace })
        return caseMatters ? trimmed : trimmed.lowercased()
    }
}

private let library = PluginLibrary(id: "{{id}}", version: "0.1.0", kinds: [.scorer("{{id}}", Scorer.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
