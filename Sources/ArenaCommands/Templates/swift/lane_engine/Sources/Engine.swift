package import ArenaJSON
package import ArenaPluginKit
public import CArenaPlugin

/// A lane type that answers by itself: its only model gives back the last message in capital letters, word by word.
/// Replace ``chat(_:_:_:)`` by your model, which `start` loads and `stop` lets go.
package struct Engine: LaneEngine {
    /// - Parameter config: was checked against the schema in plugin.json.
    package init(config: JSONValue) throws(PluginError) {}

    package func models() -> JSONValue { [["id": "capitals"]] }

    package func chat(
        _ request: JSONValue, _ answer: ChatAnswer, _ call: PluginCall
    ) throws(PluginError) -> ChatEnd {
        guard let message = Self.lastMessage(of: request) else {
            throw PluginError(.invalidArgument, code: "{{id}}.request", "The request has no message with text.")
        }
        for piece in Self.pieces(of: message.uppercased()) {
            try call.checkCancellation()
            try answer.delta(String(piece))
        }
        return ChatEnd(finishReason: "stop", meta: ["model": "capitals"])
    }

    package static func lastMessage(of request: JSONValue) -> String? {
        request["messages"]?.array?.compactMap { $0["content"]?.string }.last
    }

    /// Words with the space behind them; joined they are the text.
    package static func pieces(of text: String) -> [Substring] {
        var pieces: [Substring] = []
        var rest = text[...]
        while let space = rest.firstIndex(of: " ") {
            pieces.append(rest[...space])
            rest = rest[rest.index(after: space)...]
        }
        return rest.isEmpty ? pieces : pieces + [rest]
    }
}

private let library = PluginLibrary(id: "{{id}}", version: "0.1.0", kinds: [.laneEngine("{{id}}", Engine.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
