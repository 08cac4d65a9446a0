package import ArenaJSON
package import ArenaPluginKit
public import CArenaPlugin

/// A lane type that speaks a server's dialect of HTTP, here the plain one of /v1/chat/completions, whose answer is one
/// JSON document. It sends nothing itself: it writes requests, and ``AnswerReader`` reads what came back. Replace both
/// by your server's.
package struct Codec: LaneCodec {
    /// - Parameter config: was checked against the schema in plugin.json.
    package init(config: JSONValue) throws(PluginError) {}

    package func encode(_ operation: LaneOperation, _ request: JSONValue) throws(PluginError) -> LaneRequest {
        switch operation {
        case .chat:
            guard var body = request.object, request["messages"]?.array != nil else {
                throw PluginError(.invalidArgument, code: "lane.bad_request", "`messages` must be a list.")
            }
            body["stream"] = false
            body["stream_options"] = nil
            return LaneRequest(
                "POST", "/v1/chat/completions", headers: ["Content-Type": "application/json"],
                body: JSONValue.object(body).text())
        case .identify, .models, .health:
            // What is asked to know the server must not make it load a model [CODEC-1]; this does not.
            return LaneRequest("GET", "/v1/models")
        case .complete, .embed, .rerank, .load, .unload:
            throw PluginError(.unimplemented, code: "lane.unsupported", "Lanes of type {{id}} do not do this.")
        }
    }

    package func decoder(_ operation: LaneOperation, _ request: JSONValue) throws(PluginError) -> any LaneDecoder {
        AnswerReader(operation)
    }
}

private let library = PluginLibrary(id: "{{id}}", version: "0.1.0", kinds: [.laneCodec("{{id}}", Codec.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
