package import ArenaCore
import GRDB

/// The small durable map that each plugin has for itself: `arena.kv/1`. Written at once, not with a job's commits.
extension ArenaStore {
    /// The most that all keys and values of one plugin may hold together.
    package static let keyValueQuota = ByteCount.mebibytes(16)
    /// The most that one value may hold.
    package static let keyValueLimit = ByteCount.mebibytes(1)

    /// - Returns: `nil` when there is none.
    package func keyValue(_ key: [UInt8], ofPlugin pluginID: String) async throws(StoreError) -> [UInt8]? {
        try await read { db in
            let row = try db.row("SELECT value FROM kv WHERE plugin_id = ? AND key = ?", [pluginID, blob(key)])
            return row?.bytes("value")
        }
    }

    /// Sets a value.
    ///
    /// - Throws: `store.invalid_key` unless the key has 1 to 256 bytes; `store.value_too_large`; `store.quota` when the
    ///   plugin would hold too much.
    package func setKeyValue(
        _ key: [UInt8], to value: [UInt8], ofPlugin pluginID: String
    ) async throws(StoreError) {
        guard (1...256).contains(key.count) else {
            throw StoreError(
                code: "store.invalid_key", category: .invalidArgument,
                message: "A key has 1 to 256 bytes; this one has \(key.count).")
        }
        guard value.count <= Self.keyValueLimit.bytes else {
            throw StoreError(
                code: "store.value_too_large", category: .invalidArgument,
                message: "A value has at most \(Self.keyValueLimit); this one has \(value.count) bytes.")
        }
        let now = clock.now().description
        try await write { db, _ in
            let others = try db.row(
                """
                SELECT ifnull(sum(length(key) + length(value)), 0) AS bytes FROM kv
                WHERE plugin_id = ? AND key <> ?
                """, [pluginID, blob(key)])
            let used = UInt64(others?["bytes"] as Int64? ?? 0) + UInt64(key.count + value.count)
            guard used <= Self.keyValueQuota.bytes else {
                throw StoreError(
                    code: "store.quota", category: .resourceExhausted,
                    message:
                        "Plugin \(pluginID) may keep \(Self.keyValueQuota) of keys and values, and has no room left.",
                    hint: "Remove keys that are no longer needed.")
            }
            try db.run(
                """
                INSERT INTO kv (plugin_id, key, value, updated_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (plugin_id, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
                """, [pluginID, blob(key), blob(value), now])
        }
    }

    /// Does nothing when there is none.
    package func removeKeyValue(_ key: [UInt8], ofPlugin pluginID: String) async throws(StoreError) {
        try await write { db, _ in
            try db.run("DELETE FROM kv WHERE plugin_id = ? AND key = ?", [pluginID, blob(key)])
        }
    }

    /// The keys that begin with `prefix` and are greater than `after`, sorted by bytes, at most `limit`.
    package func keys(
        withPrefix prefix: [UInt8], after: [UInt8], limit: Int = 1000, ofPlugin pluginID: String
    ) async throws(StoreError) -> [[UInt8]] {
        try await read { db in
            try db.rows(
                """
                SELECT key FROM kv WHERE plugin_id = :plugin AND key > :after AND key >= :prefix
                    AND substr(key, 1, :length) = :prefix ORDER BY key LIMIT :limit
                """,
                [
                    "plugin": pluginID, "after": blob(after), "prefix": blob(prefix), "length": prefix.count,
                    "limit": limit,
                ]
            ).map { $0.bytes("key") }
        }
    }
}
