import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Synchronization
import Testing

/// What keeps a dispatcher from running a job, and what ends one that runs.
@Suite(.temporaryDirectory) struct DispatcherControlTests {
    private let clock = TestClock()

    private func dispatcher(
        _ store: ArenaStore, pid: Int32 = 1, admission: (any JobAdmission)? = nil, catalog: StubCatalog = StubCatalog(),
        ender: StubEnder = StubEnder(), _ body: @escaping @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome
    ) -> Dispatcher {
        Dispatcher(
            store: store, catalog: catalog, executor: StubExecutor(body), admission: admission, clock: clock,
            host: .fake(pid: pid),
            processes: StubProcesses([1: .present(startTicks: 1), 2: .present(startTicks: 1)]), ender: ender)
    }

    /// Runs a dispatcher while `body` runs, then stops it and waits for its end.
    private func serving(_ dispatchers: [Dispatcher], _ body: () async throws -> Void) async throws {
        let serving = dispatchers.map { dispatcher in Task { try await dispatcher.run() } }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        for dispatcher in dispatchers { dispatcher.stop() }
        for task in serving { _ = await task.result }
        try result.get()
    }

    @Test func refusedJobWaitsLongerEachTimeAndRunsOnceItIsAdmitted() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        let admission = StubAdmission(refusals: 2)
        try await serving([dispatcher(store, admission: admission) { _, _ in .done([:]) }]) {
            var pauses: [Duration] = []
            for refusals in 1...2 {
                let job = try await store.until("j") { $0.refusals == refusals }
                let runAfter = try #require(job.runAfter)
                pauses.append(runAfter - clock.now())
                #expect(job.status == .queued && job.attempts == 0)
                await clock.untilSomeoneSleeps(until: runAfter)
                clock.advance(by: runAfter - clock.now())
            }
            #expect(pauses[1] > pauses[0])
            let job = try await store.until("j") { $0.status.isFinal }
            #expect(job.status == .done && job.attempts == 1 && job.refusals == 0)
        }
        let trail = try await store.triggers(ofJob: "j")
        #expect(trail.map(\.event) == [.enqueue, .refusal])
        #expect(trail.last?.source == "budget_defer" && trail.last?.count == 2)
    }

    @Test func refusalOfOneJobDoesNotKeepAnotherFromRunning() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(NewJob.sample("refused"))
        _ = try await store.enqueue(NewJob.sample("fine"))
        let admission = StubAdmission(refusals: .max, only: "refused")
        try await serving([dispatcher(store, admission: admission) { _, _ in .done([:]) }]) {
            let fine = try await store.until("fine") { $0.status.isFinal }
            #expect(fine.status == .done)
            #expect(try await store.until("refused") { $0.refusals > 0 }.status == .queued)
        }
    }

    @Test func pausedKindRunsOnceItIsResumed() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        try await store.pause(kind: "demo/sleep", reason: nil)
        _ = try await store.enqueue(.sample("j"))
        _ = try await store.enqueue(
            NewJob(id: "other", kind: "gone/kind", payload: [:], trigger: "t", seed: 1, maxAttempts: 1))
        try await serving([dispatcher(store) { _, _ in .done([:]) }]) {
            let other = try await store.until("other") { $0.status.isFinal }
            #expect(other.status == .failed)
            #expect(try await store.job("j")?.status == .queued)
            #expect(try await store.resume(kind: "demo/sleep"))
            #expect(try await store.until("j") { $0.status.isFinal }.status == .done)
        }
    }

    @Test func claimIsUndoneWhenTheKindWasPausedOrNeedsMoreMeanwhile() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        let claim = try #require(
            try await store.claim(
                ClaimRequest(limit: 1, dispatcherID: "d", host: .fake(pid: 1), leaseExpiresAt: clock.now())
            )
            .first)
        let admission = ClaimAdmission(store: store)
        #expect(try await admission.decide(on: claim.job, of: .demo) == .admit)
        var greedy = JobKindInfo.demo
        greedy.needsGPU = true
        guard case .refuse(let needs) = try await admission.decide(on: claim.job, of: greedy) else {
            Issue.record("it needs the GPU now")
            return
        }
        #expect(needs.source == "needs_changed" && needs.needs == JobNeeds(gpu: true))
        try await store.pause(kind: "demo/sleep", reason: nil)
        guard case .refuse(let paused) = try await admission.decide(on: claim.job, of: .demo) else {
            Issue.record("it is paused now")
            return
        }
        #expect(paused.source == "kind_paused")
    }

    @Test func jobOfAKindThatNeedsTheGPUNowIsClaimedForItTheNextTime() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        var kind = JobKindInfo.demo
        kind.needsGPU = true
        try await serving([dispatcher(store, catalog: StubCatalog(kind)) { _, _ in .done([:]) }]) {
            let job = try await store.until("j") { $0.refusals == 1 }
            let runAfter = try #require(job.runAfter)
            await clock.untilSomeoneSleeps(until: runAfter)
            clock.advance(by: runAfter - clock.now())
            #expect(try await store.until("j") { $0.status.isFinal }.needs.gpu)
        }
    }

    @Test func executorThatDoesNotHearIsNoLongerWaitedForAndItsChildIsEnded() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        let (ender, deaf) = (StubEnder(), Gate())
        let dispatcher = dispatcher(store, ender: ender) { _, attempt in
            try? await attempt.childStarted(pid: 77, startTicks: 5)
            await deaf.passed()
            let late = await #expect(throws: JobsError.self) {
                try await attempt.commit(checkpoint: [1], expected: 0)
            }
            #expect(late?.code == "job.lease_lost")
            return .done([:])
        }
        try await serving([dispatcher]) {
            while try await store.liveAttempts().first?.record.child == nil { await Task.yield() }
            let asked = clock.now()
            #expect(try await store.requestCancel("j") == .requested)
            await clock.untilSomeoneSleeps(until: asked + .seconds(2))
            clock.advance(by: .seconds(2))
            let job = try await store.until("j") { $0.status.isFinal }
            #expect(job.status == .skipped && job.reason == "cancelled" && job.cancelRequestedAt == asked)
            #expect(try #require(job.finishedAt) - asked < .seconds(3))
            #expect(ender.ended.withLock { $0 } == [ProcessStamp(pid: 77, startTicks: 5)])
            deaf.open()
        }
        #expect(try await store.job("j")?.status == .skipped)
    }

    @Test(arguments: [86_400, -86_400])
    func clockThatIsSetLosesAndRepeatsNothing(seconds: Int) async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        let other = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        let gate = Gate()
        let body: @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome = { job, _ in
            if job.record.id == "long" { await gate.passed() }
            return .done([:])
        }
        _ = try await store.enqueue(.sample("long"))
        try await serving([dispatcher(store, body), dispatcher(other, pid: 2, body)]) {
            _ = try await store.until("long") { $0.status == .running }
            clock.set(to: clock.now() + .seconds(seconds))
            for number in 0..<5 { _ = try await store.enqueue(.sample("j\(number)")) }
            for number in 0..<5 { _ = try await store.until("j\(number)") { $0.status == .done } }
            clock.set(to: clock.now() + .seconds(-seconds))
            gate.open()
            _ = try await store.until("long") { $0.status == .done }
        }
        for job in try await store.jobs() {
            #expect(job.status == .done && job.attempts == 1 && job.rescues == 0)
        }
    }

    /// Jobs that fail once and jobs that wait for a time, while someone plays with the clock.
    @Test(arguments: UInt64(0)..<4) func clockThatJumpsBackAndForthLosesAndRepeatsNothing(seed: UInt64) async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        let other = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        var random = ScheduleRandom(state: seed)
        let runs = Mutex<[String: Int]>([:])
        let tired = Failure(code: "tired", category: .unavailable, message: "Not now.")
        let body: @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome = { job, _ in
            runs.withLock { $0[job.record.id, default: 0] += 1 }
            let isFirst = job.record.failures == 0 && job.record.priority == 1
            return isFirst ? .failed(tired, status: .unavailable, retry: nil) : .done([:])
        }
        try await serving([dispatcher(store, body), dispatcher(other, pid: 2, body)]) {
            for number in 0..<24 {
                let delay = Duration.seconds(.random(in: 0...90, using: &random))
                _ = try await store.enqueue(
                    NewJob(
                        id: "j\(number)", kind: "demo/sleep", payload: [:], priority: number % 2, trigger: "test",
                        seed: seed, maxAttempts: 3, runAfter: number % 3 == 0 ? clock.now() + delay : nil))
                clock.set(to: clock.now() + .seconds(.random(in: -86_400...86_400, using: &random)))
                await clock.untilSomeoneSleeps()
                clock.advance(by: .seconds(.random(in: 1...20, using: &random)))
            }
            // However far back the clock is now, time goes on.
            while try await store.jobs(JobFilter(statuses: [.done])).count < 24 {
                await clock.untilSomeoneSleeps()
                clock.advance(by: .seconds(3600))
            }
        }
        for job in try await store.jobs() {
            let attempts = 1 + job.priority
            #expect(job.attempts == attempts && runs.withLock { $0[job.id] } == attempts && job.rescues == 0)
            #expect(try await store.attempts(ofJob: job.id).map(\.end) == [.failed, .done].suffix(attempts))
        }
    }

    @Test func twoDispatchersOnOneFileRunEveryJobOnce() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let stores = [
            try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5)),
            try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5)),
        ]
        let runs = Mutex<[String: Int]>([:])
        let body: @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome = { job, _ in
            runs.withLock { $0[job.record.id, default: 0] += 1 }
            await Task.yield()
            return .done([:])
        }
        for number in 0..<40 { _ = try await stores[number % 2].enqueue(.sample("j\(number)")) }
        try await serving([dispatcher(stores[0], body), dispatcher(stores[1], pid: 2, body)]) {
            for number in 0..<40 { _ = try await stores[0].until("j\(number)") { $0.status == .done } }
        }
        #expect(runs.withLock { $0.count } == 40 && runs.withLock { $0.values.allSatisfy { $0 == 1 } })
    }
}

/// Refuses so many times, then admits.
private final class StubAdmission: JobAdmission {
    private let left: Mutex<Int>
    private let only: String?

    init(refusals: Int, only: String? = nil) {
        left = Mutex(refusals)
        self.only = only
    }

    func decide(on job: JobRecord, of kind: JobKindInfo) async throws -> AdmissionDecision {
        guard only == nil || only == job.id else { return .admit }
        let refuses = left.withLock { left in
            left -= 1
            return left >= 0
        }
        return refuses ? .refuse(AdmissionRefusal(source: "budget_defer", detail: ["cap_usd": 1])) : .admit
    }
}
