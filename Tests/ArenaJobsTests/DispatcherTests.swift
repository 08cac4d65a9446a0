import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

@Suite(.temporaryDirectory) struct DispatcherTests {
    private let clock = TestClock()

    private func dispatcher(
        _ store: ArenaStore, slots: Int = 4, host: HostIdentity = .fake(pid: 1), catalog: StubCatalog = StubCatalog(),
        _ body: @escaping @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome
    ) -> Dispatcher {
        Dispatcher(
            store: store, catalog: catalog, executor: StubExecutor(body),
            configuration: DispatcherConfiguration(slots: slots), clock: clock, host: host,
            processes: StubProcesses([1: .present(startTicks: 1)]), ender: StubEnder())
    }

    /// Runs a dispatcher while `body` runs, then stops it and waits for its end.
    private func serving(_ dispatcher: Dispatcher, _ body: () async throws -> Void) async throws {
        let serving = Task { try await dispatcher.run() }
        do {
            try await body()
        } catch {
            dispatcher.stop()
            _ = await serving.result
            throw error
        }
        dispatcher.stop()
        try await serving.value
    }

    @Test func runsWhatIsThereAndWhatComes() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j1"))
        try await serving(dispatcher(store) { job, _ in .done(["id": .string(job.record.id)]) }) {
            #expect(try await store.until("j1") { $0.status.isFinal }.result == ["id": "j1"])
            _ = try await store.enqueue(.sample("j2"))
            #expect(try await store.until("j2") { $0.status.isFinal }.status == .done)
        }
        #expect(try await store.dispatchers().isEmpty)
        let attempt = try #require(try await store.attempts(ofJob: "j2").first)
        #expect(attempt.plugin == JobKindInfo.demo.plugin && attempt.end == .done)
    }

    @Test func runsWhatAnotherProcessEnqueues() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        let other = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        try await serving(dispatcher(store) { _, _ in .done([:]) }) {
            _ = try await other.enqueue(.sample("j"))
            #expect(try await other.until("j") { $0.status.isFinal }.status == .done)
        }
    }

    @Test func runsNoMoreAtOnceThanItHasSlots() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        for number in 0..<12 { _ = try await store.enqueue(.sample("j\(number)")) }
        let counted = StubCounter()
        try await serving(
            dispatcher(store, slots: 3) { _, _ in
                await counted.enter()
                await Task.yield()
                await counted.leave()
                return .done([:])
            }
        ) {
            for number in 0..<12 { _ = try await store.until("j\(number)") { $0.status == .done } }
        }
        #expect(await counted.most <= 3)
    }

    @Test func failureIsRetriedAfterItsPauseAndGoesOnFromTheCheckpoint() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        let dispatcher = dispatcher(store) { job, attempt in
            guard job.attempt == 1 else {
                return job.checkpoint == [7] && job.checkpointSeq == 1 ? .done([:]) : .cancelled
            }
            try? await attempt.put(recordType: "note/1", key: "sealed", json: [:])
            _ = try? await attempt.commit(checkpoint: [7], expected: 0)
            try? await attempt.put(recordType: "note/1", key: "unsealed", json: [:])
            return .failed(Failure(code: "x", category: .unavailable, message: "m"), status: .unavailable, retry: nil)
        }
        try await serving(dispatcher) {
            let waiting = try await store.until("j") { $0.runAfter != nil }
            let runAfter = try #require(waiting.runAfter)
            #expect(waiting.status == .queued && waiting.failures == 1 && waiting.failure?.code == "x")
            await clock.untilSomeoneSleeps(until: runAfter)
            clock.set(to: runAfter)
            #expect(try await store.until("j") { $0.status.isFinal }.status == .done)
        }
        #expect(try await store.pluginRecords(ofJob: "j", recordType: "note/1").map(\.key) == ["sealed"])
        #expect(try await store.attempts(ofJob: "j").map(\.end) == [.failed, .done])
    }

    @Test func jobThatCrashesItsWorkerThreeTimesIsPoisoned() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j", maxAttempts: 10))
        let crash = Failure(code: "plugin.crashed", category: .internalError, message: "signal 11")
        try await serving(dispatcher(store) { _, _ in .crashed(crash) }) {
            for crashes in 1...2 {
                let job = try await store.until("j") { $0.crashes == crashes && $0.runAfter != nil }
                let runAfter = try #require(job.runAfter)
                await clock.untilSomeoneSleeps(until: runAfter)
                clock.set(to: runAfter)
            }
            let job = try await store.until("j") { $0.status.isFinal }
            #expect(job.status == .failed && job.failure?.code == "job.poisoned" && job.attempts == 3)
        }
    }

    @Test func kindThatIsGoneFailsTheJob() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(
            NewJob(id: "j", kind: "gone/kind", payload: [:], trigger: "t", seed: 1, maxAttempts: 3))
        try await serving(dispatcher(store) { _, _ in .done([:]) }) {
            let job = try await store.until("j") { $0.status.isFinal }
            #expect(job.status == .failed && job.failure?.code == "plugin.kind_not_found")
        }
    }

    @Test(arguments: [false, true])
    func changedPluginStartsOverUnlessItReadsOlderCheckpoints(resumes: Bool) async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j")
        let row = try SealedRow(recordType: "note/1", key: "old", json: [:], pluginID: "demo")
        _ = try await store.seal([row], checkpoint: [7], pluginSHA256: "ab", expected: 0, for: claim.lease)
        _ = try await store.conclude(claim.lease) { AttemptConclusion(.released, by: .release, of: $0) }
        var kind = JobKindInfo.demo
        kind.plugin.sha256 = "cd"
        kind.resumesAcrossVersions = resumes
        let dispatcher = dispatcher(store, catalog: StubCatalog(kind)) { job, _ in
            .done(["checkpoint": .number(JSONNumber(job.checkpoint.count))])
        }
        try await serving(dispatcher) {
            let job = try await store.until("j") { $0.status.isFinal }
            #expect(job.result == ["checkpoint": resumes ? 1 : 0])
        }
        #expect(try await store.pluginRecords(ofJob: "j", recordType: "note/1").count == (resumes ? 1 : 0))
        #expect(try await store.log(ofJob: "j").count == (resumes ? 0 : 1))
    }

    @Test func cancellingARunningJobStopsItAlsoFromAnotherProcess() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        let other = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        _ = try await store.enqueue(.sample("j"))
        let dispatcher = dispatcher(store) { _, attempt in
            let gate = Gate()
            attempt.onCancellation { _ in gate.open() }
            await gate.passed()
            return attempt.cancellation == .requested && Task.isCancelled ? .cancelled : .done([:])
        }
        try await serving(dispatcher) {
            _ = try await other.until("j") { $0.status == .running }
            #expect(try await other.requestCancel("j") == .requested)
            let job = try await other.until("j") { $0.status.isFinal }
            #expect(job.status == .skipped && job.reason == "cancelled" && job.finishedAt != nil)
        }
        #expect(try await store.attempts(ofJob: "j").map(\.end) == [.cancelled])
    }

    @Test func stoppingGivesTheJobBackUncounted() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        let dispatcher = dispatcher(store) { _, attempt in
            try? await attempt.put(recordType: "note/1", key: "n", json: [:])
            _ = try? await attempt.commit(checkpoint: [1], expected: 0)
            let gate = Gate()
            attempt.onCancellation { _ in gate.open() }
            await gate.passed()
            return attempt.cancellation == .stopping ? .cancelled : .done([:])
        }
        try await serving(dispatcher) { _ = try await store.until("j") { $0.checkpointSeq == 1 } }
        let job = try #require(try await store.job("j"))
        #expect(job.status == .queued && job.failures == 0 && job.checkpointSeq == 1 && job.runAfter == nil)
        #expect(try await store.attempts(ofJob: "j").map(\.end) == [.released])
    }

    @Test func cancellingItsTaskStopsItInGoodOrder() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let dispatcher = dispatcher(store) { _, _ in .done([:]) }
        let serving = Task { try await dispatcher.run() }
        for await _ in store.wakeups() where try await !store.dispatchers().isEmpty { break }
        serving.cancel()
        try await serving.value
        #expect(try await store.dispatchers().isEmpty)
        let again = await #expect(throws: JobsError.self) { try await dispatcher.run() }
        #expect(again?.code == "job.dispatcher_used")
    }

    @Test func foregroundRunsItsJobAndNoOther() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("other"))
        _ = try await store.enqueue(.sample("mine"))
        let job = try await dispatcher(store) { _, _ in .done([:]) }.runUntilFinished("mine")
        #expect(job.status == .done)
        #expect(try await store.job("other")?.status == .queued)
        #expect(try await dispatcher(store) { _, _ in .done([:]) }.runUntilFinished("mine").attempts == 1)
        let unknown = await #expect(throws: JobsError.self) {
            try await dispatcher(store) { _, _ in .done([:]) }.runUntilFinished("unknown")
        }
        #expect(unknown?.code == "job.not_found")
    }

    @Test func rescuesJobsOfADeadHostWhenItStarts() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.running("j", on: .fake(pid: 50))
        let job = try await dispatcher(store) { job, _ in .done(["attempt": .number(JSONNumber(job.attempt))]) }
            .runUntilFinished("j")
        #expect(job.result == ["attempt": 2])
    }

    @Test func rescuesJobsOfAHostThatDiesLater() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.running("j", on: .fake(boot: "elsewhere", pid: 50))
        try await serving(dispatcher(store) { _, _ in .done([:]) }) {
            for _ in 0..<3 {
                await clock.untilSomeoneSleeps(until: clock.now() + .seconds(10))
                clock.advance(by: .seconds(10))
            }
            let job = try await store.until("j") { $0.status.isFinal }
            #expect(job.attempts == 2)
        }
    }

    @Test func leasesAreRenewedWhileAttemptsRun() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        let gate = Gate()
        try await serving(
            dispatcher(store) { _, _ in
                await gate.passed()
                return .done([:])
            }
        ) {
            _ = try await store.until("j") { $0.status == .running }
            for _ in 0..<10 {
                await clock.untilSomeoneSleeps(until: clock.now() + .seconds(10))
                clock.advance(by: .seconds(10))
            }
            await clock.untilSomeoneSleeps(until: clock.now() + .seconds(10))
            #expect(try await store.liveAttempts().first?.record.leaseExpiresAt == clock.now() + .seconds(30))
            gate.open()
            #expect(try await store.until("j") { $0.status.isFinal }.attempts == 1)
        }
    }
}

/// Counts who is inside.
private actor StubCounter {
    private var inside = 0
    private(set) var most = 0

    func enter() {
        inside += 1
        most = max(most, inside)
    }

    func leave() { inside -= 1 }
}
