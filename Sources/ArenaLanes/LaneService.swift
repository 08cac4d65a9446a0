import ArenaCore
package import ArenaJSON
package import ArenaPluginHost
import ArenaPluginWire
import Synchronization

/// The lanes that there are, and the way to ask them.
package struct LaneService: LaneAccess {
    package let lanes: [LaneDefinition]
    private let registry: PluginRegistry
    private let engines: EngineExecutor
    private static let chatLimit: Duration = .seconds(600)

    /// - Parameter lanes: unique by id.
    package init(lanes: [LaneDefinition], registry: PluginRegistry, engines: EngineExecutor) {
        self.lanes = lanes
        self.registry = registry
        self.engines = engines
    }

    package func lane(_ id: String) throws(LaneError) -> LaneDefinition {
        guard let lane = lanes.first(where: { $0.id == id }) else {
            throw LaneError(id, .unknown(known: lanes.map(\.id).sorted()))
        }
        return lane
    }

    /// Whether a lane answers, and why not; never throws for a lane that does not.
    package func health(of lane: LaneDefinition) async -> (isHealthy: Bool, reason: String) {
        do {
            let kind = try await kind(of: lane)
            let health = try await engines.health(of: lane.id, kind, config: lane.config)
            return (health["ok"]?.bool ?? false, health["reason"]?.string ?? "")
        } catch {
            return (false, Failure(error).message)
        }
    }

    /// See `arena.lanes/1`: health, models and chat.
    package func perform(
        _ request: JSONValue, onDelta: @escaping @Sendable (JSONValue) -> Void
    ) async throws -> JSONValue {
        guard let id = request["lane"]?.string, let operation = request["op"]?.string else {
            throw LaneError("?", .badRequest("`lane` and `op` are required texts."))
        }
        let lane = try lane(id)
        switch operation {
        case "health":
            let health = await health(of: lane)
            return ["ok": .bool(health.isHealthy), "reason": .string(health.reason)]
        case "models":
            return try await reaching(lane) { try await engines.models(of: id, $0, config: lane.config) }
        case "chat":
            guard let body = request["request"], body.object != nil else {
                throw LaneError(id, .badRequest("`request` must be a chat-completions object."))
            }
            let limit = request["timeout_ms"]?.int.map { Duration.milliseconds(max(1, $0)) }
            let isStreamed = request["stream"]?.bool ?? false
            return try await chat(
                body, lane, within: min(limit ?? Self.chatLimit, Self.chatLimit), onDelta: isStreamed ? onDelta : nil)
        default:
            throw LaneError(id, .badRequest("op \"\(operation)\" is none of health, models, chat."))
        }
    }

    private func chat(
        _ body: JSONValue, _ lane: LaneDefinition, within limit: Duration, onDelta: (@Sendable (JSONValue) -> Void)?
    ) async throws -> JSONValue {
        let answer = Mutex<[String]>(["", "", ""])
        let started = monotonicNanoseconds()
        let end = try await reaching(lane) { kind in
            try await engines.chat(body, of: lane.id, kind, config: lane.config, within: limit) { delta in
                // Compare and chat show the first choice; the others stay in the raw chunks.
                guard delta.choice == 0 else { return }
                answer.withLock { $0[Int(delta.channel)] += delta.text }
                onDelta?(["channel": .string(Self.channels[Int(delta.channel)]), "text": .string(delta.text)])
            }
        }
        let texts = answer.withLock { $0 }
        let meta = try parse(end.meta, lane)
        return [
            "content": .string(texts[0]),
            "reasoning": .string(texts[1]),
            "finish_reason": .string(end.finishReason),
            "usage": try parse(end.usage, lane),
            "model": meta["model"] ?? body["model"] ?? .null,
            "latency_ms": JSONValue(Double((monotonicNanoseconds() - started) / 1000) / 1000),
            "meta": meta,
        ]
    }

    private static let channels = ["content", "reasoning", "tool"]

    private func parse(_ text: String, _ lane: LaneDefinition) throws -> JSONValue {
        if text.isEmpty { return .null }
        do { return try JSONValue(parsing: text) } catch {
            throw LaneError(lane.id, .badAnswer("usage or meta that is no JSON (\(error.message))"))
        }
    }

    private func kind(of lane: LaneDefinition) async throws -> ResolvedKind {
        try await registry.resolve(.laneEngine, lane.type)
    }

    /// Tells a lane that cannot be reached from one that answered with a failure of its own.
    private func reaching<Value>(
        _ lane: LaneDefinition, _ body: (ResolvedKind) async throws -> Value
    ) async throws -> Value {
        let kind: ResolvedKind
        do { kind = try await self.kind(of: lane) } catch { throw LaneError(lane.id, .unreachable(Failure(error))) }
        do { return try await body(kind) } catch let fault as PluginFault where fault.lostChild {
            throw LaneError(lane.id, .unreachable(Failure(fault)))
        }
    }
}
