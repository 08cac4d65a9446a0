import ArenaJSON
import CArenaPlugin

/// `arena.kv/1`: a small durable map of the plugin's own. Not part of a job's commits: written at once.
package struct KeyValueService {
    let call: PluginCall
    let table: UnsafePointer<arena_kv_service>

    /// The value of a key; `nil`: there is none.
    package func value(of key: String) throws(PluginError) -> [UInt8]? {
        let (status, bytes) = collecting { sink in
            withText(key) { table.pointee.get?(table, call.pointer, $0, sink) ?? ARENA_UNIMPLEMENTED }
        }
        if status == ARENA_NOT_FOUND { return nil }
        try check(status, "arena.kv/1 get")
        return bytes
    }

    /// Sets a key (1 to 256 bytes) to a value (at most 1 MiB).
    package func put(_ key: String, _ value: [UInt8]) throws(PluginError) {
        let status = withText(key) { key in withBytes(value) { table.pointee.put?(table, call.pointer, key, $0) } }
        try check(status, "arena.kv/1 put")
    }

    /// Removes a key; it need not be there.
    package func remove(_ key: String) throws(PluginError) {
        try check(withText(key) { table.pointee.remove?(table, call.pointer, $0) }, "arena.kv/1 remove")
    }

    /// At most 1,000 keys that begin with `prefix`, sorted by bytes, greater than `after`.
    package func keys(prefix: String = "", after: String = "") throws(PluginError) -> [String] {
        let (status, bytes) = collecting { sink in
            withText(prefix) { prefix in
                withText(after) { table.pointee.keys?(table, call.pointer, prefix, $0, sink) ?? ARENA_UNIMPLEMENTED }
            }
        }
        try check(status, "arena.kv/1 keys")
        return try parsed(bytes, from: "arena.kv/1").array?.compactMap(\.string) ?? []
    }
}
