package import ArenaCore
package import ArenaJSON
import ArenaJobs
import ArenaLanes
import ArenaPluginHost
package import ArenaRuntime
import ArenaStore

/// The routes' backend on a runtime.
package struct RuntimeBackend: CockpitBackend {
    let runtime: ArenaRuntime
    /// Tells the ids of this start's plugin events from those of another.
    let start = String(Identifier.random().prefix(8))

    let jobMetrics: JobMetrics
    let process = ProcessFigures()

    package init(_ runtime: ArenaRuntime) {
        self.runtime = runtime
        jobMetrics = JobMetrics(store: runtime.store)
    }

    package func notReadyReason() async -> Failure? {
        // Readable store and a first look at the plugins: then every route can do its work.
        do { _ = try await runtime.store.lastChange() } catch { return Failure(error) }
        guard await runtime.registry.snapshot.generation > 0 else {
            return Failure(
                code: "plugins.not_looked_at", category: .unavailable, message: "The plugins are being looked at.")
        }
        return nil
    }

    package func plugins() async throws -> [JSONValue] { await runtime.pluginInfos() }

    package func plugin(_ id: String) async throws -> JSONValue { try await runtime.requirePlugin(id) }

    package func trustPlugin(_ id: String, sha256: String?) async throws -> JSONValue {
        let before = try await runtime.requirePlugin(id)
        if let sha256, before["sha256"]?.string != sha256 {
            throw Failure(
                code: "plugin.changed", category: .conflict,
                message: "The files of plugin \(id) are no longer those that were shown.",
                hint: "Look at what it asks for now, then decide again.")
        }
        try await runtime.registry.trust(id)
        return try await runtime.requirePlugin(id)
    }

    package func retryPlugin(_ id: String) async throws -> JSONValue {
        try await runtime.registry.retry(id)
        return try await runtime.requirePlugin(id)
    }

    package func disablePlugin(_ id: String) async throws -> JSONValue {
        try await runtime.registry.disable(id)
        return try await runtime.requirePlugin(id)
    }

    package func rescanPlugins() async throws -> JSONValue {
        let before = await runtime.registry.snapshot.generation
        await runtime.registry.refresh()
        let after = await runtime.registry.snapshot
        return ["changed": .bool(after.generation != before), "plugins": JSONValue(after.plugins.count)]
    }

    package func kinds(interface: String?) async throws -> [JSONValue] {
        try await runtime.kinds(interface: interface)
    }

    package func lanes() async throws -> (lanes: [JSONValue], problem: JSONValue) {
        (runtime.laneList(), runtime.lanes.problem?.json ?? .null)
    }
}
