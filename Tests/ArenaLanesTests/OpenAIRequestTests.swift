import ArenaCore
import ArenaJSON
import ArenaPluginABI
import Testing

/// What the lane type `openai` sends.
struct OpenAIRequestTests {
    private let question: JSONValue = [
        "messages": [["role": "user", "content": "Hi"]], "min_p": 0.05, "made_up": ["x": 1],
    ]

    private func body(_ request: JSONValue) throws -> JSONValue {
        try JSONValue(parsing: request["body"]?.string ?? "")
    }

    @Test func unknownMembersPassThroughAndUsageIsAskedFor() throws {
        let request = try OpenAIFixture().encode(.chat, question)
        #expect(request["method"]?.string == "POST")
        #expect(request["path"]?.string == "/v1/chat/completions")
        let body = try body(request)
        #expect(body["made_up"] == ["x": 1])
        #expect(body["min_p"]?.double == 0.05)
        #expect(body["stream"]?.bool == true)
        #expect(body["stream_options"] == ["include_usage": true])
    }

    @Test func whatTheCallerSaysStands() throws {
        var members = question.object ?? [:]
        members["stream"] = false
        members["top_p"] = 0.5
        let fixture = try OpenAIFixture(config: ["request": ["top_p": 0.9, "top_k": 7]])
        let body = try body(try fixture.encode(.chat, .object(members)))
        #expect(body["stream"]?.bool == false)
        #expect(body["stream_options"] == nil)
        #expect(body["top_p"]?.double == 0.5)
        #expect(body["top_k"]?.int == 7)
    }

    @Test func configTurnsStreamsAndTheirUsageOff() throws {
        let silent = try OpenAIFixture(config: ["stream_usage": false])
        #expect(try body(silent.encode(.chat, question))["stream_options"] == nil)
        let whole = try OpenAIFixture(config: ["stream": false])
        #expect(try body(whole.encode(.chat, question))["stream"]?.bool == false)
    }

    @Test(arguments: [CodecOperation.chat, .complete, .embed, .rerank])
    func requestWithoutWhatItNeedsIsRefused(operation: CodecOperation) throws {
        let failure = #expect(throws: CallFailure.self) { try OpenAIFixture().encode(operation, [:]) }
        #expect(failure?.code == "lane.bad_request")
        #expect(failure?.status == .invalidArgument)
    }

    @Test func loadsNoModels() throws {
        let failure = #expect(throws: CallFailure.self) { try OpenAIFixture().encode(.load, ["model": "m"]) }
        #expect(failure?.status == .unimplemented)
    }

    struct Server: Sendable, CustomTestStringConvertible {
        let name: String
        let routes: [String: String]
        var version: String?
        var testDescription: String { name }
    }

    @Test(arguments: [
        Server(
            name: "llama-server", routes: ["/v1/models": "llama-server-models", "/props": "llama-server-props"],
            version: "b0-unknown"),
        Server(
            name: "llama-swap", routes: ["/v1/models": "llama-swap-models", "/api/version": "llama-swap-version"],
            version: "v250"),
        Server(name: "vllm", routes: ["/v1/models": "vllm-models", "/version": "vllm-version"], version: "0.11.0"),
        Server(
            name: "ollama", routes: ["/v1/models": "ollama-models", "/api/version": "ollama-version"], version: "0.12.3"
        ),
        Server(name: "litellm", routes: ["/v1/models": "plain-models", "/health/liveliness": "litellm-alive"]),
        Server(name: "openai-compatible", routes: ["/v1/models": "plain-models"]),
    ])
    func tellsWhatAnswersFromRoutesThatOnlyRead(_ server: Server) throws {  // [CODEC-1] [CODEC-5]
        let (value, paths) = try OpenAIFixture().identify(server.routes)
        #expect(value?["server"]?.string == server.name)
        #expect(value?["version"]?.string == server.version)
        #expect(value?["models"]?.array?.isEmpty == false)
        let reading = ["/v1/models", "/props", "/api/version", "/version", "/health/liveliness"].map { "GET " + $0 }
        #expect(Set(paths).isSubset(of: reading))
        if server.name == "llama-swap" { #expect(!paths.contains("GET /props")) }
    }

    @Test func serverThatStillLoadsIsKnownAllTheSame() throws {
        let (value, _) = try OpenAIFixture().identify(["/v1/models": "llama-server-loading"])
        #expect(value?["server"]?.string == "llama-server")
        #expect(value?["state"]?.string == "loading")
    }

    @Test func serverThatLetsNobodyInSaysSo() throws {
        let failure = #expect(throws: CallFailure.self) {
            try OpenAIFixture().identify(["/v1/models": "llama-server-unauthorized"])
        }
        #expect(failure?.code == "lane.unauthorized")
    }
}
