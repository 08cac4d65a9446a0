package import ArenaJSON
package import ArenaLanes

extension ArenaRuntime {
    /// Every lane without what is not for every eye: `{id, type, title, source, model?, base_url?}`. Asks none of them.
    package func laneList() -> [JSONValue] { lanes.lanes.map(\.json) }
}

extension LaneDefinition {
    package var json: JSONValue {
        var members: JSONObject = [
            "id": .string(id), "type": .string(type), "title": .string(title),
            "source": isEmbedded ? "built in" : "arena.yaml",
        ]
        if let model { members["model"] = .string(model) }
        if let endpoint { members["base_url"] = .string(endpoint.baseURL) }
        return .object(members)
    }
}
