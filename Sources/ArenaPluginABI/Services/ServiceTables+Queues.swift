import ArenaCore
import CArenaPlugin

// arena.lanes/1, arena.scoring/1 and arena.http/1: the completion queues.
extension ServiceTables {
    static var lanes: arena_lanes_service {
        var table = arena_lanes_service()
        table.struct_size = UInt32(MemoryLayout<arena_lanes_service>.size)
        table.submit = { table, call, tag, request in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let request = try scope.text(request, "request_json")
                try scope.services.submitToLane(tag: tag, request: request, in: scope.call)
            }
        }
        table.next = { table, call, timeout, event, data in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let next = try scope.services.nextFromLanes(timeoutNanoseconds: timeout, in: scope.call)
                try scope.deliver(next, to: event, data)
            }
        }
        table.abort = { table, call, tag in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.abortAtLane(tag: tag, in: scope.call)
            }
        }
        return table
    }

    static var scoring: arena_scoring_service {
        var table = arena_scoring_service()
        table.struct_size = UInt32(MemoryLayout<arena_scoring_service>.size)
        table.submit = { table, call, tag, scorer, config, count, items, stride in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.submitScoring(
                    tag: tag, scorer: try scope.text(scorer, "scorer"),
                    config: try scope.text(config, "config_json"), batch: try scope.batch(items, count, stride),
                    in: scope.call)
            }
        }
        table.next = { table, call, timeout, event, data in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let next = try scope.services.nextFromScoring(timeoutNanoseconds: timeout, in: scope.call)
                try scope.deliver(next, to: event, data)
            }
        }
        table.abort = { table, call, tag in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.abortScoring(tag: tag, in: scope.call)
            }
        }
        return table
    }

    static var http: arena_http_service {
        var table = arena_http_service()
        table.struct_size = UInt32(MemoryLayout<arena_http_service>.size)
        table.submit = { table, call, tag, request in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let request = try scope.text(request, "request_json")
                try scope.services.submitHTTP(tag: tag, request: request, in: scope.call)
            }
        }
        table.next = { table, call, timeout, event, data in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let next = try scope.services.nextFromHTTP(timeoutNanoseconds: timeout, in: scope.call)
                try scope.deliver(next, to: event, data)
            }
        }
        table.abort = { table, call, tag in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.abortHTTP(tag: tag, in: scope.call)
            }
        }
        return table
    }
}

extension ServiceScope {
    /// What one scoring request may hold.
    private static let batchItems: UInt64 = 4096
    private static let batchBytes = 8 << 20

    /// The items of a scoring request.
    fileprivate func batch(
        _ items: UnsafeRawPointer?, _ count: UInt64, _ stride: UInt64
    ) throws(ServiceFailure) -> ScoreBatch {
        guard count <= Self.batchItems else {
            throw ServiceFailure(
                .invalidArgument, "A scoring request has \(count) items; \(Self.batchItems) are the most.")
        }
        do {
            return try ScoreBatch(foreign: items, count: Int(count), stride: stride, byteLimit: Self.batchBytes)
        } catch {
            throw ServiceFailure(.invalidArgument, error.message)
        }
    }
}
