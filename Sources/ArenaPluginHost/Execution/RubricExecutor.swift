import ArenaCore
package import ArenaJSON
package import ArenaPluginABI
import ArenaPluginWire

/// Runs rubrics: those of first-party plugins in the host, others in a child of their plugin, which is kept for more.
///
/// What a rubric writes is parsed here and not yet believed. Three crashes park the plugin; one that hangs in the host
/// runs in a child ever after.
package actor RubricExecutor {
    package static let crashesUntilParked = 3
    private static let mostLoaded = 16
    private static let standardLimit: Duration = .seconds(10)

    /// A rubric that is loaded, or on the way.
    private final class Loaded {
        let loading: Task<Result<any RubricInstance, PluginFault>, Never>
        var usedAt = monotonicNanoseconds()
        /// Calls that use it or wait for it: only what nobody uses is given back.
        var users = 0

        init(_ loading: Task<Result<any RubricInstance, PluginFault>, Never>) { self.loading = loading }
    }

    private let loader: PluginLoader
    private let threads: PluginThreads
    private var loaded: [String: Loaded] = [:]
    private var isStopped = false
    private var libraries: [String: PluginLibrary] = [:]
    private var demoted: Set<String> = []
    private var crashes: [String: Int] = [:]

    package init(loader: PluginLoader, threads: PluginThreads) {
        self.loader = loader
        self.threads = threads
    }

    /// Where a rubric's plugin runs now.
    package func isolation(of kind: ResolvedKind) -> Isolation {
        demoted.contains(kind.plugin.sha256) ? .child : kind.plugin.isolation(of: kind.kind)
    }

    /// Lets a parked plugin run again.
    package func forgive(_ sha256: String) {
        crashes[sha256] = nil
        demoted.remove(sha256)
    }

    /// What the rubric says of itself: an object.
    package func describe(_ source: RubricSource) async throws(PluginFault) -> JSONValue {
        let text = try await use(source) { instance, limit throws(PluginFault) in
            try await instance.describe(within: limit)
        }
        return try parse(text, "description", source)
    }

    /// The steps for each item.
    package func plan(_ batch: ScoreBatch, with source: RubricSource) async throws(PluginFault) -> [JSONValue] {
        let texts = try await use(source) { instance, limit throws(PluginFault) in
            try await instance.plan(batch, within: limit)
        }
        return try parse(texts, "list of steps", source)
    }

    /// The score of each item.
    package func combine(
        _ batch: ScoreBatch, results: [JSONValue], with source: RubricSource
    ) async throws(PluginFault) -> [JSONValue] {
        let results = results.map { $0.text() }
        let texts = try await use(source) { instance, limit throws(PluginFault) in
            try await instance.combine(batch, results: results, within: limit)
        }
        return try parse(texts, "score", source)
    }

    /// Everything that is wrong with a document; `nil` when its reader cannot tell. In a child, whoever the reader is.
    package func check(_ source: RubricSource) async throws(PluginFault) -> [JSONValue]? {
        let (child, _) = try await loader.load(source.runner.plugin, for: source.runner.kind)
        defer { child.dismiss() }
        do throws(PluginFault) {
            let bytes = try await child.call(
                .rubricCheck(kind: source.runner.kind.id, document: source.document),
                deadline: monotonicNanoseconds() + limit(of: source).nanoseconds)
            return try parse(String(decoding: bytes, as: UTF8.self), "list of faults", source).array
        } catch {
            throw error.naming(source.runner.plugin.id)
        }
    }

    /// Gives every loaded rubric back; later calls are refused.
    package func stop() async {
        isStopped = true
        let all = loaded.values
        loaded = [:]
        for rubric in all { await discard(rubric) }
    }

    // MARK: One call

    private func use<Value: Sendable>(
        _ source: RubricSource,
        _ body: (any RubricInstance, Duration) async throws(PluginFault) -> Value
    ) async throws(PluginFault) -> Value {
        let plugin = source.runner.plugin
        if let count = crashes[plugin.sha256], count >= Self.crashesUntilParked {
            throw PluginFault(.parked(reason: "its rubric crashed \(count) times"), plugin: plugin.id)
        }
        let isHost = isolation(of: source.runner) == .host
        guard !isStopped else { throw PluginFault(.workerUnavailable(reason: "the host is shutting down")) }
        let rubric = await rubric(source)
        defer { rubric.users -= 1 }
        do throws(PluginFault) {
            return try await body(try await rubric.loading.value.get(), limit(of: source))
        } catch {
            guard error.lostChild else { throw error }
            if loaded[source.key] === rubric {
                loaded[source.key] = nil
                if !isHost { await discard(rubric) }
            }
            if Task.isCancelled { throw PluginFault(.cancelled, plugin: plugin.id) }
            if case .workerUnavailable = error.kind { throw error }
            if isHost, case .unresponsive = error.kind {
                // Its thread is lost and its state unknown: from now on a child, which can be ended.
                demoted.insert(plugin.sha256)
            }
            crashes[plugin.sha256, default: 0] += 1
            throw error
        }
    }

    private func limit(of source: RubricSource) -> Duration {
        source.runner.kind.capabilities.timeout.standard ?? Self.standardLimit
    }

    /// The rubric with one user more; callers that come at the same time share one loading.
    private func rubric(_ source: RubricSource) async -> Loaded {
        if let known = loaded[source.key] {
            known.usedAt = monotonicNanoseconds()
            known.users += 1
            return known
        }
        let rubric = Loaded(
            Task { [self] in
                do throws(PluginFault) {
                    return .success(try await load(source))
                } catch {
                    // The next caller tries again.
                    loaded[source.key] = nil
                    return .failure(error)
                }
            })
        rubric.users = 1
        let idle = loaded.filter { $0.value.users == 0 }.min { $0.value.usedAt < $1.value.usedAt }
        loaded[source.key] = rubric
        if loaded.count > Self.mostLoaded, let idle {
            loaded[idle.key] = nil
            await discard(idle.value)
        }
        return rubric
    }

    private func discard(_ rubric: Loaded) async {
        if case .success(let instance) = await rubric.loading.value { await instance.discard() }
    }

    private func load(_ source: RubricSource) async throws(PluginFault) -> any RubricInstance {
        let limit = limit(of: source)
        guard case .host = isolation(of: source.runner), let path = source.runner.plugin.library else {
            return try await ChildRubric(source, loader: loader, within: limit)
        }
        if libraries[path] == nil {
            libraries[path] = try await HostCall.load(path, plugin: source.runner.plugin.id, on: threads)
        }
        guard let library = libraries[path] else { throw PluginFault(.cancelled) }
        return try await HostRubric(source, library: library, threads: threads, within: limit)
    }

    // MARK: What came back

    private func parse(_ texts: [String], _ what: String, _ source: RubricSource) throws(PluginFault) -> [JSONValue] {
        var values: [JSONValue] = []
        for text in texts { values.append(try parse(text, what, source)) }
        return values
    }

    private func parse(_ text: String, _ what: String, _ source: RubricSource) throws(PluginFault) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: text) } catch {
            let failure = Failure(
                code: "rubric.bad_output", category: .internalError,
                message: "The \(what) of rubric plugin \(source.runner.plugin.id) is no JSON: \(error.message)",
                hint: "This is a fault of the plugin: report it to its author.")
            throw PluginFault(.failed(.internalError, failure, retry: false), plugin: source.runner.plugin.id)
        }
    }
}
