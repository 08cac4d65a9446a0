import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

/// What a claim passes over, and that nothing else waits for it.
@Suite(.temporaryDirectory) struct ConcurrencyTests {
    private func enqueue(
        _ store: ArenaStore, _ id: String, kind: String = "demo/sleep", lane: String? = nil, alone: Bool = false,
        gpu: Bool = false, priority: Int = 0
    ) async throws {
        _ = try await store.enqueue(
            NewJob(
                id: id, kind: kind, payload: [:], priority: priority,
                needs: JobNeeds(laneID: lane, laneAlone: alone, gpu: gpu), trigger: "test", seed: 1, maxAttempts: 3))
    }

    /// Claims until nothing is left that can be taken.
    private func claimAll(_ store: ArenaStore, _ limits: ConcurrencyLimits, limit: Int = 100) async throws -> [Claim] {
        var all: [Claim] = []
        while true {
            let claims = try await store.claim(
                ClaimRequest(
                    limit: limit, limits: limits, dispatcherID: "d", host: .here,
                    leaseExpiresAt: TestClock().now() + .seconds(30)))
            guard !claims.isEmpty else { return all }
            all += claims
        }
    }

    @Test(arguments: [1, 100]) func kindsAreHeldUpToTheirLimitAndOthersGoOn(limit: Int) async throws {
        let store = try await ArenaStore.inMemory()
        for number in 0..<5 { try await enqueue(store, "a\(number)", kind: "demo/a", priority: 1) }
        for number in 0..<3 { try await enqueue(store, "b\(number)", kind: "demo/b") }
        let limits = ConcurrencyLimits(kinds: ["demo/a": 2])
        let claims = try await claimAll(store, limits, limit: limit)
        #expect(claims.map(\.job.id).sorted() == ["a0", "a1", "b0", "b1", "b2"])
        _ = try await store.conclude(claims[0].lease) { AttemptConclusion(.failed, by: .fail, of: $0) }
        #expect(try await claimAll(store, limits, limit: limit).map(\.job.id) == ["a2"])
    }

    @Test(arguments: [1, 100]) func jobThatWantsALaneAloneSharesItWithNobodyAndIsNotOvertaken(limit: Int) async throws {
        let store = try await ArenaStore.inMemory()
        try await enqueue(store, "shared1", lane: "l", priority: 3)
        try await enqueue(store, "shared2", lane: "l", priority: 3)
        try await enqueue(store, "alone", lane: "l", alone: true, priority: 2)
        try await enqueue(store, "later", lane: "l", priority: 1)
        try await enqueue(store, "elsewhere", lane: "m", alone: true)
        var held = try await claimAll(store, ConcurrencyLimits(), limit: limit)
        #expect(held.map(\.job.id).sorted() == ["elsewhere", "shared1", "shared2"])
        for expected in ["alone", "later"] {
            for claim in held {
                _ = try await store.conclude(claim.lease) { AttemptConclusion(.failed, by: .fail, of: $0) }
            }
            held = try await claimAll(store, ConcurrencyLimits(), limit: limit)
            #expect(held.map(\.job.id) == [expected])
        }
    }

    @Test func jobThatIsAskedForOvertakesOneThatWaitsForALaneAlone() async throws {
        let store = try await ArenaStore.inMemory()
        try await enqueue(store, "alone", lane: "l", alone: true)
        try await enqueue(store, "mine", lane: "l")
        #expect(try await store.claimAll(only: "mine").map(\.job.id) == ["mine"])
        try await enqueue(store, "next", lane: "l")
        #expect(try await store.claimAll().isEmpty)
        try await store.pause(kind: "demo/sleep", reason: nil)
        try await enqueue(store, "other", kind: "demo/other", lane: "l")
        #expect(try await store.claimAll().map(\.job.id) == ["other"])
    }

    @Test(arguments: [1, 100]) func laneAndGPUHaveTheirOwnLimits(limit: Int) async throws {
        let store = try await ArenaStore.inMemory()
        for number in 0..<3 { try await enqueue(store, "l\(number)", lane: "l") }
        for number in 0..<3 { try await enqueue(store, "g\(number)", gpu: true) }
        for number in 0..<3 { try await enqueue(store, "lg\(number)", lane: "l", gpu: true) }
        let claims = try await claimAll(store, ConcurrencyLimits(lanes: ["l": 2], gpu: 2), limit: limit)
        #expect(claims.map(\.job.id).sorted() == ["g0", "g1", "l0", "l1"])
    }

    /// The limits hold over any mixture, and whatever could still run is running.
    @Test(arguments: UInt64(0)..<10) func mixtureFillsWhatThereIsAndNoMore(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let store = try await ArenaStore.inMemory()
        let limits = ConcurrencyLimits(kinds: ["demo/0": 1, "demo/1": 3], lanes: ["l0": 2], gpu: 1)
        for number in 0..<40 {
            let lane = [nil, "l0", "l1"].randomElement(using: &random) ?? nil
            try await enqueue(
                store, "j\(number)", kind: "demo/\(Int.random(in: 0...3, using: &random))", lane: lane,
                alone: lane != nil && Bool.random(using: &random), gpu: .random(using: &random),
                priority: .random(in: 0...2, using: &random))
        }
        if Bool.random(using: &random) { try await store.pause(kind: "demo/3", reason: nil) }
        _ = try await claimAll(store, limits, limit: .random(in: 1...10, using: &random))
        let paused = try await Set(store.pausedKinds().map(\.kind))
        var room = Room(limits, paused: paused)
        for job in try await store.jobs(JobFilter(statuses: [.dispatched])) {
            let fits = room.take(job)
            #expect(fits, "\(job.id) is held, and goes over a limit")
        }
        let waiting = try await store.jobs(JobFilter(statuses: [.queued]))
        for job in waiting where !waiting.contains(where: { room.lets($0, keepBack: job) }) {
            var copy = room
            let fits = copy.take(job)
            #expect(!fits, "\(job.id) waits, and there is room")
        }
    }

    @Test func pausedKindWaitsAndIsResumedAlsoAfterARestart() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let first = try await ArenaStore.open(path: path, clock: TestClock())
        try await enqueue(first, "a", kind: "demo/a", priority: 9)
        try await enqueue(first, "b", kind: "demo/b")
        try await first.pause(kind: "demo/a", reason: "its lane is away")
        try await first.close()
        let store = try await ArenaStore.open(path: path, clock: TestClock())
        let paused = PausedKind(kind: "demo/a", reason: "its lane is away", pausedAt: TestClock().now())
        #expect(try await store.pausedKinds() == [paused])
        #expect(try await store.claimAll().map(\.job.id) == ["b"])
        #expect(try await store.resume(kind: "demo/a"))
        #expect(try await store.resume(kind: "demo/a") == false)
        #expect(try await store.claimAll().map(\.job.id) == ["a"])
    }

    @Test func refusedJobWaitsWithoutAnAttemptAndIsCountedOncePerReason() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        try await enqueue(store, "j")
        for (number, source) in ["budget_defer", "lane_away", "budget_defer"].enumerated() {
            let claim = try #require(try await store.claimAll().first)
            #expect(claim.lease.attempt == 1)
            let due = clock.now() + .seconds(5)
            let job = try await store.refuse(
                claim.lease,
                JobRefusal(source: source, detail: ["number": JSONValue(number)], runAfter: due))
            #expect(job?.status == .queued && job?.attempts == 0 && job?.runAfter == due)
            #expect(job?.refusals == number + 1 && job?.dispatchedAt == nil)
            #expect(try await store.begin(claim.lease, plugin: .demo) == false)
            #expect(try await store.claimAll().isEmpty)
            clock.advance(by: .seconds(5))
        }
        #expect(try await store.attempts(ofJob: "j").isEmpty)
        let refusals = try await store.triggers(ofJob: "j").filter { $0.event == .refusal }
        #expect(refusals.map(\.source) == ["budget_defer", "lane_away"] && refusals.map(\.count) == [2, 1])
        #expect(refusals.first?.detail == ["number": 2])
        #expect(refusals.first.map { $0.lastAt - $0.createdAt } == .seconds(10))
        let claim = try #require(try await store.claimAll().first)
        #expect(try await store.begin(claim.lease, plugin: .demo))
        #expect(try await store.job("j")?.refusals == 0)
        let late = JobRefusal(source: "late", detail: [:], runAfter: clock.now())
        #expect(try await store.refuse(claim.lease, late) == nil)
    }
}

/// What is in use, counted as the rules say.
private struct Room {
    let limits: ConcurrencyLimits
    let paused: Set<String>
    var kinds: [String: Int] = [:]
    var lanes: [String: Int] = [:]
    var alone: Set<String> = []
    var gpu = 0

    init(_ limits: ConcurrencyLimits, paused: Set<String>) {
        self.limits = limits
        self.paused = paused
    }

    /// Whether a job waits for a lane alone that the other one would overtake there.
    func lets(_ first: JobRecord, keepBack job: JobRecord) -> Bool {
        guard first.needs.laneAlone, first.needs.laneID == job.needs.laneID, !paused.contains(first.kind),
            kinds[first.kind, default: 0] < limits.kinds[first.kind] ?? .max, !first.needs.gpu || gpu < limits.gpu
        else { return false }
        return (first.priority, -first.seq) > (job.priority, -job.seq)
    }

    mutating func take(_ job: JobRecord) -> Bool {
        guard !paused.contains(job.kind), kinds[job.kind, default: 0] < limits.kinds[job.kind] ?? .max else {
            return false
        }
        if job.needs.gpu, gpu >= limits.gpu { return false }
        if let lane = job.needs.laneID {
            let users = lanes[lane, default: 0]
            guard users < limits.lanes[lane] ?? .max, !alone.contains(lane), !job.needs.laneAlone || users == 0 else {
                return false
            }
            lanes[lane] = users + 1
            if job.needs.laneAlone { alone.insert(lane) }
        }
        kinds[job.kind, default: 0] += 1
        if job.needs.gpu { gpu += 1 }
        return true
    }
}
