package import ArenaCore
package import ArenaJSON
import ArenaJSONSchema
import ArenaPluginABI
package import ArenaPluginHost
import ArenaPluginWire
import Synchronization

/// The lanes that there are now, and the way to ask them.
package struct LaneService: LaneAccess {
    private let book: LaneBook
    private let registry: PluginRegistry
    private let engines: EngineExecutor
    private let codecs: CodecExecutor
    private let transport: any LaneTransport
    private let checks = LaneConfigChecks()
    private static let longest: Duration = .seconds(600)

    package init(
        book: LaneBook, registry: PluginRegistry, engines: EngineExecutor, codecs: CodecExecutor,
        transport: any LaneTransport
    ) {
        self.book = book
        self.registry = registry
        self.engines = engines
        self.codecs = codecs
        self.transport = transport
    }

    /// The lanes that there are now.
    package var lanes: [LaneDefinition] { book.edition.lanes }

    /// Why the last edit of the file that names the lanes was not taken; `nil` while the file is good.
    package var problem: Failure? { book.edition.problem }

    /// Takes what was read of the file that names the lanes, and ends the engines that are not to run any more.
    package func take(_ reading: Result<[LaneDefinition], Failure>) async -> LaneEdition.Change? {
        let change = book.take(reading)
        if case .taken(_, let altered, let removed) = change {
            for lane in altered + removed { await engines.stop(lane) }
        }
        return change
    }

    package func lane(_ id: String) throws(LaneError) -> LaneDefinition {
        let lanes = lanes
        guard let lane = lanes.first(where: { $0.id == id }) else {
            throw LaneError(id, .unknown(known: lanes.map(\.id).sorted()))
        }
        return lane
    }

    /// Whether a lane answers, and why not; never throws for a lane that does not.
    package func health(of lane: LaneDefinition) async -> (isHealthy: Bool, reason: String) {
        do {
            let health = try await reaching(lane) { driver in
                switch driver {
                case .engine(let kind): try await engines.health(of: lane.id, kind, config: lane.config)
                case .codec(let codec): try await Self.value(try await codec.perform(.health, [:], within: .seconds(5)))
                }
            }
            return (health["ok"]?.bool ?? false, health["reason"]?.string ?? "")
        } catch let error as LaneError {
            // Who asks knows which lane it is.
            if case .unreachable(let failure) = error.reason { return (false, failure.message) }
            return (false, error.message)
        } catch {
            return (false, Failure(error).message)
        }
    }

    /// The models of a lane: `[{"id", "title"?, "context_length"?, "state"?}]`.
    package func models(of lane: LaneDefinition) async throws -> JSONValue {
        try await reaching(lane) { driver in
            switch driver {
            case .engine(let kind): try await engines.models(of: lane.id, kind, config: lane.config)
            case .codec(let codec): try await Self.value(try await codec.perform(.models, [:], within: .seconds(10)))
            }
        }
    }

    /// What answers at a lane's address: `{"server", "title", "version"?, "state"?, "models"}`; `null` for a lane type
    /// that is its own server. Causes no work there.
    package func identity(of lane: LaneDefinition) async throws -> JSONValue {
        try await reaching(lane) { driver in
            switch driver {
            case .engine: .null
            case .codec(let codec): try await Self.value(try await codec.perform(.identify, [:], within: .seconds(10)))
            }
        }
    }

    /// See `arena.lanes/1`.
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
        case "models": return try await models(of: lane)
        case "chat", "complete", "embed", "rerank":
            guard let body = request["request"], body.object != nil else {
                throw LaneError(id, .badRequest("`request` must be an object."))
            }
            let limit = limit(request["timeout_ms"]?.int, lane)
            let isStreamed = request["stream"]?.bool ?? false
            if operation == "chat" || operation == "complete" {
                return try await answer(
                    operation == "chat" ? .chat : .complete, body, lane, within: limit,
                    onDelta: isStreamed ? onDelta : nil)
            }
            return try await document(operation == "embed" ? .embed : .rerank, body, lane, within: limit)
        default:
            throw LaneError(id, .badRequest("op \"\(operation)\" is none of \(Self.operations)."))
        }
    }

    private static let operations = "health, models, chat, complete, embed, rerank"

    private func limit(_ milliseconds: Int?, _ lane: LaneDefinition) -> Duration {
        let longest = lane.endpoint?.timeout ?? Self.longest
        return min(milliseconds.map { .milliseconds(max(1, $0)) } ?? longest, longest)
    }

    private func answer(
        _ operation: CodecOperation, _ body: JSONValue, _ lane: LaneDefinition, within limit: Duration,
        onDelta: (@Sendable (JSONValue) -> Void)?
    ) async throws -> JSONValue {
        let answer = Mutex(ChatText())
        let started = monotonicNanoseconds()
        let hear: @Sendable (ChatDelta) -> Void = { delta in
            // Compare and chat show the first choice; the others stay in the raw chunks.
            guard delta.choice == 0, !delta.text.isEmpty else { return }
            answer.withLock { $0.add(delta) }
            onDelta?(["channel": .string(ChatText.channels[Int(delta.channel)]), "text": .string(delta.text)])
        }
        let end = try await reaching(lane) { driver in
            switch driver {
            case .engine(let kind):
                guard operation == .chat else { throw LaneError(lane.id, .unsupported("\(operation)")) }
                return try await engines.chat(
                    body, of: lane.id, kind, config: lane.config, within: limit, onDelta: hear)
            case .codec(let codec):
                guard case .end(let end) = try await codec.perform(operation, body, within: limit, onDelta: hear) else {
                    throw LaneError(lane.id, .badAnswer("a document in place of an answer"))
                }
                return end
            }
        }
        return try answer.withLock { $0 }.document(end, body, lane, started: started)
    }

    private func document(
        _ operation: CodecOperation, _ body: JSONValue, _ lane: LaneDefinition, within limit: Duration
    ) async throws -> JSONValue {
        try await reaching(lane) { driver in
            guard case .codec(let codec) = driver else { throw LaneError(lane.id, .unsupported("\(operation)")) }
            return try await Self.value(try await codec.perform(operation, body, within: limit))
        }
    }

    private static func value(_ outcome: CodecRun.Outcome) async throws -> JSONValue {
        guard case .value(let value) = outcome else { return .null }
        return value
    }

    /// What drives a lane.
    private enum Driver {
        case engine(ResolvedKind)
        case codec(CodecLane)
    }

    private func driver(of lane: LaneDefinition) async throws -> Driver {
        let kind = try await kind(of: lane)
        try checks.require(lane, kind)
        if kind.kind.interface == .laneEngine { return .engine(kind) }
        return .codec(CodecLane(lane: lane, kind: kind, codecs: codecs, transport: transport))
    }

    /// Whether lanes of this type have a server at an address; an engine is its own.
    package func hasServer(_ lane: LaneDefinition) async throws(UnknownKind) -> Bool {
        try await kind(of: lane).kind.interface == .laneCodec
    }

    /// The engine or the codec of a lane's type.
    private func kind(of lane: LaneDefinition) async throws(UnknownKind) -> ResolvedKind {
        // Asking the registry for what is not there makes it look at all plugins anew: not for each request to a codec.
        let snapshot = await registry.snapshot
        if let kind = snapshot.kind(.laneEngine, lane.type) ?? snapshot.kind(.laneCodec, lane.type) { return kind }
        let unknown: UnknownKind
        do throws(UnknownKind) { return try await registry.resolve(.laneEngine, lane.type) } catch { unknown = error }
        do throws(UnknownKind) { return try await registry.resolve(.laneCodec, lane.type) } catch {
            throw error.joined(unknown)
        }
    }

    /// Tells a lane that cannot be reached from one that answered with a failure of its own.
    private func reaching<Value>(
        _ lane: LaneDefinition, _ body: (Driver) async throws -> Value
    ) async throws -> Value {
        let driver: Driver
        do { driver = try await self.driver(of: lane) } catch let error as LaneError { throw error } catch {
            throw LaneError(lane.id, .unreachable(Failure(error)))
        }
        do { return try await body(driver) } catch let fault as PluginFault where fault.lostChild {
            throw LaneError(lane.id, .unreachable(Failure(fault)))
        }
    }
}

extension LaneDefinition {
    /// Checks what the lane type takes, as its manifest says it: before anything of it is made.
    func checkConfig(against kind: ResolvedKind) throws {
        guard let schema = kind.kind.schema, let issue = try JSONSchema(schema).validate(config).first else { return }
        let member = issue.instancePointer
        throw LaneError(
            id,
            .badConfig(
                place: places?.place(of: member), what: "config\(member): \(issue.message)", plugin: kind.plugin.id))
    }
}
