import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

/// What is counted while a process lives.
@Suite(.temporaryDirectory) struct JobMetricsTests {
    private let clock = TestClock()
    private let kind = "demo/sleep"

    private func finish(_ claim: Claim, _ store: ArenaStore) async throws {
        _ = try await store.conclude(claim.lease) { AttemptConclusion(.done, by: .finish, of: $0) }
    }

    @Test func countsFromItsBeginningWhicheverProcessDidTheWork() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock)
        let other = try await ArenaStore.open(path: path, clock: clock)
        try await finish(try await other.running("before"), other)
        let metrics = JobMetrics(store: store, clock: clock)
        try await metrics.begin()
        let claim = try await other.running("after")
        clock.advance(by: .seconds(3))
        try await finish(claim, other)
        let reading = try await metrics.reading()
        let done = KindStatus(kind: kind, status: .done)
        #expect(reading.counters.ended == [done: 1] && reading.figures.stored == [done: 2])
        #expect(reading.counters.attempts == [JobCounters.KindEnd(kind: kind, end: .done): 1])
        let run = try #require(reading.counters.runs[kind])
        #expect(run.count == 1 && run.sum == 3)
        #expect(reading.counters.waits[kind]?.sum == 0)
        try await other.close()
        try await store.close()
    }

    @Test func pruningTakesNothingBack() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let metrics = JobMetrics(store: store, clock: clock)
        try await metrics.begin()
        for number in 1...3 {
            _ = try await store.enqueue(.sample("j"))
            let claim = try await store.claim(
                ClaimRequest(
                    limit: 1, dispatcherID: "d", host: .fake(pid: 1), leaseExpiresAt: clock.now() + .seconds(30)))
            let lease = try #require(claim.first?.lease)
            _ = try await store.refuse(lease, JobRefusal(source: "budget", detail: [:], runAfter: clock.now()))
            _ = try await store.requestCancel("j")
            clock.advance(by: .seconds(5))
            #expect(try await metrics.reading().counters.refusals == ["budget": number])
            _ = try await store.pruneJobs(endedBefore: clock.now())
            clock.advance(by: .seconds(5))
            let reading = try await metrics.reading()
            #expect(reading.counters.refusals == ["budget": number])
            #expect(reading.counters.ended == [KindStatus(kind: kind, status: .skipped): number])
            #expect(reading.figures.stored.isEmpty)
        }
    }

    @Test func aRetryIsNoWait() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let metrics = JobMetrics(store: store, clock: clock)
        try await metrics.begin()
        let first = try await store.running("j")
        _ = try await store.conclude(first.lease) { job in
            var conclusion = AttemptConclusion(.lost, by: .rescue, of: job)
            conclusion.failure = Failure(code: "job.host_lost", category: .unavailable, message: "m")
            return conclusion
        }
        let second = try await store.claimed("j")
        try await finish(second, store)
        let counters = try await metrics.reading().counters
        #expect(counters.retries == [kind: 1] && counters.waits[kind]?.count == 1)
        #expect(counters.attempts[JobCounters.KindEnd(kind: kind, end: .lost)] == 1)
        #expect(counters.ended == [KindStatus(kind: kind, status: .done): 1])
    }

    @Test func thoseWhoAskTogetherCountOnce() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let metrics = JobMetrics(store: store, clock: clock)
        try await metrics.begin()
        for number in 0..<20 { try await finish(try await store.running("j\(number)"), store) }
        let readings = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask { try await metrics.reading().counters.ended.values.reduce(0, +) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(readings == Array(repeating: 20, count: 16))
    }

    @Test func asksTheStoreOnceASecond() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let metrics = JobMetrics(store: store, clock: clock)
        #expect(try await metrics.reading().figures.live.isEmpty)
        _ = try await store.enqueue(.sample("j"))
        #expect(try await metrics.reading().figures.live.isEmpty)
        clock.advance(by: .seconds(1))
        #expect(try await metrics.reading().figures.live.map(\.count) == [1])
    }

    @Test func bucketsHoldWhatIsAtMostAsLong() {
        var histogram = DurationHistogram()
        for seconds in [0.01, 0.011, 59.0, 1e6, -5] { histogram.add(.seconds(seconds)) }
        #expect(histogram.count == 5 && histogram.cumulative.first == 2)
        #expect(histogram.cumulative[1] == 3 && histogram.cumulative[7] == 4 && histogram.cumulative.last == 4)
        #expect(abs(histogram.sum - 1_000_059.021) < 1e-6)
        #expect(DurationHistogram.bounds == DurationHistogram.bounds.sorted())
    }
}

/// What `arena job stats` says.
struct KindSummaryTests {
    @Test(
        arguments: [
            ([], 0.5, nil), ([7], 0.95, 7), ([1, 2, 3, 4], 0.5, 2.5), ([1, 2, 3, 4], 0.95, 3.85), ([1, 2], 0, 1),
            ([1, 2], 1, 2), ([10, 20, 30], 0.25, 15),
        ] as [([Double], Double, Double?)])
    func percentileIsOfTypeSeven(sample: [Double], share: Double, value: Double?) throws {
        guard let value else {
            #expect(Percentile.value(share, of: sample) == nil)
            return
        }
        #expect(abs(try #require(Percentile.value(share, of: sample)) - value) < 1e-12)
    }

    @Test func sumsUpByKindAndCountsNoSkippedJobAsOneThatWentWell() throws {
        func timing(_ kind: String, _ status: JobStatus, _ queued: Int?, _ run: Int?) -> JobTiming {
            JobTiming(
                kind: kind, status: status, queued: queued.map { .milliseconds($0) },
                run: run.map { .milliseconds($0) })
        }
        let summaries = KindSummary.summaries(of: [
            timing("b/b", .done, 10, 100), timing("a/a", .done, 10, 100), timing("a/a", .failed, 30, 300),
            timing("a/a", .skipped, nil, nil), timing("a/a", .done, 20, 200),
        ])
        #expect(summaries.map(\.kind) == ["a/a", "b/b"])
        let first = try #require(summaries.first)
        #expect(first.count == 4 && first.failed == 1 && first.skipped == 1)
        #expect(try #require(first.failureRate) == 1.0 / 3)
        let queued = try #require(first.json["queued_ms"])
        #expect(queued["n"] == 3 && queued["p50"]?.double == 20 && queued["p95"]?.double == 29)
        #expect(KindSummary.summaries(of: [timing("c/c", .skipped, nil, nil)]).first?.json["failure_rate"] == .null)
    }
}
