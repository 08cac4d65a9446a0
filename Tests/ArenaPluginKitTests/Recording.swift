import ArenaJSON
import ArenaPluginKit
import CArenaPlugin

/// Lends a string to C for the time of `body`.
func lend<R>(_ text: String, _ body: (arena_str) throws -> R) rethrows -> R {
    var text = text
    return try text.withUTF8 { utf8 in
        try utf8.withMemoryRebound(to: CChar.self) {
            try body(arena_str(ptr: $0.baseAddress, len: UInt64($0.count)))
        }
    }
}

/// A call that remembers why it failed. Used on one thread.
final class RecordingCall {
    private(set) var status: arena_status?
    private(set) var message = ""
    private(set) var detail = JSONValue.null

    /// Lends the C struct; this object lives as long as `body` runs.
    func lend<R>(_ body: (UnsafePointer<arena_call>) throws -> R) rethrows -> R {
        var call = arena_call()
        call.struct_size = UInt32(MemoryLayout<arena_call>.size)
        call.host_context = Unmanaged.passUnretained(self).toOpaque()
        call.cancelled = { _ in 0 }
        call.progress = { _, _, _, _, _ in }
        call.log = { _, _, _, _ in }
        call.fail = { call, status, message, detail in
            guard let context = call?.pointee.host_context else { return status }
            let recording = Unmanaged<RecordingCall>.fromOpaque(context).takeUnretainedValue()
            recording.status = status
            recording.message = message.string
            recording.detail = (try? JSONValue(parsing: detail.string)) ?? .null
            return status
        }
        return try withExtendedLifetime(self) { try body(&call) }
    }
}

/// A sink that keeps what is written to it. Used on one thread.
final class CollectingSink {
    private(set) var bytes: [UInt8] = []

    func lend<R>(_ body: (UnsafePointer<arena_sink>) throws -> R) rethrows -> R {
        var sink = arena_sink()
        sink.struct_size = UInt32(MemoryLayout<arena_sink>.size)
        sink.host_context = Unmanaged.passUnretained(self).toOpaque()
        sink.write = { sink, data, count in
            guard let context = sink?.pointee.host_context else { return ARENA_INTERNAL }
            Unmanaged<CollectingSink>.fromOpaque(context).takeUnretainedValue().bytes +=
                UnsafeRawBufferPointer(start: data, count: Int(count))
            return ARENA_OK
        }
        return try withExtendedLifetime(self) { try body(&sink) }
    }
}

/// A host with the service `arena.job/1` alone. Used on one thread.
final class JobHost {
    var commitStatus = ARENA_OK
    var isThere = true
    private let service = UnsafeMutablePointer<arena_job_service>.allocate(capacity: 1)

    init() {
        service.initialize(to: arena_job_service())
        service.pointee.struct_size = UInt32(MemoryLayout<arena_job_service>.size)
        service.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        service.pointee.commit = { service, _, _, expected, sequence in
            guard let context = service?.pointee.host_context else { return ARENA_INTERNAL }
            let host = Unmanaged<JobHost>.fromOpaque(context).takeUnretainedValue()
            sequence?.pointee = expected + 1
            return host.commitStatus
        }
    }

    deinit { service.deallocate() }

    func lend<R>(_ body: (UnsafePointer<arena_host>) throws -> R) rethrows -> R {
        var host = arena_host()
        host.struct_size = UInt32(MemoryLayout<arena_host>.size)
        host.host_context = Unmanaged.passUnretained(self).toOpaque()
        host.service = { host, id in
            guard let context = host?.pointee.host_context, id.string == ARENA_JOB_1 else { return nil }
            let owner = Unmanaged<JobHost>.fromOpaque(context).takeUnretainedValue()
            return owner.isThere ? UnsafeRawPointer(owner.service) : nil
        }
        return try withExtendedLifetime(self) { try body(&host) }
    }
}
