import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import GRDB
import Testing

/// The queue in figures, and what happened between two looks.
@Suite(.temporaryDirectory) struct JobStatisticsTests {
    private let clock = TestClock()

    private func fail(
        _ store: ArenaStore, _ id: String, code: String = "lane.unreachable", as end: AttemptEnd = .failed
    ) async throws {
        let claim = try await store.running(id)
        _ = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(end, by: .fail, of: job)
            conclusion.failure = Failure(code: code, category: .unavailable, message: "m")
            return conclusion
        }
    }

    @Test func firstLookSaysHowTheQueueStandsAndCountsNothing() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.finish(try await store.running("done"))
        try await fail(store, "failed")
        _ = try await store.running("live")
        _ = try await store.enqueue(.sample("early"))
        clock.advance(by: .seconds(60))
        _ = try await store.enqueue(.sample("late"))
        _ = try await store.enqueue(.sample("not due", runAfter: clock.now() + .seconds(5)))
        try await store.pause(kind: "demo/sleep", reason: nil)
        let figures = try await store.queueFigures(since: nil)
        let kind = "demo/sleep"
        #expect(
            figures.stored == [KindStatus(kind: kind, status: .done): 1, KindStatus(kind: kind, status: .failed): 1])
        let waiting = try #require(figures.live.first { $0.key.status == .queued })
        #expect(waiting.count == 3 && waiting.dueSince == clock.now() + .seconds(-60))
        #expect(figures.live.first { $0.key.status == .running }?.count == 1)
        #expect(figures.leases == 1 && figures.pausedKinds == [kind])
        #expect(figures.ended.isEmpty && figures.steps.isEmpty)
    }

    @Test func nextLookSaysWhatHappenedSinceOnce() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let old = try await store.running("old")
        let first = try await store.queueFigures(since: nil)
        clock.advance(by: .seconds(2))
        _ = try await store.finish(old)
        let claim = try await store.running("new")
        clock.advance(by: .milliseconds(500))
        let second = try await store.queueFigures(since: first.position)
        let kind = "demo/sleep"
        #expect(second.ended == [EndedJobs(key: KindStatus(kind: kind, status: .done), count: 1)])
        #expect(second.stored == [KindStatus(kind: kind, status: .done): 1])
        let finished = AttemptStep(kind: kind, attempt: 1, begunAfter: nil, end: .done, duration: .seconds(2))
        let begun = AttemptStep(kind: kind, attempt: 1, begunAfter: .zero, end: nil, duration: nil)
        #expect(Set(second.steps) == [finished, begun])
        _ = try await store.finish(claim)
        let third = try await store.queueFigures(since: second.position)
        #expect(third.ended.map(\.count) == [1])
        #expect(
            third.steps == [
                AttemptStep(kind: kind, attempt: 1, begunAfter: nil, end: .done, duration: .milliseconds(500))
            ])
        let quiet = try await store.queueFigures(since: third.position)
        #expect(quiet.ended.isEmpty && quiet.steps.isEmpty && quiet.stored.values.reduce(0, +) == 2)
    }

    @Test func claimThatIsNotYetBegunHasNotWaitedToItsEnd() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let start = try await store.queueFigures(since: nil)
        _ = try await store.enqueue(.sample("j"))
        clock.advance(by: .seconds(3))
        let claim = try #require(try await store.claimAll().first)
        let claimed = try await store.queueFigures(since: start.position)
        #expect(claimed.steps.map(\.begunAfter) == [nil] && claimed.leases == 1)
        let refusal = JobRefusal(source: "budget", detail: [:], runAfter: clock.now())
        _ = try await store.refuse(claim.lease, refusal)
        let refused = try await store.queueFigures(since: claimed.position)
        #expect(refused.steps.isEmpty && refused.leases == 0 && refused.refusals == ["budget": 1])
        clock.advance(by: .seconds(4))
        let again = try #require(try await store.claimAll().first)
        #expect(try await store.begin(again.lease, plugin: .demo))
        let begun = try await store.queueFigures(since: refused.position)
        #expect(begun.steps.map(\.begunAfter) == [.seconds(4)])
    }

    @Test func jobsThatArePrunedOrTriedAgainAreNoLongerCountedAndEndAgain() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        try await fail(store, "a", code: "job.poisoned", as: .crashed)
        try await fail(store, "b")
        let key = KindStatus(kind: "demo/sleep", status: .failed)
        let first = try await store.queueFigures(since: nil)
        #expect(first.stored == [key: 2])
        _ = try await store.retry("a")
        let retried = try await store.queueFigures(since: first.position)
        #expect(retried.stored == [key: 1] && retried.ended.isEmpty)
        let claim = try #require(try await store.claimAll(only: "a").first)
        _ = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(.crashed, by: .fail, of: job)
            conclusion.failure = Failure(code: "job.poisoned", category: .internalError, message: "m")
            return conclusion
        }
        let failed = try await store.queueFigures(since: retried.position)
        #expect(failed.stored == [key: 2])
        #expect(failed.ended == [EndedJobs(key: key, isPoisoned: true, count: 1)])
        #expect(failed.steps.map(\.attempt) == [2])
        clock.advance(by: .seconds(1))
        _ = try await store.pruneJobs(endedBefore: clock.now())
        let pruned = try await store.queueFigures(since: failed.position)
        #expect(pruned.stored.isEmpty && pruned.ended.isEmpty)
    }

    @Test func changesThatAreNoLongerKnownCountAsNothingAndTheRestIsCountedAnew() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let first = try await store.queueFigures(since: nil)
        for id in ["a", "b"] { _ = try await store.finish(try await store.running(id)) }
        clock.advance(by: .seconds(10))
        try await store.pruneChanges(olderThan: .seconds(5))
        let next = try await store.queueFigures(since: first.position)
        #expect(next.ended.isEmpty)
        #expect(next.stored == [KindStatus(kind: "demo/sleep", status: .done): 2])
        _ = try await store.finish(try await store.running("c"))
        #expect(try await store.queueFigures(since: next.position).ended.map(\.count) == [1])
    }

    @Test func readingWritesNothing() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock)
        _ = try await store.finish(try await store.running("a"))
        let before = try await store.lastChange()
        let counts = store.writeCounts
        let look = try await store.queueFigures(since: nil)
        _ = try await store.queueFigures(since: look.position)
        _ = try await store.jobTimings(endedAfter: nil)
        #expect(try await store.lastChange() == before)
        #expect(store.writeCounts == counts && counts.transactions >= counts.commits && counts.commits > 0)
        try await store.close()
    }

    /// No look goes through the jobs that have ended, but the first.
    @Test func nextLookReadsNoEndedJob() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock)
        _ = try await store.finish(try await store.running("a"))
        let look = try await store.queueFigures(since: nil)
        // A row that no look may read: its status would be told in the answer.
        let other = try DatabaseQueue(path: path)
        try await other.write { db in try db.execute(sql: "UPDATE jobs SET kind = 'other/kind' WHERE id = 'a'") }
        let next = try await store.queueFigures(since: look.position)
        #expect(next.stored == look.stored, "the numbers by kind are those of the look before")
        try await store.close()
    }
}

/// How long jobs took.
struct JobTimingTests {
    private let clock = TestClock()

    @Test func addsTheAttemptsUpAndLeavesTheTimeBetweenThemOut() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        clock.advance(by: .milliseconds(1500))
        for (index, event) in [JobEvent.retry, .finish].enumerated() {
            let claim = try #require(try await store.claimAll(only: "j").first)
            #expect(try await store.begin(claim.lease, plugin: .demo))
            clock.advance(by: .milliseconds(250))
            _ = try await store.conclude(claim.lease) {
                AttemptConclusion(index == 0 ? .failed : .done, by: event, of: $0)
            }
            clock.advance(by: .seconds(100))
        }
        _ = try await store.enqueue(.sample("never ran"))
        _ = try await store.requestCancel("never ran")
        let timings = try await store.jobTimings(endedAfter: nil)
        let kind = "demo/sleep"
        #expect(
            Set(timings) == [
                JobTiming(kind: kind, status: .done, queued: .milliseconds(1500), run: .milliseconds(500)),
                JobTiming(kind: kind, status: .skipped, queued: nil, run: nil),
            ])
        #expect(try await store.jobTimings(endedAfter: clock.now() + .seconds(-1)).map(\.status) == [.skipped])
        #expect(try await store.jobTimings(endedAfter: nil, kind: "other/kind").isEmpty)
        #expect(try await store.knownKinds() == [kind])
    }

    @Test func tailOfALogIsItsLastLinesInTheirOrder() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j")
        let lines = (0..<30).map { LogLine(level: 1, message: "\($0)", createdAt: clock.now()) }
        #expect(try await store.report(lines, progress: nil, for: claim.lease))
        #expect(try await store.logTail(ofJob: "j", limit: 3).map(\.line.message) == ["27", "28", "29"])
        #expect(try await store.logTail(ofJob: "j", limit: 100).count == 30)
        #expect(try await store.logTail(ofJob: "none", limit: 3).isEmpty)
    }
}
