import ArenaJSON
import ArenaPluginKit

/// The lane type `openai`.
struct OpenAICodec: LaneCodec {
    private let isStreaming: Bool
    private let asksForUsage: Bool
    /// Members for requests that do not bring their own.
    private let defaults: JSONObject

    init(config: JSONValue) throws(PluginError) {
        isStreaming = config["stream"]?.bool ?? true
        asksForUsage = config["stream_usage"]?.bool ?? true
        defaults = config["request"]?.object ?? [:]
    }

    func encode(_ operation: LaneOperation, _ request: JSONValue) throws(PluginError) -> LaneRequest {
        switch operation {
        case .chat:
            guard request["messages"]?.array != nil else { throw Self.wrong("`messages` must be a list") }
            return post("/v1/chat/completions", streamable(request))
        case .complete:
            guard request["prompt"] != nil else { throw Self.wrong("`prompt` is missing") }
            return post("/v1/completions", streamable(request))
        case .embed:
            guard request["input"]?.array?.isEmpty == false else { throw Self.wrong("`input` must be a list of texts") }
            return post("/v1/embeddings", request)
        case .rerank:
            guard request["query"]?.string != nil, request["documents"]?.array?.isEmpty == false else {
                throw Self.wrong("`query` and `documents` are required")
            }
            return post("/v1/rerank", request)
        case .models, .health, .identify: return .get("/v1/models")
        case .load, .unload:
            throw PluginError(
                .unimplemented, code: "lane.unsupported", "Lanes of type openai load and unload no models.")
        }
    }

    func decoder(_ operation: LaneOperation, _ request: JSONValue) throws(PluginError) -> any LaneDecoder {
        let model = request["model"]?.string
        switch operation {
        case .chat, .complete: return AnswerDecoder(model: model)
        case .embed: return DocumentDecoder(model: model, limit: 60 << 20, Embeddings.read)
        case .rerank:
            let count = request["documents"]?.array?.count ?? 0
            return DocumentDecoder(model: model, limit: 4 << 20) { body throws(PluginError) in
                try Reranking.read(body, count: count)
            }
        case .models: return DocumentDecoder(model: nil, limit: 8 << 20, ModelList.read)
        case .health: return HealthDecoder()
        case .identify: return Identification()
        case .load, .unload: throw Self.wrong("there is no such operation")
        }
    }

    /// A request that may be streamed. What the caller says stands; members that nobody here knows pass through.
    private func streamable(_ request: JSONValue) -> JSONValue {
        var members = request.object ?? [:]
        for (name, value) in defaults where members[name] == nil { members[name] = value }
        let streams = members["stream"]?.bool ?? isStreaming
        members["stream"] = .bool(streams)
        if streams, asksForUsage, members["stream_options"] == nil {
            members["stream_options"] = ["include_usage": true]
        }
        return .object(members)
    }

    private func post(_ path: String, _ body: JSONValue) -> LaneRequest {
        LaneRequest(
            "POST", path,
            headers: ["Content-Type": "application/json", "Accept": "application/json, text/event-stream"],
            body: body.text())
    }

    private static func wrong(_ what: String) -> PluginError {
        PluginError(.invalidArgument, code: "lane.bad_request", "The request to the lane is wrong: \(what).")
    }
}

extension LaneRequest {
    /// Some servers answer in HTML unless asked for JSON.
    static func get(_ path: String) -> LaneRequest { LaneRequest("GET", path, headers: ["Accept": "application/json"]) }
}
