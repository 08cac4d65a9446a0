import ArenaJSON
import ArenaPluginKit
import Plugin
import Testing

struct CodecTests {
    private let codec: Codec

    init() throws { codec = try Codec(config: [:]) }

    @Test func asksForOneDocument() throws {
        let request = try codec.encode(.chat, ["messages": [], "stream": true, "stream_options": [:], "seed": 7])
        #expect(request.method == "POST" && request.path == "/v1/chat/completions")
        let body = try JSONValue(parsing: request.body)
        #expect(body == ["messages": [], "stream": false, "seed": 7])
    }

    @Test func refusesWhatItCannotAsk() {
        #expect(throws: PluginError.self) { try codec.encode(.chat, [:]) }
        #expect(throws: PluginError.self) { try codec.encode(.embed, ["input": ["text"]]) }
    }

    @Test func readsAnAnswer() throws {
        let answer = try AnswerReader.chat([
            "model": "m", "choices": [["message": ["content": "Four."], "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 1],
        ])
        #expect(answer.text == "Four.")
        #expect(answer.end == ChatEnd(finishReason: "stop", usage: ["prompt_tokens": 1], meta: ["model": "m"]))
        #expect(throws: PluginError.self) { try AnswerReader.chat(["choices": []]) }
    }

    @Test func readsTheListOfModels() throws {
        #expect(try AnswerReader.models(["data": [["id": "m"], ["no": "id"]]]) == [["id": "m"]])
        #expect(throws: PluginError.self) { try AnswerReader.models([:]) }
    }

    @Test func saysWhatTheServersFailureMeans() {
        #expect(AnswerReader.failure(401, "no key").status == .unauthenticated)
        #expect(AnswerReader.failure(503, "").status == .unavailable)
    }
}
