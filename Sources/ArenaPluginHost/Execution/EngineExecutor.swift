import ArenaCore
package import ArenaJSON
package import ArenaPluginWire
import Synchronization

/// Runs lane engines: each lane's engine has a child of its own that lives until it fails, changes or is stopped.
package actor EngineExecutor {
    /// A running engine and what it was made from.
    private struct Running {
        let child: PluginChild
        let sha256: String
        let kind: String
        let config: String
    }

    private let loader: PluginLoader
    private let services: CallServices
    private var running: [String: Running] = [:]
    private var starting: [String: Task<PluginChild, any Error>] = [:]
    private static let instance: UInt64 = 1

    package init(loader: PluginLoader, services: CallServices = .none) {
        self.loader = loader
        self.services = services
    }

    /// `{"ok", "reason"}` within a second or two, as the engine says.
    package func health(of lane: String, _ kind: ResolvedKind, config: JSONValue) async throws -> JSONValue {
        let child = try await engine(lane, kind, config)
        let bytes = try await child.call(
            .engineHealth(instance: Self.instance), deadline: monotonicNanoseconds() + Duration.seconds(2).nanoseconds,
            listener: services.session(for: kind))
        return try JSONValue(parsing: bytes)
    }

    /// An array of models.
    package func models(of lane: String, _ kind: ResolvedKind, config: JSONValue) async throws -> JSONValue {
        let child = try await engine(lane, kind, config)
        let bytes = try await child.call(
            .engineModels(instance: Self.instance), deadline: monotonicNanoseconds() + Duration.seconds(10).nanoseconds,
            listener: services.session(for: kind))
        return try JSONValue(parsing: bytes)
    }

    /// Answers a chat-completions request. `onDelta` hears the pieces in order, on the child's I/O thread.
    package func chat(
        _ request: JSONValue, of lane: String, _ kind: ResolvedKind, config: JSONValue, within limit: Duration,
        onDelta: @escaping @Sendable (ChatDelta) -> Void
    ) async throws -> ChatEnd {
        let child = try await engine(lane, kind, config)
        // What is no piece is the child's fault and is left out.
        let hear: @Sendable ([UInt8]) -> Void = { if let delta = try? ChatDelta(decoding: $0) { onDelta(delta) } }
        let bytes = try await child.call(
            .engineChat(instance: Self.instance, request: request.text()),
            deadline: monotonicNanoseconds() + limit.nanoseconds,
            listener: services.session(for: kind, onDelta: hear) ?? DeltaListener(hear: hear))
        return try ChatEnd(decoding: bytes)
    }

    /// Ends a lane's engine, which gives its memory back.
    package func stop(_ lane: String) {
        running.removeValue(forKey: lane)?.child.dismiss()
    }

    /// Ends all of them.
    package func stop() {
        for engine in running.values { engine.child.dismiss() }
        running = [:]
    }

    /// The lane's child with its engine created and started. Concurrent callers share one start.
    private func engine(_ lane: String, _ kind: ResolvedKind, _ config: JSONValue) async throws -> PluginChild {
        let text = config.text(.sorted)
        if let engine = running[lane], !engine.child.isOver, engine.sha256 == kind.plugin.sha256,
            engine.kind == kind.kind.id, engine.config == text
        {
            return engine.child
        }
        if let start = starting[lane] { return try await start.value }
        running.removeValue(forKey: lane)?.child.dismiss()
        let start = Task { [services] in try await Self.start(kind, config: text, loader: loader, services) }
        starting[lane] = start
        defer { starting[lane] = nil }
        let child = try await start.value
        running[lane] = Running(child: child, sha256: kind.plugin.sha256, kind: kind.kind.id, config: text)
        return child
    }

    private static func start(
        _ kind: ResolvedKind, config: String, loader: PluginLoader, _ services: CallServices
    ) async throws -> PluginChild {
        let (child, _) = try await loader.load(kind.plugin, for: kind.kind)
        do {
            let limit = kind.kind.capabilities.timeout.standard ?? .seconds(120)
            let deadline = monotonicNanoseconds() + limit.nanoseconds
            _ = try await child.call(
                .engineCreate(instance: instance, kind: kind.kind.id, config: config), deadline: deadline,
                listener: services.session(for: kind))
            _ = try await child.call(
                .engineStart(instance: instance), deadline: deadline, listener: services.session(for: kind))
            return child
        } catch {
            child.kill()
            throw error
        }
    }

    /// Passes pieces on.
    private struct DeltaListener: CallListener {
        let hear: @Sendable ([UInt8]) -> Void

        func delta(_ bytes: [UInt8]) { hear(bytes) }
    }
}
