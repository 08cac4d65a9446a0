import CArenaPlugin

/// `arena.random/1`: random bytes that a later attempt can repeat.
package struct RandomService {
    let call: PluginCall
    let table: UnsafePointer<arena_random_service>

    /// The seed of the job, the same for every attempt; 0 outside a job.
    package func seed() throws(PluginError) -> UInt64 {
        var seed: UInt64 = 0
        try check(table.pointee.seed?(table, call.pointer, &seed), "arena.random/1 seed")
        return seed
    }

    /// `count` bytes (at most 64 KiB) of the block number `block`; the same block gives the same bytes.
    package func bytes(_ count: Int, block: UInt64) throws(PluginError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        let status = bytes.withUnsafeMutableBufferPointer {
            table.pointee.fill?(table, call.pointer, block, $0.baseAddress, UInt64($0.count))
        }
        try check(status, "arena.random/1 fill")
        return bytes
    }
}
