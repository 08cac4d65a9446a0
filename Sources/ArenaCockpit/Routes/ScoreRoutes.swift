import ArenaCore
package import ArenaJSON
package import ArenaPluginABI
import Hummingbird

/// Answers that a client wants to have judged.
package struct ScoreRequest: Sendable {
    /// Short or full name of the scorer, or `rubric:NAME`.
    package var scorer: String
    package var config: JSONValue
    /// 1 to 1000.
    package var items: [ScoreItem]
}

extension RouteTable {
    /// Tries a scorer; nothing is stored.
    static func scoring(_ backend: any CockpitBackend) -> [Route] {
        [
            Route(.post, "/api/score", "Judges answers with a scorer or a rubric; nothing is stored.") { request in
                let body = try request.object(known: ["scorer", "config", "items"])
                guard let scorer = try body.text("scorer", length: 1...168) else {
                    throw CockpitError.badField("scorer", "the name of a scorer, or rubric:NAME")
                }
                let config = body["config"] ?? [:]
                guard config.object != nil else { throw CockpitError.badField("config", "an object") }
                guard let items = body["items"]?.array, (1...1000).contains(items.count) else {
                    throw CockpitError.badField("items", "a list of 1 to 1000 items")
                }
                let parsed = try items.enumerated().map { try item($1, at: $0) }
                do {
                    return Reply.json(
                        try await backend.score(ScoreRequest(scorer: scorer, config: config, items: parsed)))
                } catch let error as any ArenaError where error.category == .invalidArgument {
                    throw CockpitError(passing: error, status: 422)
                }
            }
        ]
    }

    private static func item(_ value: JSONValue, at index: Int) throws(CockpitError) -> ScoreItem {
        let place = "items/\(index)"
        let known = ["item_id", "input", "output", "reference", "references", "meta"]
        guard let members = value.object else { throw .badField(place, "an object") }
        for key in members.keys where !known.contains(key) { throw .unknownField("\(place)/\(key)", known: known) }
        func text(_ key: String) throws(CockpitError) -> String? {
            guard let value = members[key], !value.isNull else { return nil }
            guard let text = value.string else { throw .badField("\(place)/\(key)", "text") }
            return text
        }
        guard let output = try text("output") else { throw .badField("\(place)/output", "text: the answer") }
        var references: [String] = []
        if let list = members["references"], !list.isNull {
            references = list.array?.compactMap(\.string) ?? []
            guard let array = list.array, array.count == references.count else {
                throw .badField("\(place)/references", "a list of texts")
            }
        } else if let reference = try text("reference") {
            references = [reference]
        }
        if let meta = members["meta"], meta.object == nil { throw .badField("\(place)/meta", "an object") }
        return ScoreItem(
            itemID: try text("item_id") ?? String(index + 1), input: try text("input") ?? "", output: output,
            references: references, metaJSON: members["meta"]?.text() ?? "")
    }
}
