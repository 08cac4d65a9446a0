import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

@Suite struct JobQueueTests {
    private let clock = TestClock()

    private func queue(_ store: ArenaStore, catalog: StubCatalog = StubCatalog()) -> JobQueue {
        let rescuer = Rescuer(
            store: store, clock: clock, observer: .fake(pid: 1), processes: StubProcesses(), ender: StubEnder())
        return JobQueue(store: store, catalog: catalog, rescuer: rescuer)
    }

    @Test func requestBecomesAJobOfTheFullName() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let job = try await queue(store).enqueue(JobRequest(kind: "sleep", payload: ["ms": 5], trigger: "cli")).job
        #expect(job.kind == "demo/sleep" && job.maxAttempts == 3 && job.trigger == "cli")
        #expect(try await store.job(job.id) == job)
    }

    @Test func seedsAreRandomUnlessGiven() async throws {
        let queue = queue(try await ArenaStore.inMemory(clock: clock))
        var request = JobRequest(kind: "sleep", payload: [:], deduplication: .never, trigger: "cli")
        #expect(try await queue.enqueue(request).job.seed != queue.enqueue(request).job.seed)
        request.seed = 42
        #expect(try await queue.enqueue(request).job.seed == 42)
    }

    @Test func workOnTheSameLaneAndBenchIsDoneOnce() async throws {
        let queue = queue(try await ArenaStore.inMemory(clock: clock))
        func enqueue(_ payload: JSONValue, key: String? = nil) async throws -> EnqueuedJob {
            try await queue.enqueue(
                JobRequest(kind: "sleep", payload: payload, deduplication: Deduplication(key: key), trigger: "cli"))
        }
        let first = try await enqueue(["lane_id": "l", "bench_id": "b", "limit": 1])
        #expect(first.job.dedupKey == "demo/sleep:l:b" && first.job.needs == JobNeeds(laneID: "l"))
        let same = try await enqueue(["bench_id": "b", "lane_id": "l", "limit": 2])
        #expect(same.isCoalesced && same.job.id == first.job.id)
        #expect(try await enqueue(["lane_id": "l"]).isCoalesced == false)
        #expect(try await enqueue(["lane_id": "l"]).isCoalesced)
        for _ in 0..<2 { #expect(try await enqueue(["ms": 1]).isCoalesced == false) }
        for _ in 0..<2 { #expect(try await enqueue(["lane_id": "l"], key: "").isCoalesced == false) }
        #expect(try await enqueue(["lane_id": "l"], key: "k").isCoalesced == false)
        #expect(try await enqueue([:], key: "k").isCoalesced)
    }

    @Test func workOfADeadHostDoesNotBlockTheSameWork() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.running("j", on: .fake(pid: 50), dedupKey: "k")
        let request = JobRequest(kind: "sleep", payload: [:], deduplication: .key("k"), trigger: "cli")
        let again = try await queue(store).enqueue(request)
        #expect(again.isCoalesced && again.job.id == "j")
        #expect(again.job.status == .queued)
    }

    @Test func unknownKindAndBadPayloadAreRefused() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        await #expect(throws: Failure.self) {
            try await queue(store).enqueue(JobRequest(kind: "nope", payload: [:], trigger: "cli"))
        }
        let problems = [
            PayloadProblem(pointer: "/ms", message: "must be a number", hint: "Say 5."),
            PayloadProblem(pointer: "", message: "needs a lane"),
        ]
        let error = await #expect(throws: JobsError.self) {
            try await queue(store, catalog: StubCatalog(problems: problems)).enqueue(
                JobRequest(kind: "sleep", payload: [:], trigger: "cli"))
        }
        #expect(error?.code == "job.invalid_payload" && error?.hint == "Say 5.")
        #expect(error?.message.contains("/ms: must be a number; needs a lane") == true)
        #expect(try await store.jobs().isEmpty)
    }

    @Test func limitsOfTheKindAreKept() async throws {
        let queue = queue(try await ArenaStore.inMemory(clock: clock))
        let long = await #expect(throws: JobsError.self) {
            try await queue.enqueue(
                JobRequest(kind: "sleep", payload: [:], trigger: "cli", timeout: .seconds(601)))
        }
        #expect(long?.code == "job.timeout_too_long")
        let none = await #expect(throws: JobsError.self) {
            try await queue.enqueue(JobRequest(kind: "sleep", payload: [:], trigger: "cli", maxAttempts: 0))
        }
        #expect(none?.code == "job.invalid_request")
    }

    @Test func unknownJobIsSaidToBeUnknown() async throws {
        let queue = queue(try await ArenaStore.inMemory(clock: clock))
        for attempt in [
            { _ = try await queue.cancel("x") }, { _ = try await queue.retry("x") },
            { _ = try await queue.untilFinished("x") },
        ]
            as [@Sendable () async throws -> Void]
        {
            let error = await #expect(throws: JobsError.self) { try await attempt() }
            #expect(error?.code == "job.not_found")
        }
    }

    @Test func waitingEndsWithTheJob() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let queue = queue(store)
        let job = try await queue.enqueue(JobRequest(kind: "sleep", payload: [:], trigger: "cli")).job
        async let finished = queue.untilFinished(job.id)
        #expect(try await queue.cancel(job.id) == .skipped)
        #expect(try await finished.status == .skipped)
    }

    @Test func jobIsShownWithItsErrorAndCounts() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j")
        let failed = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(.failed, by: .fail, of: job)
            conclusion.failure = Failure(code: "lane.unreachable", category: .unavailable, message: "m", hint: "h")
            return conclusion
        }
        let json = try #require(failed).json
        #expect(json["id"] == "j" && json["kind"] == "demo/sleep" && json["status"] == "failed")
        #expect(json["attempts"] == 1 && json["result"] == .null)
        #expect(json["error"] == ["code": "lane.unreachable", "category": "unavailable", "message": "m", "hint": "h"])
        #expect(json["finished_at"]?.string == clock.now().description)
    }
}
