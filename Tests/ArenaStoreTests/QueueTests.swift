import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

@Suite(.temporaryDirectory) struct QueueTests {
    @Test(arguments: StoreHome.allCases)
    func jobReadsBackAsItWasEnqueued(home: StoreHome) async throws {
        let clock = TestClock()
        let store = try await home.open(clock: clock)
        let enqueued = try await store.enqueue(.sample("j1", priority: 7, dedupKey: "k"))
        #expect(!enqueued.isCoalesced)
        let job = try #require(try await store.job("j1"))
        #expect(job == enqueued.job)
        #expect(job.status == .queued)
        #expect(job.payload == ["a": [2, "x"], "b": 1])
        #expect(job.seed == .max)
        #expect(job.timeout == .milliseconds(1500))
        #expect(job.priority == 7)
        #expect(job.enqueuedAt == clock.now())
        #expect(job.attempts == 0)
        #expect(try await store.triggers(ofJob: "j1").map(\.source) == ["test"])
    }

    @Test(arguments: StoreHome.allCases)
    func sameWorkIsEnqueuedOnceWhileItLives(home: StoreHome) async throws {
        let store = try await home.open()
        _ = try await store.enqueue(.sample("j1", dedupKey: "k"))
        let again = try await store.enqueue(.sample("j2", dedupKey: "k"))
        #expect(again.isCoalesced)
        #expect(again.job.id == "j1")
        let claim = try #require(try await store.claimAll().first)
        #expect(try await store.enqueue(.sample("j3", dedupKey: "k")).job.id == "j1")
        #expect(try await store.begin(claim.lease, plugin: .demo))
        #expect(try await store.enqueue(.sample("j4", dedupKey: "k")).job.id == "j1")
        #expect(try await store.triggers(ofJob: "j1").count == 4)
        _ = try await store.finish(claim)
        #expect(try await store.enqueue(.sample("j5", dedupKey: "k")).job.id == "j5")
    }

    @Test func jobsWithoutKeyNeverMeet() async throws {
        let store = try await ArenaStore.inMemory()
        _ = try await store.enqueue(.sample("j1"))
        #expect(try await store.enqueue(.sample("j2")).isCoalesced == false)
    }

    @Test func sameIdTwiceIsAnErrorAndNoDuplicate() async throws {
        let store = try await ArenaStore.inMemory()
        _ = try await store.enqueue(.sample("j1"))
        await #expect(throws: StoreError.self) { try await store.enqueue(.sample("j1")) }
        #expect(try await store.triggers(ofJob: "j1").count == 1)
    }

    @Test func listsNewestFirstByPages() async throws {
        let store = try await ArenaStore.inMemory()
        for number in 1...5 { _ = try await store.enqueue(.sample("j\(number)")) }
        let first = try await store.jobs(JobFilter(limit: 2))
        #expect(first.map(\.id) == ["j5", "j4"])
        let second = try await store.jobs(JobFilter(before: first.last?.seq, limit: 2))
        #expect(second.map(\.id) == ["j3", "j2"])
        _ = try await store.claimAll(limit: 1)
        #expect(try await store.jobs(JobFilter(statuses: [.dispatched])).map(\.id) == ["j1"])
        #expect(try await store.jobs(JobFilter(statuses: [.dispatched, .queued])).count == 5)
        #expect(try await store.jobs(JobFilter(kind: "other/kind")).isEmpty)
    }

    @Test func cancellingAJobThatWaitsSkipsItWithReasonAndTime() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j1", dedupKey: "k"))
        #expect(try await store.requestCancel("j1") == .skipped)
        let job = try #require(try await store.job("j1"))
        #expect(job.status == .skipped)
        #expect(job.reason == "cancelled")
        #expect(job.finishedAt == clock.now())
        #expect(try await store.requestCancel("j1") == .alreadyEnded(.skipped))
        #expect(try await store.claimAll().isEmpty)
        #expect(try await store.enqueue(.sample("j2", dedupKey: "k")).isCoalesced == false)
    }

    @Test func cancellingAJobThatIsHeldAsksItsDispatcher() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        #expect(try await store.standing(of: [claim.lease]) == [claim.lease: .held])
        #expect(try await store.requestCancel("j1") == .requested)
        #expect(try await store.requestCancel("j1") == .requested)
        #expect(try await store.standing(of: [claim.lease]) == [claim.lease: .cancelRequested])
        #expect(try await store.job("j1")?.status == .running)
        #expect(try await store.requestCancel("unknown") == .notFound)
    }

    @Test func retryKeepsTheCheckpointAndForgetsFailures() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        _ = try await store.seal([], checkpoint: [1, 2], pluginSHA256: "ab", expected: 0, for: claim.lease)
        _ = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(.failed, by: .fail, of: job)
            conclusion.failures = 3
            conclusion.failure = Failure(code: "x", category: .unavailable, message: "m", hint: "h")
            return conclusion
        }
        #expect(try await store.job("j1")?.failure?.hint == "h")
        #expect(try await store.retry("j1")?.status == .queued)
        let second = try #require(try await store.claimAll().first)
        #expect(second.job.failures == 0)
        #expect(second.lease.attempt == 2)
        #expect(second.checkpoint == [1, 2])
    }

    @Test func retryOfALiveJobOrOfWorkThatIsLiveAgainIsRefused() async throws {
        let store = try await ArenaStore.inMemory()
        _ = try await store.enqueue(.sample("j1", dedupKey: "k"))
        let early = await #expect(throws: StoreError.self) { try await store.retry("j1") }
        #expect(early?.code == "store.job_not_ended")
        _ = try await store.requestCancel("j1")
        _ = try await store.enqueue(.sample("j2", dedupKey: "k"))
        let duplicate = await #expect(throws: StoreError.self) { try await store.retry("j1") }
        #expect(duplicate?.code == "store.duplicate_job")
        #expect(try await store.retry("unknown") == nil)
    }
}
