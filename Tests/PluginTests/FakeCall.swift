import ArenaJSON
import CArenaPlugin

/// A call as the host would make it, which remembers what the plugin says.
///
/// Used on one thread: the plugins under test keep to the thread that calls them.
final class FakeCall {
    struct Failure: Equatable {
        var status: arena_status
        var message: String
        var detail: JSONValue
        var code: String { detail["code"]?.string ?? "" }
    }

    private(set) var failures: [Failure] = []
    private(set) var progress: [(done: UInt64, total: UInt64, phase: String, fields: JSONValue)] = []
    private(set) var polls = 0
    /// Says, for the nth look, whether the call is cancelled.
    var isCancelled: (Int) -> Bool = { _ in false }
    private let memory = UnsafeMutablePointer<arena_call>.allocate(capacity: 1)

    /// Lends the C struct; this object lives as long as `body` runs.
    func lend<R>(_ body: (UnsafePointer<arena_call>) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(memory) }
    }

    var failure: Failure? { failures.last }

    init() {
        memory.initialize(to: arena_call())
        memory.pointee.struct_size = UInt32(MemoryLayout<arena_call>.size)
        // Valid while this object lives, which `lend` sees to.
        memory.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        memory.pointee.cancelled = { call in
            let fake = FakeCall.of(call)
            fake?.polls += 1
            return fake.map { $0.isCancelled($0.polls) } == true ? 1 : 0
        }
        memory.pointee.fail = { call, status, message, detail in
            let json = (try? JSONValue(parsing: detail.text)) ?? .null
            FakeCall.of(call)?.failures.append(Failure(status: status, message: message.text, detail: json))
            return status
        }
        memory.pointee.progress = { call, done, total, phase, fields in
            let json = (try? JSONValue(parsing: fields.text)) ?? .null
            FakeCall.of(call)?.progress.append((done, total, phase.text, json))
        }
        memory.pointee.log = { _, _, _, _ in }
    }

    deinit { memory.deallocate() }

    private static func of(_ call: UnsafePointer<arena_call>?) -> FakeCall? {
        (call?.pointee.host_context).map { Unmanaged<FakeCall>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// A sink that keeps what is written to it.
final class FakeSink {
    private(set) var bytes: [UInt8] = []
    private let memory = UnsafeMutablePointer<arena_sink>.allocate(capacity: 1)

    /// Lends the C struct; this object lives as long as `body` runs.
    func lend<R>(_ body: (UnsafePointer<arena_sink>) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(memory) }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func json() throws -> JSONValue { try JSONValue(parsing: bytes) }

    init() {
        memory.initialize(to: arena_sink())
        memory.pointee.struct_size = UInt32(MemoryLayout<arena_sink>.size)
        // Valid while this object lives, which `lend` sees to.
        memory.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        memory.pointee.write = { sink, data, count in
            guard let context = sink?.pointee.host_context else { return ARENA_INTERNAL }
            Unmanaged<FakeSink>.fromOpaque(context).takeUnretainedValue().bytes +=
                UnsafeRawBufferPointer(start: data, count: Int(count))
            return ARENA_OK
        }
    }

    deinit { memory.deallocate() }
}
