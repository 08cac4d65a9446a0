import ArenaJSON
import CArenaPlugin

/// A lane of the plugin `replay`, made and used through its C table.
final class EngineLane {
    struct Refused: Error {
        var failure: FakeCall.Failure
    }

    struct Reply {
        var pieces: [String]
        var finishReason: String
        var usage: JSONValue
        var meta: JSONValue
    }

    private let table: UnsafePointer<arena_lane_engine_v1>
    private var instance: UnsafeMutableRawPointer?

    init(config: String = "") throws {
        let plugin = try BuiltPlugin("replay")
        guard let table = plugin.table(ARENA_LANE_ENGINE_1, "replay", as: arena_lane_engine_v1.self) else {
            throw BuiltPlugin.Missing(description: "no lane type replay")
        }
        self.table = table
        try make { call in lend(config) { table.pointee.create(call, $0, &instance) } }
        try make { table.pointee.start(instance, $0) }
    }

    deinit { if let instance { table.pointee.destroy(instance) } }

    func health() throws -> JSONValue {
        try writing { call, sink in table.pointee.health(instance, call, sink) }
    }

    func models() throws -> [JSONValue] {
        try writing { call, sink in table.pointee.models(instance, call, sink) }.array ?? []
    }

    func chat(
        _ request: JSONValue, cancelledAtPoll: Int = .max, sinkFailsAt: Int = .max
    ) throws -> Reply {
        try chat(text: request.text(.compact), cancelledAtPoll: cancelledAtPoll, sinkFailsAt: sinkFailsAt)
    }

    func chat(text: String, cancelledAtPoll: Int = .max, sinkFailsAt: Int = .max) throws -> Reply {
        let sink = ChatSink(failsAt: sinkFailsAt)
        try make(cancelledAtPoll) { call in
            lend(text) { text in sink.lend { table.pointee.chat(instance, call, text, $0) } }
        }
        guard let end = sink.end, sink.ends == 1 else {
            throw BuiltPlugin.Missing(description: "chat returned OK with \(sink.ends) ends")
        }
        return Reply(pieces: sink.pieces, finishReason: end.finishReason, usage: end.usage, meta: end.meta)
    }

    private func writing(
        _ body: (UnsafePointer<arena_call>, UnsafePointer<arena_sink>) -> arena_status
    ) throws -> JSONValue {
        let sink = FakeSink()
        try make { call in sink.lend { body(call, $0) } }
        return try sink.json()
    }

    private func make(_ cancelledAtPoll: Int = .max, _ body: (UnsafePointer<arena_call>) -> arena_status) throws {
        let call = FakeCall()
        call.isCancelled = { $0 >= cancelledAtPoll }
        let status = call.lend(body)
        if status != ARENA_OK {
            throw Refused(failure: call.failure ?? .init(status: status, message: "", detail: .null))
        }
    }
}

/// Collects an answer; refuses the nth piece if told so.
private final class ChatSink {
    private(set) var pieces: [String] = []
    private(set) var end: (finishReason: String, usage: JSONValue, meta: JSONValue)?
    private(set) var ends = 0
    private let failsAt: Int
    private let memory = UnsafeMutablePointer<arena_chat_sink>.allocate(capacity: 1)

    init(failsAt: Int) {
        self.failsAt = failsAt
        memory.initialize(to: arena_chat_sink())
        memory.pointee.struct_size = UInt32(MemoryLayout<arena_chat_sink>.size)
        // Valid while this object lives, which `lend` sees to.
        memory.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        memory.pointee.delta = { sink, delta in
            guard let fake = ChatSink.of(sink), let delta else { return ARENA_INTERNAL }
            if fake.ends > 0 { return ARENA_INTERNAL }
            fake.pieces.append(delta.pointee.text.text)
            return fake.pieces.count > fake.failsAt ? ARENA_RESOURCE_EXHAUSTED : ARENA_OK
        }
        memory.pointee.end = { sink, end in
            guard let fake = ChatSink.of(sink), let end = end?.pointee else { return ARENA_INTERNAL }
            fake.ends += 1
            let usage = (try? JSONValue(parsing: end.usage_json.text)) ?? .null
            let meta = (try? JSONValue(parsing: end.meta_json.text)) ?? .null
            fake.end = (end.finish_reason.text, usage, meta)
            return ARENA_OK
        }
    }

    deinit { memory.deallocate() }

    /// Lends the C struct; this object lives as long as `body` runs.
    func lend<R>(_ body: (UnsafePointer<arena_chat_sink>) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(memory) }
    }

    private static func of(_ sink: UnsafePointer<arena_chat_sink>?) -> ChatSink? {
        (sink?.pointee.host_context).map { Unmanaged<ChatSink>.fromOpaque($0).takeUnretainedValue() }
    }
}
