import CArenaPlugin

// arena.http/1: requests that the host makes.
extension ServiceTables {
    static var http: arena_http_service {
        var table = arena_http_service()
        table.struct_size = UInt32(MemoryLayout<arena_http_service>.size)
        table.submit = { table, call, tag, request in
            guard let scope = ServiceScope(table?.pointee.host_context, call) else { return ARENA_INVALID_ARGUMENT }
            return scope.run { () throws(ServiceFailure) in
                let request = try scope.text(request, "request_json")
                try scope.services.submitHTTP(tag: tag, request: request, in: scope.call)
            }
        }
        table.next = { table, call, timeout, event, data in
            guard let scope = ServiceScope(table?.pointee.host_context, call) else { return ARENA_INVALID_ARGUMENT }
            return scope.run { () throws(ServiceFailure) in
                let next = try scope.services.nextFromHTTP(timeoutNanoseconds: timeout, in: scope.call)
                try scope.deliver(next, to: event, data)
            }
        }
        table.abort = { table, call, tag in
            guard let scope = ServiceScope(table?.pointee.host_context, call) else { return ARENA_INVALID_ARGUMENT }
            return scope.run { () throws(ServiceFailure) in
                try scope.services.abortHTTP(tag: tag, in: scope.call)
            }
        }
        return table
    }
}
