package import ArenaJSON
import CArenaPlugin

/// A back end that holds a model itself. One value is made per lane, in a process of the lane's own. Several threads
/// may call it at once: what changes lies behind a lock.
package protocol LaneEngine: Sendable, SendableMetatype {
    /// `config`: checked against the manifest's schema. Loads nothing yet.
    init(config: JSONValue) throws(PluginError)

    /// Loads the model. May be called again, also after ``stop(_:)`` [ENGINE-3]. Default: there is nothing to load.
    func start(_ call: PluginCall) throws(PluginError)

    /// Gives the memory back. May be called again [ENGINE-4]. Default: there is nothing to give.
    func stop(_ call: PluginCall) throws(PluginError)

    /// Throws why it could not answer now. Within a second and without side effect. Default: it could.
    func health() throws(PluginError)

    /// `[{"id", "title"?, "context_length"?}]`.
    func models() throws(PluginError) -> JSONValue

    /// Answers an OpenAI chat-completions request: puts the pieces into `answer` as they are made, and returns how it
    /// ended. Looks whether `call` is still wanted at least every 100 ms [CALL-3].
    func chat(_ request: JSONValue, _ answer: ChatAnswer, _ call: PluginCall) throws(PluginError) -> ChatEnd
}

extension LaneEngine {
    package func start(_ call: PluginCall) throws(PluginError) {}
    package func stop(_ call: PluginCall) throws(PluginError) {}
    package func health() throws(PluginError) {}
}

/// The table of the engine number `slot`. It has no embeddings and no ranking, which no host asks an engine for yet.
func laneEngineTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_lane_engine_v1()
    table.struct_size = UInt32(MemoryLayout<arena_lane_engine_v1>.size)
    table.create = KindSlots.create[slot]
    table.destroy = { Box<any LaneEngine>.release($0) }
    table.start = { pointer, call in
        PluginCall.run(call) { call throws(PluginError) in
            try Box<any LaneEngine>.at(pointer).value.start(call)
            return ARENA_OK
        }
    }
    table.stop = { pointer, call in
        PluginCall.run(call) { call throws(PluginError) in
            try Box<any LaneEngine>.at(pointer).value.stop(call)
            return ARENA_OK
        }
    }
    table.health = { pointer, call, sink in
        PluginCall.run(call) { _ throws(PluginError) in
            let engine = try Box<any LaneEngine>.at(pointer).value
            do throws(PluginError) {
                try engine.health()
                return write(["ok": true, "reason": ""], to: sink)
            } catch {
                return write(["ok": false, "reason": .string(error.message)], to: sink)
            }
        }
    }
    table.models = { pointer, call, sink in
        PluginCall.run(call) { _ throws(PluginError) in
            write(try Box<any LaneEngine>.at(pointer).value.models(), to: sink)
        }
    }
    table.chat = { pointer, call, request, sink in
        PluginCall.run(call) { call throws(PluginError) in
            guard let sink else { throw PluginError.noKind }
            let engine = try Box<any LaneEngine>.at(pointer).value
            let end = try engine.chat(request.json("The request"), ChatAnswer(sink: sink), call)
            // [ENGINE-1]
            try check(end.lend { sink.pointee.end?(sink, $0) }, "arena_chat_sink")
            return ARENA_OK
        }
    }
    return UnsafeRawPointer(permanent(table))
}
