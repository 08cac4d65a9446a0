import ArenaCore
import ArenaJSON
import ArenaPluginWire

/// An answer as its pieces come in, and the document that it becomes.
struct ChatText {
    static let channels = ["content", "reasoning", "tool"]

    private var texts = ["", "", ""]
    /// When the first piece came; nanoseconds of CLOCK_MONOTONIC.
    private var firstAt: UInt64?

    mutating func add(_ delta: ChatDelta) {
        if firstAt == nil { firstAt = monotonicNanoseconds() }
        texts[Int(delta.channel)] += delta.text
    }

    /// The answer of DONE as `arena/service_lanes.h` has it.
    func document(
        _ end: ChatEnd, _ request: JSONValue, _ lane: LaneDefinition, started: UInt64
    ) throws(LaneError) -> JSONValue {
        let now = monotonicNanoseconds()
        var meta = try parse(end.meta, lane).object ?? [:]
        if let firstAt { meta["first_token_ms"] = Self.milliseconds(from: started, to: firstAt) }
        var answer: JSONObject = [
            "content": .string(texts[0]),
            "reasoning": .string(texts[1]),
            "finish_reason": .string(end.finishReason),
            "usage": try parse(end.usage, lane),
            "model": meta["model"] ?? request["model"] ?? lane.model.map(JSONValue.string) ?? .null,
            "latency_ms": Self.milliseconds(from: started, to: now),
            "meta": .object(meta),
        ]
        if !texts[2].isEmpty { answer["tool"] = .string(texts[2]) }
        return .object(answer)
    }

    private static func milliseconds(from start: UInt64, to end: UInt64) -> JSONValue {
        JSONValue(Double((end - start) / 1000) / 1000)
    }

    private func parse(_ text: String, _ lane: LaneDefinition) throws(LaneError) -> JSONValue {
        if text.isEmpty { return .null }
        do throws(JSONError) { return try JSONValue(parsing: text) } catch {
            throw LaneError(lane.id, .badAnswer("usage or meta that is no JSON (\(error.message))"))
        }
    }
}
