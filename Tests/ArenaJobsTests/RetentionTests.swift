import ArenaCore
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Synchronization
import Testing

/// What is old is forgotten, once in a while.
@Suite(.timeLimit(.minutes(1))) struct RetentionTests {
    private let clock = TestClock()
    private let day = Duration.seconds(86_400)

    private func retention(
        _ store: ArenaStore, _ rule: RetentionRule, removing: @escaping @Sendable ([String]) async -> Void = { _ in }
    ) -> Retention {
        let rescuer = Rescuer(
            store: store, clock: clock, observer: .fake(pid: 1), processes: StubProcesses(), ender: StubEnder())
        let queue = JobQueue(store: store, catalog: StubCatalog(), rescuer: rescuer)
        return Retention(store: store, queue: queue, rule: rule, clock: clock, removeFiles: removing)
    }

    @Test func sweepsSomeTimeAfterTheStartAndThenAtIntervals() {
        let rule = RetentionRule(interval: .seconds(100), firstRest: .seconds(10))
        let start = clock.now()
        #expect(rule.nextSweep(after: nil, start: start) == start + .seconds(10))
        #expect(rule.nextSweep(after: start + .seconds(12), start: start) == start + .seconds(112))
        #expect(!rule.isDue(at: start + .seconds(9), next: start + .seconds(10)))
        #expect(rule.isDue(at: start + .seconds(10), next: start + .seconds(10)))
    }

    @Test func clockThatWasSetBackPutsNoSweepOffForLong() {
        let rule = RetentionRule(interval: .seconds(100), firstRest: .seconds(10))
        let next = clock.now() + .seconds(100)
        #expect(rule.isDue(at: next + .seconds(-101), next: next))
        #expect(!rule.isDue(at: next + .seconds(-100), next: next))
    }

    @Test func sweepForgetsWhatIsOldAndDeletesFilesThatNobodyCouldSee() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("old")
        let artifact = ArtifactRecord(
            name: "a", mediaType: "text/plain", size: ByteCount(1 as UInt64), sha256: "ab", path: "old/a")
        _ = try await store.seal(
            [.artifact(artifact)], checkpoint: [], pluginSHA256: "ab", expected: 0, for: claim.lease)
        _ = try await store.conclude(claim.lease) { AttemptConclusion(.failed, by: .fail, of: $0) }
        clock.advance(by: day * 3)
        _ = try await store.enqueue(.sample("new"))
        _ = try await store.requestCancel("new")
        let removed = Mutex<[String]>([])
        let rule = RetentionRule(keepsJobs: day * 2, keepsChanges: day)
        let swept = try await retention(store, rule) { paths in removed.withLock { $0 += paths } }.sweep()
        #expect(swept.jobs == 1 && swept.changes > 0)
        #expect(try await store.jobs().map(\.id) == ["new"])
        #expect(removed.withLock { $0 } == ["old/a"])
        #expect(try await store.changes(after: 0).isReset)
        #expect(try await retention(store, rule).sweep() == Retention.Swept(jobs: 0, changes: 0))
    }

    @Test func jobsAreKeptForEverWhereNothingElseIsSaid() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("old"))
        _ = try await store.requestCancel("old")
        clock.advance(by: day * 10_000)
        #expect(try await retention(store, RetentionRule(keepsJobs: nil)).sweep().jobs == 0)
        #expect(try await store.jobs().count == 1)
    }

    @Test func runsByTheClock() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let rule = RetentionRule(keepsJobs: day, interval: .seconds(3600), firstRest: .seconds(60))
        let start = clock.now()
        let running = Task { await retention(store, rule).run() }
        await clock.untilSomeoneSleeps(until: start + .seconds(60))
        _ = try await store.enqueue(.sample("old"))
        _ = try await store.requestCancel("old")
        clock.advance(by: .seconds(60))
        await clock.untilSomeoneSleeps(until: start + .seconds(3660))
        #expect(try await store.jobs().count == 1)
        clock.advance(by: day * 2)
        await clock.untilSomeoneSleeps(until: clock.now() + .seconds(3600))
        #expect(try await store.jobs().isEmpty)
        running.cancel()
        await running.value
    }
}
