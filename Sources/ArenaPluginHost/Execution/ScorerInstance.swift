import ArenaCore
import ArenaPluginABI
import ArenaPluginWire

/// A scorer that was created and can judge batches, wherever it runs.
protocol ScorerInstance: Sendable {
    /// - Throws: a fault of the whole call. After one with ``PluginFault/lostChild`` the instance is of no use.
    func score(_ batch: ScoreBatch, within limit: Duration) async throws(PluginFault) -> [ScoreResult]
    /// Gives everything back. No call follows.
    func discard() async
}

/// A scorer in a child process of its plugin.
struct ChildScorer: ScorerInstance {
    private let child: PluginChild
    private let kind: ResolvedKind
    private let services: CallServices
    private var plugin: String { kind.plugin.id }
    private static let instance: UInt64 = 1

    init(
        _ kind: ResolvedKind, config: String, loader: PluginLoader, services: CallServices
    ) async throws(PluginFault) {
        (child, _) = try await loader.load(kind.plugin, for: kind.kind)
        self.kind = kind
        self.services = services
        do {
            _ = try await child.call(
                .scorerCreate(instance: Self.instance, kind: kind.kind.id, config: config),
                deadline: monotonicNanoseconds() + Duration.seconds(10).nanoseconds,
                listener: services.session(for: kind))
        } catch {
            child.dismiss()
            throw error.naming(kind.plugin.id)
        }
    }

    func score(_ batch: ScoreBatch, within limit: Duration) async throws(PluginFault) -> [ScoreResult] {
        do {
            let bytes = try await child.call(
                .scorerScore(instance: Self.instance, batch: batch.bytes),
                deadline: monotonicNanoseconds() + limit.nanoseconds, listener: services.session(for: kind))
            return Array(try ScoreResults(decoding: bytes, count: batch.count))
        } catch let fault as PluginFault {
            throw fault.naming(plugin)
        } catch {
            child.kill()
            throw PluginFault(.wireViolation("\(error)"), plugin: plugin)
        }
    }

    func discard() async { child.dismiss() }
}

/// A scorer in the host's own process, on the host's plugin threads.
struct HostScorer: ScorerInstance {
    private let scorer: any BatchScorer
    private let threads: PluginThreads
    private let plugin: String

    /// A function without Arena code.
    init(_ function: ForeignFunction, plugin: String, threads: PluginThreads) async throws(PluginFault) {
        self.threads = threads
        self.plugin = plugin
        scorer = try await HostCall.run(threads, within: .seconds(10), plugin: plugin) { _ in
            Result { () throws(PluginFault) in
                do throws(Failure) { return try FunctionScorer(function) } catch {
                    throw PluginFault(.refused(error), plugin: plugin)
                }
            }
        }
    }

    init(_ kind: ResolvedKind, config: String, library: PluginLibrary, threads: PluginThreads) async throws(PluginFault)
    {
        self.threads = threads
        let id = kind.plugin.id
        plugin = id
        let name = kind.kind.id
        scorer = try await HostCall.run(threads, within: .seconds(10), plugin: id) { call in
            Result { () throws(PluginFault) in
                let created: ScorerKind
                do throws(PluginABIError) { created = try library.scorer(name) } catch {
                    throw PluginFault(.refused(Failure(error)), plugin: id)
                }
                do throws(CallFailure) { return try created.create(config: config, in: call) } catch {
                    throw PluginFault(error, plugin: id)
                }
            }
        }
    }

    func score(_ batch: ScoreBatch, within limit: Duration) async throws(PluginFault) -> [ScoreResult] {
        let scorer = self.scorer
        let id = plugin
        return try await HostCall.run(threads, within: limit, plugin: id) { call in
            Result { () throws(PluginFault) in
                do throws(CallFailure) { return Array(try scorer.score(batch, in: call)) } catch {
                    throw PluginFault(error, plugin: id)
                }
            }
        }
    }

    func discard() async {
        let scorer = self.scorer
        _ = try? await threads.call(within: .seconds(10)) { _ in scorer.destroy() }
    }
}
