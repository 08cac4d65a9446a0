import ArenaCore
package import ArenaEvaluation
package import ArenaHTTPClient
package import ArenaJobs
package import ArenaLanes
package import ArenaPluginHost
package import ArenaStore

#if canImport(Glibc)
import Glibc
#endif

/// Everything that runs in one process on one home: the command line, a worker and the server differ only in what they
/// start of it.
package final class ArenaRuntime: Sendable {
    package let options: RuntimeOptions
    package let store: ArenaStore
    package let registry: PluginRegistry
    package let lanes: LaneService
    package let scoring: ScoringService
    package let rubrics: RubricService
    package let benches: BenchLibrary
    package let jobs: JobQueue
    package let schedules: ScheduleBook
    package let rescuer: Rescuer
    let scorers: ScorerExecutor
    let rubricExecutor: RubricExecutor
    let engines: EngineExecutor
    let codecs: CodecExecutor
    let runner: JobRunner
    let exporter: ExporterRunner
    package let loader: PluginLoader
    package let threads: PluginThreads
    /// Where children, and examinations of plugins, have their files.
    package let scratch: ScratchRoot
    /// For lanes and for the service `arena.http/1`.
    package let http = HTTPClient()
    private let catalog: RegistryJobCatalog

    /// Opens the store and makes the parts. Nothing is looked at or started yet: see ``PluginRegistry/refresh()``.
    ///
    /// - Throws: the store's error, or `home.unusable`.
    package init(_ options: RuntimeOptions) async throws {
        self.options = options
        // A child that is gone must not end the host that writes to it.
        signal(SIGPIPE, SIG_IGN)
        try Self.makeFolder(options.home + "/scratch")
        scratch = try ScratchRoot(below: options.home + "/scratch")
        store = try await ArenaStore.open(path: options.home + "/arena.db", clock: options.clock)
        threads = PluginThreads(size: 4)
        let launcher = WorkerLauncher(
            executable: options.worker, scratchRoot: scratch.path, spares: options.spareWorkers)
        loader = PluginLoader(launcher: launcher)
        let services = Self.callServices(client: http, options)
        scorers = ScorerExecutor(loader: loader, threads: threads, services: services)
        rubricExecutor = RubricExecutor(loader: loader, threads: threads)
        engines = EngineExecutor(loader: loader, services: services)
        codecs = CodecExecutor(loader: loader, threads: threads, scorers: scorers)
        runner = JobRunner(loader: loader)
        exporter = ExporterRunner(loader: loader)
        registry = PluginRegistry(
            PluginRegistry.Configuration(
                directories: options.pluginDirectories, home: options.home, trustsAll: options.trustsAllPlugins,
                preferred: options.preferredKinds),
            loader: loader, scorers: scorers, threads: threads, rubrics: rubricExecutor, clock: options.clock)
        lanes = LaneService(
            book: LaneBook(options.lanes), registry: registry, engines: engines, codecs: codecs,
            transport: HTTPLaneTransport(client: http, secrets: options.secrets))
        scoring = ScoringService(registry: registry, executor: scorers)
        rubrics = RubricService(registry: registry, executor: rubricExecutor, scoring: scoring, threads: threads)
        benches = BenchLibrary(folders: options.benchFolders)
        rescuer = Rescuer(store: store, leaseDuration: options.leaseDuration, clock: options.clock)
        catalog = RegistryJobCatalog(registry: registry, runner: runner, rules: options.jobRules)
        jobs = JobQueue(store: store, catalog: catalog, rescuer: rescuer)
        schedules = ScheduleBook(store: store, queue: jobs, clock: options.clock)
    }

    /// Judges answers with a scorer or, as `rubric:NAME`, with a rubric.
    package var answers: AnswerScoring { AnswerScoring(scoring: scoring, rubrics: rubrics, lanes: lanes) }

    /// A dispatcher of this process. It runs once: make another for another run.
    package func makeDispatcher() -> Dispatcher {
        Dispatcher(
            store: store, catalog: catalog, executor: PluginJobExecutor(runtime: self),
            configuration: DispatcherConfiguration(
                slots: options.parallelJobs, leaseDuration: options.leaseDuration))
    }

    /// What enqueues the jobs of schedules.
    package func makeScheduler() -> Scheduler { Scheduler(store: store, catalog: catalog) }

    /// One pass over the queue.
    package func makeDrain() -> Drain {
        Drain(
            scheduler: makeScheduler(), dispatcher: makeDispatcher(),
            lockPath: ArenaHome(path: options.home).drainLock)
    }

    /// Ends every child and closes the store. Attempts must have ended before.
    package func close() async {
        await registry.stop()
        await engines.stop()
        await codecs.stop()
        await scorers.stop()
        await rubricExecutor.stop()
        await runner.stop()
        await http.close()
        await loader.launcher.stop()
        threads.stop()
        try? await store.close()
        scratch.remove()
    }

    private static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw Failure(
            code: "home.unusable", category: .failedPrecondition,
            message: "The folder \(path) cannot be made: \(String(cString: strerror(errno))).",
            hint: "Set ARENA_HOME to a folder that you may write to.")
    }
}
