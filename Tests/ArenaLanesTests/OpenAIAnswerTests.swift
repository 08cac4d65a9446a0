import ArenaCore
import ArenaJSON
import ArenaPluginABI
import Testing

/// Answers of real servers, replayed without a socket.
struct OpenAIAnswerTests {
    @Test func readsAStreamWithItsTimings() throws {
        let found = try OpenAIFixture().decode(.chat, [:], RecordedAnswer("llama-server-stream"))
        #expect(found.text(.content) == "Say hello.<|im_end|>")
        #expect(found.end?.finishReason == "length")
        let meta = try JSONValue(parsing: found.end?.meta ?? "")
        #expect(meta["model"]?.string == "gemma-270m")
        #expect(meta["timings"]?["prompt_n"]?.int == 26)
        #expect(found.raw.count == 10)
        #expect(found.raw.first?.hasPrefix(#"{"choices":[{"finish_reason":null"#) == true)
    }

    @Test func takesUsageAndTimingsFromTheChunkWithoutChoices() throws {
        let found = try OpenAIFixture().decode(.chat, [:], RecordedAnswer("llama-server-stream-usage"))
        #expect(found.text(.content) == "Say hello to")
        let usage = try JSONValue(parsing: found.end?.usage ?? "")
        #expect(usage["completion_tokens"]?.int == 3)
        #expect(usage["prompt_tokens_details"]?["cached_tokens"]?.int == 1)
        #expect(try JSONValue(parsing: found.end?.meta ?? "")["timings"]?["predicted_n"]?.int == 3)
    }

    @Test(arguments: ["llama-server-stream-tiny", "reasoning-stream"])
    func findsTheSameWhereverTheBytesAreCut(name: String) throws {  // [CODEC-4]
        let fixture = try OpenAIFixture()
        let answer = try RecordedAnswer(name)
        let whole = try fixture.decode(.chat, [:], answer)
        #expect(whole.end != nil)
        #expect(try fixture.decode(.chat, [:], answer, cuts: Array(1..<answer.body.count)) == whole)
        for cut in 1..<answer.body.count {
            guard try fixture.decode(.chat, [:], answer, cuts: [cut]) == whole else {
                Issue.record("cut at \(cut)")
                return
            }
        }
    }

    @Test func readsADocumentInPlaceOfAStream() throws {
        let answer = try RecordedAnswer("llama-server-chat")
        let found = try OpenAIFixture().decode(.chat, [:], answer, cuts: [1, 100])
        #expect(found.text(.content) == "Say hello.<|")
        #expect(found.end?.finishReason == "length")
        #expect(try JSONValue(parsing: found.end?.usage ?? "")["total_tokens"]?.int == 30)
        #expect(found.raw == [String(decoding: answer.body, as: UTF8.self)])
    }

    @Test func readsACompletion() throws {
        let found = try OpenAIFixture().decode(.complete, [:], RecordedAnswer("llama-server-completion"))
        #expect(found.text(.content) == " the capital of the country of")
    }

    @Test func reasoningAndToolCallsHaveChannelsOfTheirOwn() throws {
        let found = try OpenAIFixture().decode(.chat, [:], RecordedAnswer("reasoning-stream"))
        #expect(found.text(.reasoning) == "Two and two is four.")
        #expect(found.text(.content) == "4")
        let calls = try found.text(.tool).split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(calls.map { $0[0]?["function"]?["arguments"]?.string ?? "" }.joined() == #"{"a":2}"#)
        #expect(found.end?.finishReason == "tool_calls")
        #expect(try JSONValue(parsing: found.end?.usage ?? "")["completion_tokens"]?.int == 5)
    }

    @Test func whatAProxySaysWhileItLoadsIsNoPartOfTheAnswer() throws {
        let found = try OpenAIFixture().decode(.chat, [:], RecordedAnswer("llama-swap-loading-stream"))
        #expect(found.text(.reasoning) == "")
        #expect(found.text(.content) == "Hello there")
        #expect(found.raw.contains { $0.contains("load") })
    }

    @Test func documentsOfOtherOperations() throws {
        let fixture = try OpenAIFixture()
        let ranking = try fixture.decode(
            .rerank, ["query": "q", "documents": ["a", "b"]], RecordedAnswer("llama-server-rerank"))
        #expect(ranking.value?["scores"]?[1]?.double == 0.5674619078636169)
        #expect(ranking.value?["scores"]?[0]?.double == 0.050045132637023926)
        let rows = try fixture.decode(.embed, ["input": ["a", "b"]], RecordedAnswer("embeddings")).value
        #expect(rows?["embeddings"]?[0]?[1]?.double == 0.5)
        let models = try fixture.decode(.models, [:], RecordedAnswer("llama-swap-models")).value
        #expect(models?[0] == ["id": "coder", "title": "Coder", "context_length": 8192, "state": "unloaded"])
        #expect(try fixture.decode(.health, [:], RecordedAnswer("plain-models")).value?["ok"]?.bool == true)
        let loading = try fixture.decode(.health, [:], RecordedAnswer("llama-server-loading")).value
        #expect(loading?["ok"]?.bool == false)
        #expect(loading?["reason"]?.string?.contains("loading") == true)
    }

    struct Failed: Sendable, CustomTestStringConvertible {
        let answer: String
        var operation = CodecOperation.chat
        let code: String
        let status: StatusCode
        var testDescription: String { answer }
    }

    @Test(arguments: [
        Failed(answer: "llama-server-unauthorized", code: "lane.unauthorized", status: .unauthenticated),
        Failed(answer: "llama-server-loading", code: "lane.loading", status: .unavailable),
        Failed(answer: "llama-server-context", code: "lane.context_exceeded", status: .outOfRange),
        Failed(answer: "llama-server-bad-request", code: "lane.bad_request", status: .invalidArgument),
        Failed(
            answer: "llama-server-no-embeddings", operation: .embed, code: "lane.unsupported", status: .unimplemented),
        Failed(answer: "llama-swap-unknown-model", code: "lane.model_unknown", status: .notFound),
        Failed(answer: "llama-swap-unknown-model-object", code: "lane.model_unknown", status: .notFound),
        Failed(answer: "llama-swap-busy", code: "lane.busy", status: .resourceExhausted),
        Failed(answer: "not-found", code: "lane.no_such_route", status: .unimplemented),
        Failed(answer: "cut-stream", code: "lane.cut_off", status: .unavailable),
        Failed(answer: "error-in-stream", code: "lane.server_error", status: .internalError),
        Failed(answer: "no-json", code: "lane.bad_answer", status: .internalError),
        Failed(answer: "no-json", operation: .models, code: "lane.bad_answer", status: .internalError),
        Failed(answer: "plain-models", code: "lane.bad_answer", status: .internalError),
    ])
    func failureOfAServerSaysWhatToDo(_ failed: Failed) throws {
        let answer = try RecordedAnswer(failed.answer)
        let request: JSONValue = ["model": "wanted", "input": ["a"], "query": "q", "documents": ["d"]]
        for cuts in [[], [1, 5]] {
            let failure = #expect(throws: CallFailure.self) {
                try OpenAIFixture().decode(failed.operation, request, answer, cuts: cuts)
            }
            #expect(failure?.code == failed.code)
            #expect(failure?.status == failed.status)
            #expect(failure?.isPluginFault == false)
            if failed.code != "lane.bad_request" { #expect(failure?.hint?.isEmpty == false) }
        }
    }
}
