import ArenaPluginHost
import ArenaStore

/// `arena.kv/1` of one plugin.
struct StoreKeyValues: PluginKeyValues {
    let store: ArenaStore
    let plugin: String

    func get(_ key: String) async throws -> [UInt8]? { try await store.keyValue(Array(key.utf8), ofPlugin: plugin) }

    func put(_ key: String, _ value: [UInt8]) async throws {
        try await store.setKeyValue(Array(key.utf8), to: value, ofPlugin: plugin)
    }

    func remove(_ key: String) async throws { try await store.removeKeyValue(Array(key.utf8), ofPlugin: plugin) }

    func keys(prefix: String, after: String) async throws -> [String] {
        try await store.keys(withPrefix: Array(prefix.utf8), after: Array(after.utf8), ofPlugin: plugin)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
