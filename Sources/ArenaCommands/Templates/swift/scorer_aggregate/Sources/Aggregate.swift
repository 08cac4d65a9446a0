package import ArenaJSON
package import ArenaPluginKit
public import CArenaPlugin

/// One figure for a whole run: the share of its items that got a full score. Replace ``add(_:_:)`` and ``finish()``.
package struct Aggregate: AggregatePlugin {
    private var items = 0
    private var full = 0

    /// - Parameter config: was checked against the schema in plugin.json.
    package init(config: JSONValue) throws(PluginError) {}

    package mutating func add(_ item: ScoreItem, _ score: Score) {
        guard score.status == .ok, !score.isSkipped else { return }
        items += 1
        if score.value >= 1 { full += 1 }
    }

    package func finish() -> JSONValue {
        ["value": JSONValue(items > 0 ? Double(full) / Double(items) : 0), "n": JSONValue(items)]
    }
}

private let library = PluginLibrary(id: "{{id}}", version: "0.1.0", kinds: [.aggregate("{{id}}", Aggregate.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
