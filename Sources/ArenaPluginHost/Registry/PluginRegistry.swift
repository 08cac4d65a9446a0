package import ArenaCore
import Synchronization

/// Takes each plugin the whole way from seen to ready, and follows what changes, without a restart.
///
/// A look scans the directories, asks the grants, stores what may run and probes what is new. A change is a new
/// generation beside the old: whoever resolved a kind before keeps what it has.
package actor PluginRegistry {
    package struct Configuration: Sendable {
        /// In order of precedence; bundled first.
        package var directories: [PluginDirectory]
        /// `ARENA_HOME`.
        package var home: String
        /// `plugins.trust: all`.
        package var trustsAll: Bool
        /// `plugins.prefer`: short kind name to plugin id.
        package var preferred: [String: String]

        package init(
            directories: [PluginDirectory], home: String, trustsAll: Bool = false, preferred: [String: String] = [:]
        ) {
            self.directories = directories
            self.home = home
            self.trustsAll = trustsAll
            self.preferred = preferred
        }
    }

    private let configuration: Configuration
    private let scanner: PluginScanner
    private let digests: FileDigestCache
    let grants: GrantFile
    private let store: ContentStore
    private let probe: PluginProbe
    let verdicts: ProbeCache
    let scorers: ScorerExecutor
    let rubrics: RubricExecutor?
    private let threads: PluginThreads
    let clock: any WallClock
    private var snapshotNow = RegistrySnapshot()
    private var watchers: [UInt64: AsyncStream<RegistrySnapshot>.Continuation] = [:]
    private var nextWatcher: UInt64 = 0
    /// Generations that were ready in this process: held, so that nothing prunes what may still run.
    private var held: [String: StoredPlugin] = [:]
    private var looking: Task<Void, Never>?
    private var lookAgain = false
    private var watching: [Task<Void, Never>] = []
    private static let scanLimit: Duration = .seconds(60)
    private static let publishEvery: Duration = .milliseconds(20)

    /// Blocking: reads the cache of verdicts.
    package init(
        _ configuration: Configuration, loader: PluginLoader, scorers: ScorerExecutor, threads: PluginThreads,
        rubrics: RubricExecutor? = nil, clock: any WallClock = SystemClock()
    ) {
        self.configuration = configuration
        self.scorers = scorers
        self.rubrics = rubrics
        self.threads = threads
        self.clock = clock
        let digests = FileDigestCache(path: configuration.home + "/digests.json")
        self.digests = digests
        grants = GrantFile(home: configuration.home)
        store = ContentStore(path: configuration.home + "/store", digests: digests, clock: clock)
        probe = PluginProbe(loader: loader)
        verdicts = ProbeCache(home: configuration.home, clock: clock)
        scanner = PluginScanner(
            directories: configuration.directories,
            digests: digests, clock: clock)
    }

    /// What is registered now.
    package var snapshot: RegistrySnapshot { snapshotNow }

    /// The kind of a short or full name, waiting for a first look at plugins that are still being checked.
    ///
    /// - Throws: ``UnknownKind``.
    package func resolve(_ interface: InterfaceID, _ name: String) async throws(UnknownKind) -> ResolvedKind {
        if let kind = snapshotNow.kind(interface, name) { return kind }
        // A grant that was just given, or a library that just came, may be newer than the last look.
        await refresh()
        for _ in 0..<Self.mostLooks {
            do throws(UnknownKind) { return try snapshotNow.resolve(interface, name) } catch {
                guard error.claimant?.state.isPassing == true, (try? await Task.sleep(for: Self.pause)) != nil else {
                    throw error
                }
            }
            await refresh()
        }
        return try snapshotNow.resolve(interface, name)
    }

    /// How often, and how long apart, a plugin is looked at that is still being copied or examined.
    static let mostLooks = 20
    static let pause = Duration.milliseconds(100)

    /// The snapshot now and after each change; a slow reader sees the newest only.
    package func changes() -> AsyncStream<RegistrySnapshot> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: RegistrySnapshot.self, bufferingPolicy: .bufferingNewest(1))
        nextWatcher += 1
        let id = nextWatcher
        watchers[id] = continuation
        continuation.onTermination = { [weak self] _ in
            Task { await self?.forget(watcher: id) }
        }
        continuation.yield(snapshotNow)
        return stream
    }

    /// Looks once and returns when everything that was found is settled.
    package func refresh() async {
        lookAgain = true
        if looking == nil {
            looking = Task {
                while lookAgain {
                    lookAgain = false
                    await look()
                }
                looking = nil
            }
        }
        await looking?.value
    }

    /// Follows the directories and the grants until ``stop()``.
    package func watch() async throws(PluginError) {
        let directories = configuration.directories.map(WatchedDirectory.init)
        let lock = WatchedDirectory(path: configuration.home, depth: .only(GrantFile.name))
        let watch = try DirectoryWatch(directories + [lock])
        watching.append(
            Task { [weak self] in
                for await _ in watch.changes { await self?.refresh() }
                watch.stop()
            })
    }

    package func stop() {
        for task in watching { task.cancel() }
        watching = []
        for continuation in watchers.values { continuation.finish() }
        watchers = [:]
    }

    private func look() async {
        let scanner = scanner
        let grants = grants
        guard let scan = try? await block({ scanner.scan() }) else { return }
        let lock = try? await block { Result { () throws(PluginError) in try grants.read() } }
        var next = RegistrySnapshot()
        next.problems = scan.problems.map { Failure($0.error) }
        var known = PluginLock()
        switch lock {
        case .success(let read): known = read
        case .failure(let error): next.problems.append(Failure(error))
        case nil: break
        }
        next.plugins = scan.candidates.map { list($0, known) }
        publish(next)
        var published = monotonicNanoseconds()
        for index in next.plugins.indices where next.plugins[index].state == .checking {
            next.plugins[index].state = await settle(scan.candidates[index], known)
            // Each publication goes through all plugins: with hundreds of them, not after each.
            if monotonicNanoseconds() - published >= Self.publishEvery.nanoseconds {
                publish(next)
                published = monotonicNanoseconds()
            }
        }
        publish(next)
        let digests = digests
        _ = try? await block { digests.save() }
        if let wait = scan.lookAgainAfter { scheduleLook(after: wait) }
    }

    /// How a candidate is listed before any of its code has run. What was ready with the same files stays so.
    private func list(_ candidate: PluginCandidate, _ lock: PluginLock) -> PluginStatus {
        var status = PluginStatus(
            name: candidate.name, location: candidate.location, isGranted: false, state: .checking)
        switch candidate.outcome {
        case .settling: status.state = .settling
        case .refused(let error):
            // Another plugin has the name: this one is listed by its file.
            if error.reason == .duplicateID {
                status.takenID = candidate.name
                let file = candidate.location.name
                status.name = file == candidate.name ? candidate.location.path : file
            }
            status.state = .refused(Failure(error))
        case .broken(let error): status.state = .broken(Failure(error))
        case .usable(let manifest, let content):
            status.manifest = manifest
            status.content = content
            let decision = decide(candidate, manifest, content, lock)
            status.isGranted = decision.mayRun
            switch decision {
            case .needsGrant(let request): status.state = .needsGrant(request)
            case .disabled:
                if let error = decision.refusal(of: manifest.id) { status.state = .disabled(Failure(error)) }
            case .firstParty, .granted, .trustAll:
                if let before = snapshotNow.plugin(candidate.name), before.sha256 == content.hash,
                    case .ready(let plugin) = before.state, plugin.mayRunInHost == decision.mayRunInHost
                {
                    status.state = .ready(plugin)
                }
            }
        }
        return status
    }

    private func decide(
        _ candidate: PluginCandidate, _ manifest: PluginManifest, _ content: PluginContent, _ lock: PluginLock
    ) -> GrantDecision {
        lock.decide(
            manifest, content, isFirstParty: candidate.location.needsNoGrant,
            trustsAll: configuration.trustsAll)
    }

    /// Stores and probes a plugin that may run.
    private func settle(_ candidate: PluginCandidate, _ lock: PluginLock) async -> PluginState {
        guard case .usable(let manifest, let content) = candidate.outcome else { return .checking }
        let decision = decide(candidate, manifest, content, lock)
        do {
            let store = store
            let location = candidate.location
            let stored = try await block {
                Result { () throws(PluginError) in try store.store(manifest, content, from: location) }
            }.get()
            held[content.hash] = stored
            let plugin = ReadyPlugin(
                manifest: manifest, sha256: content.hash, folder: stored.path,
                library: stored.libraryPath(manifest),
                isFirstParty: candidate.location.isFirstParty, mayRunInHost: decision.mayRunInHost, sandbox: .full)
            let verdict = try await judge(plugin)
            switch verdict {
            case .broken(let failure): return .broken(failure)
            case .ready(let sandbox, _):
                let plugin = plugin.with(sandbox: sandbox)
                if let reason = await scorers.parkedReason(of: content.hash) {
                    return .parked(plugin, reason: reason)
                }
                return .ready(plugin)
            }
        } catch {
            return .broken(Failure(error))
        }
    }

    /// The remembered verdict, or a new one. Manifest-only plugins have nothing to probe.
    private func judge(_ plugin: ReadyPlugin) async throws -> ProbeVerdict {
        guard plugin.hasCode else { return .ready(.full, warnings: plugin.manifest.warnings) }
        let verdicts = verdicts
        if let known = verdicts.verdict(of: plugin.sha256) { return known }
        let verdict = try await probe.examine(plugin)
        try await block { verdicts.remember(verdict, of: plugin.sha256) }
        return verdict
    }

    private func publish(_ next: RegistrySnapshot) {
        var next = next
        next.enterKinds(preferred: configuration.preferred)
        next.checkPreferences(configuration.preferred)
        guard next.plugins != snapshotNow.plugins || next.problems != snapshotNow.problems else { return }
        next.generation = snapshotNow.generation + 1
        snapshotNow = next
        for continuation in watchers.values { continuation.yield(next) }
    }

    private func scheduleLook(after wait: Duration) {
        Task { [weak self] in
            try? await Task.sleep(for: wait)
            await self?.refresh()
        }
    }

    private func forget(watcher id: UInt64) { watchers[id] = nil }

    /// File work, on a thread that may block.
    func block<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws -> Value {
        try await threads.call(within: Self.scanLimit) { _ in body() }
    }
}
