package import ArenaJSON
import CArenaPlugin

/// Which part of an answer a text belongs to.
package enum ChatChannel: UInt32, Sendable {
    case content = 0
    case reasoning, tool
}

/// How a successful answer ended.
package struct ChatEnd: Hashable, Sendable {
    /// `stop`, `length`, `tool_calls`, `content_filter`.
    package var finishReason: String
    /// `{"prompt_tokens", "completion_tokens", …}`; `null`: not known.
    package var usage: JSONValue
    /// `{"model", …}`; `null`: nothing to say.
    package var meta: JSONValue

    package init(finishReason: String, usage: JSONValue = .null, meta: JSONValue = .null) {
        self.finishReason = finishReason
        self.usage = usage
        self.meta = meta
    }

    /// Lends it to C for the time of `body`.
    func lend<R>(_ body: (UnsafePointer<arena_chat_end>) -> R) -> R {
        withText(finishReason) { reason in
            withText(usage.isNull ? "" : usage.text()) { usage in
                withText(meta.isNull ? "" : meta.text()) { meta in
                    var end = arena_chat_end()
                    end.struct_size = UInt32(MemoryLayout<arena_chat_end>.size)
                    end.finish_reason = reason
                    end.usage_json = usage
                    end.meta_json = meta
                    return body(&end)
                }
            }
        }
    }
}

/// Lends a piece of an answer to C for the time of `body`.
func withDelta<R>(
    _ text: String, _ channel: ChatChannel, _ choice: Int, _ raw: [UInt8],
    _ body: (UnsafePointer<arena_chat_delta>) -> R
) -> R {
    withText(text) { text in
        withBytes(raw) { raw in
            var delta = arena_chat_delta()
            delta.struct_size = UInt32(MemoryLayout<arena_chat_delta>.size)
            delta.channel = channel.rawValue
            delta.choice = UInt32(clamping: choice)
            delta.text = text
            delta.raw = raw
            return body(&delta)
        }
    }
}

/// Where an engine puts its answer, piece by piece. Valid during one call of ``LaneEngine/chat(_:_:_:)``.
package struct ChatAnswer {
    let sink: UnsafePointer<arena_chat_sink>

    /// A piece of the answer. Throws when the host wants no more; the engine stops then.
    package func delta(_ text: String, on channel: ChatChannel = .content, choice: Int = 0) throws(PluginError) {
        let status = withDelta(text, channel, choice, []) { sink.pointee.delta?(sink, $0) }
        try check(status, "arena_chat_sink")
    }
}
