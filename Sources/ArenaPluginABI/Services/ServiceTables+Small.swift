import ArenaCore
import CArenaPlugin

// arena.kv/1, arena.clock/1 and arena.random/1.
extension ServiceTables {
    static var kv: arena_kv_service {
        var table = arena_kv_service()
        table.struct_size = UInt32(MemoryLayout<arena_kv_service>.size)
        table.get = { table, call, key, value in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let key = try scope.text(key, "key")
                try scope.write(try scope.services.value(forKey: key, in: scope.call), to: value)
            }
        }
        table.put = { table, call, key, value in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.setValue(
                    try scope.bytes(value, "value"), forKey: try scope.text(key, "key"), in: scope.call)
            }
        }
        table.remove = { table, call, key in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.removeValue(forKey: try scope.text(key, "key"), in: scope.call)
            }
        }
        table.keys = { table, call, prefix, after, json in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let keys = try scope.services.keys(
                    prefix: try scope.text(prefix, "prefix"), after: try scope.text(after, "after"), in: scope.call)
                try scope.write(keys, to: json)
            }
        }
        return table
    }

    static var clock: arena_clock_service {
        var table = arena_clock_service()
        table.struct_size = UInt32(MemoryLayout<arena_clock_service>.size)
        table.unix_ms = { table, call, result in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let result = try scope.place(result)
                result.pointee = try scope.services.unixMilliseconds(in: scope.call)
            }
        }
        table.monotonic_ns = { _, _, result in
            guard let result else { return ARENA_INVALID_ARGUMENT }
            result.pointee = monotonicNanoseconds()
            return ARENA_OK
        }
        return table
    }

    static var random: arena_random_service {
        var table = arena_random_service()
        table.struct_size = UInt32(MemoryLayout<arena_random_service>.size)
        table.seed = { table, call, result in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.place(result).pointee = scope.services.seed
            }
        }
        table.fill = { table, call, block, out, count in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                guard count <= SeededRandom.fillLimit else {
                    throw ServiceFailure(.invalidArgument, "`fill` gives at most \(SeededRandom.fillLimit) bytes.")
                }
                guard count > 0 else { return }
                let target = UnsafeMutableRawBufferPointer(start: try scope.place(out), count: Int(count))
                var stream = SeededRandom(seed: scope.services.seed, block: block)
                stream.fill(target)
            }
        }
        return table
    }
}
