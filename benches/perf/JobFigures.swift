import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import GRDB

/// Jobs from being asked for to being done, each in a child of its own and durably stored.
enum JobFigures {
    private static let coldRounds = 30
    private static let throughputRounds = 3
    private static let jobsPerRound = 200

    static func measure(_ bench: Workbench) async throws {
        let commit = try Samples(commitsIn: bench.folder + "/raw.db")
        for spares in [0, 2] {
            let samples = try await latency(bench, spares: spares)
            Figure(
                name: spares == 0 ? "job_cold" : "job_with_waiting_worker", value: samples.median, unit: "ms",
                baseline: "one SQLite commit with fsync", baselineValue: commit.median, goal: .atMost(10),
                count: samples.count,
                note: "`sleep` for 0 s, enqueue to done, "
                    + (spares == 0 ? "no child waiting" : "two children waiting") + "; \(samples.spread)"
            ).emit()
        }
        let rate = try await throughput(bench)
        Figure(
            name: "jobs_throughput", value: rate.median, unit: "jobs/s", baseline: "SQLite commits with fsync a second",
            baselineValue: 1000 / commit.median, goal: .atLeast(150), count: rate.count,
            note: "\(jobsPerRound) `sleep` jobs of 0 s enqueued by 4 tasks, 4 slots, 4 children waiting"
        ).emit()
    }

    /// Milliseconds of single jobs, one after the other.
    private static func latency(_ bench: Workbench, spares: Int) async throws -> Samples {
        var samples = Samples()
        try await withRuntime(bench, slots: 2, spares: spares) { runtime in
            for round in 0..<(coldRounds + 1) {
                try await Task.sleep(for: .milliseconds(30))
                let watch = Stopwatch()
                let job = try await enqueue(on: runtime)
                try await finish(job, on: runtime)
                if round > 0 { samples.add(watch.milliseconds) }
            }
        }
        return samples
    }

    /// Jobs a second, from the first that is asked for to the last that is done.
    private static func throughput(_ bench: Workbench) async throws -> Samples {
        var samples = Samples()
        try await withRuntime(bench, slots: 4, spares: 4) { runtime in
            for _ in 0..<throughputRounds {
                let watch = Stopwatch()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            var jobs: [String] = []
                            for _ in 0..<(jobsPerRound / 4) { jobs.append(try await enqueue(on: runtime)) }
                            for job in jobs { try await finish(job, on: runtime) }
                        }
                    }
                    try await group.waitForAll()
                }
                samples.add(Double(jobsPerRound) / (watch.milliseconds / 1000))
            }
        }
        return samples
    }

    private static func withRuntime(
        _ bench: Workbench, slots: Int, spares: Int, _ body: (ArenaRuntime) async throws -> Void
    ) async throws {
        guard let bundled = PluginDirectory.bundled() else { return }
        let runtime = try await ArenaRuntime(
            RuntimeOptions(
                home: try bench.makeFolder("jobs-" + Identifier.random()), pluginDirectories: [bundled],
                benchFolders: [], worker: bench.worker, parallelJobs: slots, spareWorkers: spares))
        await runtime.registry.refresh()
        let dispatcher = runtime.makeDispatcher()
        let running = Task { try await dispatcher.run() }
        do { try await body(runtime) } catch {
            dispatcher.stop()
            _ = try? await running.value
            await runtime.close()
            throw error
        }
        dispatcher.stop()
        try await running.value
        await runtime.close()
    }

    private static func enqueue(on runtime: ArenaRuntime) async throws -> String {
        try await runtime.jobs.enqueue(
            JobRequest(
                kind: "sleep", payload: ["seconds": 0, "steps": 1], deduplication: .never, trigger: "perf")
        ).job.id
    }

    private static func finish(_ id: String, on runtime: ArenaRuntime) async throws {
        let job = try await runtime.jobs.untilFinished(id)
        guard job.status == .done else { throw Workbench.Failure(description: "A job ended \(job.status).") }
    }
}

extension Samples {
    /// Milliseconds of commits of one row each, as durable as those of the store.
    fileprivate init(commitsIn path: String) throws {
        self.init()
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.write { try $0.execute(sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)") }
        for _ in 0..<200 {
            let watch = Stopwatch()
            try pool.write { try $0.execute(sql: "INSERT INTO t (text) VALUES ('a job')") }
            add(watch.milliseconds)
        }
        try pool.close()
    }
}
