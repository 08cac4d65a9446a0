import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

@Suite struct QueueOperationTests {
    private let clock = TestClock()

    private func queue(_ store: ArenaStore) -> JobQueue {
        let rescuer = Rescuer(
            store: store, clock: clock, observer: .fake(pid: 1), processes: StubProcesses(), ender: StubEnder())
        return JobQueue(store: store, catalog: StubCatalog(), rescuer: rescuer)
    }

    @Test func kindIsPausedByAnyOfItsNamesAndResumedEvenWhenItIsGone() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        #expect(try await queue(store).pause(kind: "sleep", reason: "r") == "demo/sleep")
        #expect(try await store.pausedKinds().map(\.kind) == ["demo/sleep"])
        #expect(try await queue(store).resume(kind: "sleep"))
        try await store.pause(kind: "gone/kind", reason: nil)
        #expect(try await queue(store).resume(kind: "gone/kind"))
        #expect(try await store.pausedKinds().isEmpty)
        await #expect(throws: Failure.self) { try await queue(store).pause(kind: "unknown") }
    }

    @Test func retryingAllAndPruningGoThroughMoreThanOneStepTakesOn() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        for number in 0..<520 {
            _ = try await store.enqueue(.sample("j\(number)"))
            _ = try await store.requestCancel("j\(number)")
        }
        let retried = try await queue(store).retryAll(DeadJobFilter(statuses: [.skipped]), source: "cli")
        #expect(retried.retried.count == 520 && retried.retried.first == "j0" && retried.duplicates.isEmpty)
        #expect(try await queue(store).retryAll(DeadJobFilter(statuses: [.skipped])).retried.isEmpty)
        for job in try await store.jobs(JobFilter(limit: 1000)) { _ = try await store.requestCancel(job.id) }
        clock.advance(by: .seconds(60))
        #expect(try await queue(store).prune(olderThan: .seconds(61)).jobs == 0)
        #expect(try await queue(store).prune(olderThan: .seconds(59)).jobs == 520)
        #expect(try await store.jobs().isEmpty)
    }

    @Test func poisonedJobIsShownWithItsLastLines() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j")
        let line = LogLine(level: 3, message: "about to go wrong", createdAt: clock.now())
        #expect(try await store.report([line], progress: nil, for: claim.lease))
        let verdict = AttemptVerdict(policy: RetryPolicy(crashLimit: 1), now: clock.now())
        let crash = Failure(code: "plugin.crashed", category: .internalError, message: "signal 11")
        let job = try await store.conclude(claim.lease) { job in
            verdict.conclusion(of: .outcome(.crashed(crash), cancellation: nil), for: job)
        }
        let error = try #require(job?.json["error"])
        #expect(error["code"] == "job.poisoned")
        #expect(error["detail"]?["log"]?.array?.first?["message"] == "about to go wrong")
    }
}
