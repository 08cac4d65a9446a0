import ArenaCore
import ArenaPluginABI
import ArenaPluginWire

/// A rubric that was loaded, wherever it runs. Several calls may be in progress at once.
protocol RubricInstance: Sendable {
    func describe(within limit: Duration) async throws(PluginFault) -> String
    func plan(_ batch: ScoreBatch, within limit: Duration) async throws(PluginFault) -> [String]
    func combine(
        _ batch: ScoreBatch, results: [String], within limit: Duration
    ) async throws(PluginFault) -> [String]
    /// Gives everything back. No call follows.
    func discard() async
}

/// A rubric in a child process of its plugin.
struct ChildRubric: RubricInstance {
    private let child: PluginChild
    private let plugin: String
    private static let instance: UInt64 = 1

    init(_ source: RubricSource, loader: PluginLoader, within limit: Duration) async throws(PluginFault) {
        (child, _) = try await loader.load(source.runner.plugin, for: source.runner.kind)
        plugin = source.runner.plugin.id
        do {
            _ = try await child.call(
                .rubricLoad(instance: Self.instance, kind: source.runner.kind.id, document: source.document),
                deadline: monotonicNanoseconds() + limit.nanoseconds)
        } catch {
            child.dismiss()
            throw error.naming(plugin)
        }
    }

    func describe(within limit: Duration) async throws(PluginFault) -> String {
        String(decoding: try await call(.rubricDescribe(instance: Self.instance), limit), as: UTF8.self)
    }

    func plan(_ batch: ScoreBatch, within limit: Duration) async throws(PluginFault) -> [String] {
        try texts(await call(.rubricPlan(instance: Self.instance, batch: batch.bytes), limit), batch.count)
    }

    func combine(
        _ batch: ScoreBatch, results: [String], within limit: Duration
    ) async throws(PluginFault) -> [String] {
        let bytes = try await call(
            .rubricCombine(instance: Self.instance, batch: batch.bytes, results: results), limit)
        return try texts(bytes, batch.count)
    }

    func discard() async { child.dismiss() }

    private func call(_ request: CallRequest, _ limit: Duration) async throws(PluginFault) -> [UInt8] {
        do throws(PluginFault) {
            return try await child.call(request, deadline: monotonicNanoseconds() + limit.nanoseconds)
        } catch {
            throw error.naming(plugin)
        }
    }

    private func texts(_ bytes: [UInt8], _ count: Int) throws(PluginFault) -> [String] {
        guard let list = try? TextList(decoding: bytes), list.texts.count == count else {
            child.kill()
            throw PluginFault(.wireViolation("a list that is not one text for each item"), plugin: plugin)
        }
        return list.texts
    }
}

/// A rubric in the host's own process, on the host's plugin threads.
struct HostRubric: RubricInstance {
    private let rubric: Rubric
    private let threads: PluginThreads
    private let plugin: String

    init(
        _ source: RubricSource, library: PluginLibrary, threads: PluginThreads, within limit: Duration
    ) async throws(PluginFault) {
        self.threads = threads
        let id = source.runner.plugin.id
        plugin = id
        rubric = try await HostCall.run(threads, within: limit, plugin: id) { call in
            Result { () throws(PluginFault) in
                let kind: RubricKind
                do throws(PluginABIError) { kind = try library.rubric(source.runner.kind.id) } catch {
                    throw PluginFault(.refused(Failure(error)), plugin: id)
                }
                do throws(CallFailure) { return try kind.load(document: source.document, in: call) } catch {
                    throw PluginFault(error, plugin: id)
                }
            }
        }
    }

    func describe(within limit: Duration) async throws(PluginFault) -> String {
        try await run(limit) { rubric, call throws(CallFailure) in try rubric.describe(in: call) }
    }

    func plan(_ batch: ScoreBatch, within limit: Duration) async throws(PluginFault) -> [String] {
        try await run(limit) { rubric, call throws(CallFailure) in try rubric.plan(batch, in: call) }
    }

    func combine(
        _ batch: ScoreBatch, results: [String], within limit: Duration
    ) async throws(PluginFault) -> [String] {
        try await run(limit) { rubric, call throws(CallFailure) in
            try rubric.combine(batch, results: results, in: call)
        }
    }

    func discard() async {
        let rubric = self.rubric
        _ = try? await threads.call(within: .seconds(10)) { _ in rubric.destroy() }
    }

    private func run<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable (Rubric, CallContext) throws(CallFailure) -> Value
    ) async throws(PluginFault) -> Value {
        let rubric = self.rubric
        let id = plugin
        return try await HostCall.run(threads, within: limit, plugin: id) { call in
            Result { () throws(PluginFault) in
                do throws(CallFailure) { return try body(rubric, call) } catch { throw PluginFault(error, plugin: id) }
            }
        }
    }
}
