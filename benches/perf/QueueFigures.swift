import ArenaConcurrency
import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import Glibc

/// Jobs through the store alone, each on the disk at every step (WAL, synchronous=FULL), beside a bare loop in C that
/// writes the same rows in the same transactions.
enum QueueFigures {
    private static let rounds = 5
    private static let callers = 32
    private static let batch = 50

    private typealias Floor =
        @convention(c) (
            UnsafePointer<CChar>, Int32, Int32, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
        ) -> Void

    static func measure(_ bench: Workbench) async throws {
        let floor = try loadFloor(bench)
        let singly = try await compare(bench, floor, jobs: 500, batch: 1) { store, jobs in
            for _ in 0..<jobs { try await enqueue(on: store) }
        } work: { store in
            while try await finish(1, on: store) > 0 {}
        }
        let together = try await compare(bench, floor, jobs: 6400, batch: callers) { store, jobs in
            try await byCallers { for _ in 0..<(jobs / callers) { try await enqueue(on: store) } }
        } work: { store in
            try await byCallers { while try await finish(1, on: store) > 0 {} }
        }
        let batches = try await compare(bench, floor, jobs: 6400, batch: batch) { store, jobs in
            try await byCallers { for _ in 0..<(jobs / callers) { try await enqueue(on: store) } }
        } work: { store in
            while try await finish(batch, on: store) > 0 {}
        }
        emit("queue_singly", singly, "one caller", goal: .none)
        emit("queue_32_callers", together, "32 callers, transactions of those that meet", goal: .none)
        emit("queue_batches_of_50", batches, "claimed, begun and finished 50 at a time", goal: .atLeast(50_000))
    }

    /// Jobs a second.
    private struct Rates {
        var enqueued = Samples()
        var worked = Samples()
        var floorEnqueued = Samples()
        var floorWorked = Samples()
    }

    /// Measures in turns, each time on a new file.
    private static func compare(
        _ bench: Workbench, _ floor: Floor, jobs: Int, batch: Int,
        enqueue: (ArenaStore, Int) async throws -> Void, work: (ArenaStore) async throws -> Void
    ) async throws -> Rates {
        var rates = Rates()
        for _ in 0..<rounds {
            let folder = try bench.makeFolder("queue-" + Identifier.random())
            let store = try await ArenaStore.open(path: folder + "/ours.db")
            let first = Stopwatch()
            try await enqueue(store, jobs)
            rates.enqueued.add(Double(jobs) / first.milliseconds * 1000)
            let second = Stopwatch()
            try await work(store)
            rates.worked.add(Double(jobs) / second.milliseconds * 1000)
            try await store.close()

            try await ArenaStore.open(path: folder + "/floor.db").close()
            var (enqueueSeconds, workSeconds) = (0.0, 0.0)
            floor(folder + "/floor.db", Int32(jobs), Int32(batch), &enqueueSeconds, &workSeconds)
            rates.floorEnqueued.add(Double(jobs) / enqueueSeconds)
            rates.floorWorked.add(Double(jobs) / workSeconds)
        }
        return rates
    }

    private static func emit(_ name: String, _ rates: Rates, _ what: String, goal: Figure.Goal) {
        let baseline = "the same rows and transactions from C"
        Figure(
            name: name + "_enqueue", value: rates.enqueued.median, unit: "jobs/s", baseline: baseline,
            baselineValue: rates.floorEnqueued.median, goal: .none, count: rounds,
            note: "\(what), synchronous=FULL; \(rates.enqueued.spread)"
        ).emit()
        Figure(
            name: name + "_run", value: rates.worked.median, unit: "jobs/s", baseline: baseline,
            baselineValue: rates.floorWorked.median, goal: goal, count: rounds,
            note: "\(what), synchronous=FULL; \(rates.worked.spread)"
        ).emit()
    }

    private static func byCallers(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<callers { group.addTask { try await body() } }
            try await group.waitForAll()
        }
    }

    private static func enqueue(on store: ArenaStore) async throws {
        _ = try await store.enqueue(
            NewJob(id: Identifier.random(), kind: "demo/noop", payload: [:], trigger: "perf", seed: 1, maxAttempts: 3))
    }

    /// - Returns: how many jobs there were.
    private static func finish(_ count: Int, on store: ArenaStore) async throws -> Int {
        let claims = try await store.claim(
            ClaimRequest(
                limit: count, dispatcherID: "perf", host: .current(), leaseExpiresAt: store.now() + .seconds(30)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for claim in claims {
                group.addTask {
                    _ = try await store.begin(
                        claim.lease, plugin: PluginStamp(id: "demo", version: "1.0.0", sha256: "ab"))
                    _ = try await store.conclude(claim.lease) { job in
                        var conclusion = AttemptConclusion(.done, by: .finish, of: job)
                        conclusion.result = [:]
                        return conclusion
                    }
                }
            }
            try await group.waitForAll()
        }
        return claims.count
    }

    private static func loadFloor(_ bench: Workbench) throws -> Floor {
        let path = bench.folder + "/libqueue_floor.so"
        let source = "\(Workbench.checkout)/benches/perf/Fixtures/queue_floor.c"
        guard
            Workbench.run(
                "cc", ["-std=c11", "-D_GNU_SOURCE", "-O2", "-fPIC", "-shared", "-o", path, source, "-lsqlite3"]) == 0,
            let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, "queue_floor")
        else { throw Workbench.Failure(description: "\(source) cannot be built and loaded.") }
        return unsafeBitCast(symbol, to: Floor.self)
    }
}
