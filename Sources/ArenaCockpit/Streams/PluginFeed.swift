import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime

/// What becomes of plugins, from the registry.
///
/// `snapshot` {plugins, kinds, problems} · `resumed` {} · `reset` {}, then `snapshot` ·
/// `change` {plugins, kinds, removed, problems}: what is new or other, with all kinds of these plugins.
///
/// An id is the server's start and the registry's generation. The registry keeps no history, so a reader that missed a
/// generation is reset.
struct PluginFeed: EventFeed {
    private let runtime: ArenaRuntime
    private let start: String
    private let lastEventID: String?
    private var sent: Registered?

    private struct Registered {
        var plugins: [String: JSONValue] = [:]
        var kinds: [String: [JSONValue]] = [:]
        var problems: JSONValue = []
    }

    init(runtime: ArenaRuntime, start: String, lastEventID: String?) {
        self.runtime = runtime
        self.start = start
        self.lastEventID = lastEventID
    }

    func follow(_ wake: @Sendable () -> Void) async {
        for await _ in await runtime.registry.changes() { wake() }
    }

    mutating func next() async throws -> [ServerEvent] {
        let snapshot = await runtime.registry.snapshot
        let id = "\(start)-\(snapshot.generation)"
        let now = await registered(snapshot)
        defer { sent = now }
        guard let sent else { return begin(now, id) }
        let changed = now.plugins.filter { name, plugin in
            sent.plugins[name] != plugin || sent.kinds[name] != now.kinds[name]
        }
        let removed = sent.plugins.keys.filter { now.plugins[$0] == nil }.sorted()
        guard !changed.isEmpty || !removed.isEmpty || now.problems != sent.problems else { return [] }
        let names = changed.keys.sorted()
        return [
            ServerEvent(
                "change", id: id,
                data: [
                    "plugins": .array(names.compactMap { now.plugins[$0] }),
                    "kinds": .array(names.flatMap { now.kinds[$0] ?? [] }),
                    "removed": .array(removed.map(JSONValue.string)), "problems": now.problems,
                ])
        ]
    }

    private func begin(_ now: Registered, _ id: String) -> [ServerEvent] {
        if lastEventID == id { return [ServerEvent("resumed", id: id)] }
        let names = now.plugins.keys.sorted()
        let snapshot = ServerEvent(
            "snapshot", id: id,
            data: [
                "plugins": .array(names.compactMap { now.plugins[$0] }),
                "kinds": .array(names.flatMap { now.kinds[$0] ?? [] }), "problems": now.problems,
            ])
        return lastEventID == nil ? [snapshot] : [ServerEvent("reset", id: id), snapshot]
    }

    private func registered(_ snapshot: RegistrySnapshot) async -> Registered {
        var now = Registered()
        for plugin in await runtime.pluginInfos() { now.plugins[plugin["id"]?.string ?? ""] = plugin }
        for kind in await runtime.kinds() {
            now.kinds[kind["plugin"]?.string ?? "", default: []].append(kind)
        }
        now.problems = .array(snapshot.problems.map(\.json))
        return now
    }
}
