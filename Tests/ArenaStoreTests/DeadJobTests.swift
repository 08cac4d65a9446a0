import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

/// Jobs that ended without success: found, tried again, forgotten.
@Suite(.temporaryDirectory) struct DeadJobTests {
    private let clock = TestClock()

    /// A job that failed.
    private func fail(
        _ store: ArenaStore, _ id: String, code: String = "lane.unreachable", message: String = "It was away.",
        dedupKey: String? = nil
    ) async throws {
        _ = try await store.enqueue(.sample(id, dedupKey: dedupKey))
        let claim = try #require(try await store.claimAll(only: id).first)
        _ = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(.failed, by: .fail, of: job)
            conclusion.failure = Failure(code: code, category: .unavailable, message: message)
            conclusion.failures = 3
            return conclusion
        }
    }

    @Test func viewFindsByKindCodeTextAndAge() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        try await fail(store, "old", message: "The LANE was away.")
        clock.advance(by: .seconds(60))
        try await fail(store, "new", code: "plugin.crashed")
        _ = try await store.enqueue(.sample("cancelled"))
        _ = try await store.requestCancel("cancelled")
        _ = try await store.enqueue(.sample("waiting"))
        func found(_ filter: DeadJobFilter) async throws -> [String] { try await store.deadJobs(filter).map(\.id) }
        #expect(try await found(DeadJobFilter()) == ["new", "old"])
        #expect(try await found(DeadJobFilter(statuses: [.failed, .skipped])) == ["cancelled", "new", "old"])
        #expect(try await found(DeadJobFilter(statuses: [.done, .queued])).isEmpty)
        #expect(try await found(DeadJobFilter(code: "plugin.crashed")) == ["new"])
        #expect(try await found(DeadJobFilter(text: "the lane")) == ["old"])
        #expect(try await found(DeadJobFilter(text: "\"X\"")) == ["new", "old"])
        #expect(try await found(DeadJobFilter(text: "%")).isEmpty)
        #expect(try await found(DeadJobFilter(kind: "other/kind")).isEmpty)
        #expect(try await found(DeadJobFilter(endedBefore: clock.now())) == ["old"])
        #expect(try await found(DeadJobFilter(endedAfter: clock.now() + .seconds(-1))) == ["new"])
        let first = try await store.deadJobs(DeadJobFilter(), limit: 1)
        #expect(try await store.deadJobs(DeadJobFilter(), before: first.last?.seq).map(\.id) == ["old"])
    }

    @Test func retryingAllMatchingRetriesTheSameWorkOnce() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        for id in ["a", "b"] { try await fail(store, id, dedupKey: "k") }
        for id in ["c", "d"] { try await fail(store, id) }
        try await fail(store, "other", code: "plugin.crashed")
        var (retried, duplicates): ([String], [String]) = ([], [])
        var position: Int64 = 0
        while true {
            let step = try await store.retryAll(
                DeadJobFilter(code: "lane.unreachable"), after: position, limit: 3, source: "http")
            retried += step.result.retried
            duplicates += step.result.duplicates
            guard let last = step.last else { break }
            position = last
        }
        #expect(retried == ["a", "c", "d"] && duplicates == ["b"])
        let job = try #require(try await store.job("a"))
        #expect(job.status == .queued && job.failures == 0 && job.attempts == 1 && job.finishedAt == nil)
        #expect(try await store.attempts(ofJob: "a").map(\.end) == [.failed])
        let entry = try #require(try await store.triggers(ofJob: "a").last)
        #expect(entry.event == .retry && entry.source == "http")
        #expect(entry.detail == ["status": "failed", "code": "lane.unreachable"])
        #expect(try await store.triggers(ofJob: "b").map(\.event) == [.enqueue])
        #expect(try await store.job("other")?.status == .failed)
    }

    @Test func poisonedJobKeepsItsLastLines() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j")
        let lines = (0..<5).map { LogLine(level: 3, message: "line \($0)", createdAt: clock.now()) }
        #expect(try await store.report(lines, progress: nil, for: claim.lease))
        let job = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(.crashed, by: .fail, of: job)
            conclusion.failure = Failure(code: "job.poisoned", category: .internalError, message: "m")
            conclusion.keptLines = 2
            return conclusion
        }
        let kept = try #require(job?.failureDetail?["log"]?.array)
        #expect(kept.map { $0["message"]?.string } == ["line 3", "line 4"])
        #expect(kept.first?["attempt"] == 1 && kept.first?["level"] == 3)
    }

    @Test func pruningForgetsHowAJobWentAndKeepsWhatItMade() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let done = try await store.running("done")
        _ = try await store.finish(done, sealing: [.run("seen"), .score("i", run: "seen"), .note("n")])
        let failed = try await store.running("failed")
        let artifact = ArtifactRecord(
            name: "a", mediaType: "text/plain", size: ByteCount(1 as UInt64), sha256: "ab", path: "failed/a")
        let outcome = try await store.seal(
            [.run("unseen"), .score("i", run: "unseen"), .note("n"), .artifact(artifact)], checkpoint: [],
            pluginSHA256: "ab", expected: 0, for: failed.lease)
        #expect(outcome == .sealed(1))
        _ = try await store.conclude(failed.lease) { AttemptConclusion(.failed, by: .fail, of: $0) }
        clock.advance(by: .seconds(10))
        let fresh = try await store.running("fresh")
        _ = try await store.finish(fresh)
        _ = try await store.running("live")
        let pruned = try await store.pruneJobs(endedBefore: clock.now())
        #expect(pruned == PrunedJobs(jobs: 2, orphanedPaths: ["failed/a"]))
        #expect(try await store.jobs().map(\.id) == ["live", "fresh"])
        #expect(try await store.evalRuns().map(\.id) == ["seen"])
        #expect(try await store.evalScores(ofRun: "seen").count == 1)
        #expect(try await store.pluginRecords(ofJob: "done", recordType: "note/1").count == 1)
        #expect(try await store.artifactPaths().isEmpty)
        #expect(try await store.attempts(ofJob: "done").isEmpty)
        #expect(try await store.triggers(ofJob: "done").isEmpty)
        let again = try await store.running("again")
        #expect(try await store.presence(of: .run("unseen"), jobID: "again") == .absent)
        #expect(try await store.presence(of: .run("seen"), jobID: "again") == .foreign)
        _ = try await store.finish(again)
    }

    @Test func pruningGoesInStepsAndTakesOnlyTheEndsThatAreNamed() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        for number in 0..<3 { try await fail(store, "f\(number)") }
        _ = try await store.enqueue(.sample("skipped"))
        _ = try await store.requestCancel("skipped")
        clock.advance(by: .seconds(1))
        #expect(try await store.pruneJobs(endedBefore: clock.now(), statuses: [.failed, .queued], limit: 2).jobs == 2)
        #expect(try await store.pruneJobs(endedBefore: clock.now(), statuses: [.failed], limit: 2).jobs == 1)
        #expect(try await store.jobs().map(\.id) == ["skipped"])
        #expect(try await store.pruneJobs(endedBefore: clock.now(), statuses: [.running]).jobs == 0)
    }
}
