import ArenaJSON
import ArenaPluginKit
import CArenaPlugin
import Testing

/// An engine that says what it was told, in the words of its config.
struct Parrot: LaneEngine {
    private let words: [String]

    init(config: JSONValue) throws(PluginError) {
        words = config["words"]?.array?.compactMap(\.string) ?? []
    }

    func health() throws(PluginError) {
        if words.isEmpty { throw PluginError(.failedPrecondition, code: "parrot.mute", "It knows no words.") }
    }

    func models() -> JSONValue { [["id": "parrot"]] }

    func chat(_ request: JSONValue, _ answer: ChatAnswer, _ call: PluginCall) throws(PluginError) -> ChatEnd {
        guard request["messages"] != nil else {
            throw PluginError(.invalidArgument, code: "parrot.request", "There are no messages.")
        }
        for word in words { try answer.delta(word, on: word == "hm" ? .reasoning : .content) }
        return ChatEnd(finishReason: "stop", usage: ["completion_tokens": JSONValue(words.count)])
    }
}

/// What an engine sends, as a line of text. Used on one thread.
private final class ChatRecorder {
    private(set) var said: [String] = []
    /// After so many pieces it wants no more.
    var room = Int.max

    func lend<R>(_ body: (UnsafePointer<arena_chat_sink>) -> R) -> R {
        var sink = arena_chat_sink()
        sink.struct_size = UInt32(MemoryLayout<arena_chat_sink>.size)
        sink.host_context = Unmanaged.passUnretained(self).toOpaque()
        sink.delta = { sink, delta in
            guard let recorder = ChatRecorder.of(sink), let delta = delta?.pointee else { return ARENA_INTERNAL }
            guard recorder.said.count < recorder.room else { return ARENA_CANCELLED }
            recorder.said.append("\(delta.channel):\(delta.text.string)")
            return ARENA_OK
        }
        sink.end = { sink, end in
            guard let recorder = ChatRecorder.of(sink), let end = end?.pointee else { return ARENA_INTERNAL }
            recorder.said.append("\(end.finish_reason.string) \(end.usage_json.string)")
            return ARENA_OK
        }
        return withExtendedLifetime(self) { body(&sink) }
    }

    private static func of(_ sink: UnsafePointer<arena_chat_sink>?) -> ChatRecorder? {
        sink?.pointee.host_context.map { Unmanaged<ChatRecorder>.fromOpaque($0).takeUnretainedValue() }
    }
}

struct LaneEngineTests {
    private let call = RecordingCall()

    /// Makes an engine for the time of `body`.
    private func withEngine<R>(
        _ config: String, _ body: (arena_lane_engine_v1, UnsafeMutableRawPointer?) throws -> R
    ) throws -> R {
        let engine = try #require(table(ARENA_LANE_ENGINE_1, "parrot", as: arena_lane_engine_v1.self)).pointee
        var object: UnsafeMutableRawPointer?
        #expect(lend(config) { config in call.lend { engine.create($0, config, &object) } } == ARENA_OK)
        defer { engine.destroy(object) }
        return try body(engine, object)
    }

    private func chat(_ request: String, _ recorder: ChatRecorder, words: String) throws -> arena_status {
        try withEngine(#"{"words": \#(words)}"#) { engine, object in
            lend(request) { request in
                call.lend { call in recorder.lend { engine.chat(object, call, request, $0) } }
            }
        }
    }

    @Test("[ENGINE-1] the pieces come in order, then one end")
    func answersInPieces() throws {
        let recorder = ChatRecorder()
        #expect(try chat(#"{"messages": []}"#, recorder, words: #"["hm", "yes"]"#) == ARENA_OK)
        #expect(recorder.said == ["1:hm", "0:yes", #"stop {"completion_tokens":2}"#])
    }

    @Test("[ENGINE-1] an answer that fails has no end")
    func failsWithoutAnEnd() throws {
        let recorder = ChatRecorder()
        #expect(try chat("{}", recorder, words: "[]") == ARENA_INVALID_ARGUMENT)
        #expect(call.detail["code"] == "parrot.request")
        #expect(recorder.said == [])
    }

    @Test func stopsWhenTheHostWantsNoMore() throws {
        let recorder = ChatRecorder()
        recorder.room = 1
        #expect(try chat(#"{"messages": []}"#, recorder, words: #"["a", "b", "c"]"#) == ARENA_CANCELLED)
        #expect(recorder.said == ["0:a"])
        #expect(call.status == nil, "the host knows why")
    }

    @Test func saysWhetherItCouldAnswerAndWhatModelsItHas() throws {
        for (config, health) in [
            (#"{"words": ["a"]}"#, #"{"ok":true,"reason":""}"#),
            ("{}", #"{"ok":false,"reason":"It knows no words."}"#),
        ] {
            try withEngine(config) { engine, object in
                let answer = call.lend { call in written { engine.health(object, call, $0) } }
                #expect(answer == (ARENA_OK, health))
                #expect(call.lend { call in written { engine.models(object, call, $0) } }.text == #"[{"id":"parrot"}]"#)
            }
        }
    }

    @Test("[ENGINE-3] [ENGINE-4] an engine that loads nothing may be started and stopped at any time")
    func startsAndStopsByDefault() throws {
        try withEngine("{}") { engine, object in
            for function in [engine.start, engine.stop, engine.stop, engine.start, engine.start] {
                #expect(call.lend { function?(object, $0) } == ARENA_OK)
            }
            #expect(engine.embed == nil && engine.rerank == nil)
        }
    }
}
