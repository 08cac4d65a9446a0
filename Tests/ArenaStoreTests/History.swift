import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

/// Random things done to a store, with what must be true of it kept beside.
struct History {
    private let store: ArenaStore
    private let clock = TestClock()
    private var random: SeededGenerator
    private var leases: [JobLease] = []
    /// The keys that each job has sealed.
    private var sealed: [String: Set<String>] = [:]
    private var last: [String: JobRecord] = [:]
    private var made = 0
    private(set) var finished = 0

    init(seed: UInt64) async throws {
        random = SeededGenerator(seed: seed)
        store = try await ArenaStore.inMemory(clock: clock)
    }

    /// What a step was meant to do to which job; nothing else may have changed.
    private enum Effect {
        case event(JobEvent, String)
        /// These columns only.
        case writes(Set<JobColumn>, String)
        case new(String)
        case gone(String)
    }

    /// One thing of any kind, and a look at what it did and did not.
    mutating func step() async throws {
        let effects = try await act()
        try await check(effects)
    }

    /// A look at everything.
    func checkAll() async throws {
        for job in last.values { try await check(job) }
    }

    private mutating func act() async throws -> [Effect] {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: try await enqueue()
        case 20..<38: try await claim()
        case 38..<50: try await begin()
        case 50..<60: try await seal()
        case 60..<76: try await conclude()
        case 76..<80: try await refuse()
        case 80..<84: try await haunt()
        case 84..<88: try await cancel()
        case 88..<92: try await reopen()
        case 92..<95: try await pauseOrResume()
        case 95..<96: try await prune()
        default: jump()
        }
    }

    // MARK: What may happen

    private mutating func enqueue() async throws -> [Effect] {
        made += 1
        let keys = [nil, "k1", "k2"]
        let id = "j\(made)"
        let enqueued = try await store.enqueue(
            NewJob(
                id: id, kind: "demo/\(made % 2)", payload: [:], priority: .random(in: 0...2, using: &random),
                dedupKey: keys.randomElement(using: &random) ?? nil,
                needs: JobNeeds(gpu: .random(using: &random)), trigger: "test", seed: 1, maxAttempts: 3))
        #expect(enqueued.isCoalesced == (enqueued.job.id != id))
        #expect(!enqueued.job.status.isFinal)
        return enqueued.isCoalesced ? [] : [.new(id)]
    }

    private mutating func claim() async throws -> [Effect] {
        let claims = try await store.claim(
            ClaimRequest(
                limit: .random(in: 1...3, using: &random), limits: ConcurrencyLimits(gpu: 2), dispatcherID: "d",
                host: .here, leaseExpiresAt: clock.now() + .seconds(30)))
        leases += claims.map(\.lease)
        #expect(Set(leases).count == leases.count, "a token was given twice")
        return claims.map { .event(.claim, $0.job.id) }
    }

    private mutating func begin() async throws -> [Effect] {
        guard let lease = live(.dispatched) else { return [] }
        #expect(try await store.begin(lease, plugin: .demo))
        return [.event(.begin, lease.jobID)]
    }

    private mutating func seal() async throws -> [Effect] {
        guard let lease = live(.running), let job = last[lease.jobID] else { return [] }
        let key = "\(lease.attempt).\(job.checkpointSeq)"
        let outcome = try await store.seal(
            [.note(key)], checkpoint: [1], pluginSHA256: "ab", expected: job.checkpointSeq, for: lease)
        #expect(outcome == .sealed(job.checkpointSeq + 1))
        sealed[lease.jobID, default: []].insert(key)
        return [.writes([.rescues], lease.jobID)]
    }

    private mutating func conclude() async throws -> [Effect] {
        let events = JobEvent.allCases.filter(\.endsAttempt)
        guard let other = events.randomElement(using: &random), let lease = live(nil) else { return [] }
        let event = Bool.random(using: &random) ? .finish : other
        let isPossible = last[lease.jobID].map(event.isPossible) ?? false
        let conclusion: @Sendable (JobRecord) -> AttemptConclusion = { job in
            var conclusion = AttemptConclusion(Self.end(of: event), by: event, of: job)
            conclusion.forgetsProgress = event == .startOver
            conclusion.failures += 1
            conclusion.reason = "cancelled"
            if event == .retry { conclusion.runAfter = job.enqueuedAt + .seconds(1) }
            return conclusion
        }
        guard isPossible else {
            await #expect(throws: StoreError.self) { try await store.conclude(lease, decide: conclusion) }
            return []
        }
        #expect(try await store.conclude(lease, decide: conclusion)?.status == event.target)
        if event == .startOver { sealed[lease.jobID] = nil }
        if event == .finish { finished += 1 }
        return [.event(event, lease.jobID)]
    }

    private static func end(of event: JobEvent) -> AttemptEnd {
        switch event {
        case .finish: .done
        case .cancel: .cancelled
        case .release: .released
        case .rescue: .lost
        case .startOver: .startedOver
        default: .failed
        }
    }

    private mutating func refuse() async throws -> [Effect] {
        guard let lease = live(.dispatched) else { return [] }
        let refusal = JobRefusal(source: "no", detail: [:], runAfter: clock.now() + .seconds(2))
        let refused = try await store.refuse(lease, refusal)
        guard last[lease.jobID]?.cancelRequestedAt == nil else {
            #expect(refused == nil)
            return []
        }
        #expect(refused?.status == .queued)
        return [.event(.refuse, lease.jobID)]
    }

    /// An attempt that lost its job acts as if it had not: nothing may come of it.
    private mutating func haunt() async throws -> [Effect] {
        let dead = leases.filter { live($0) == nil }
        guard let lease = dead.randomElement(using: &random) else { return [] }
        #expect(try await store.begin(lease, plugin: .demo) == false)
        let outcome = try await store.seal(
            [.note("ghost")], checkpoint: [9], pluginSHA256: "ab", expected: 0, for: lease)
        #expect(outcome == .leaseLost)
        let ended = try await store.conclude(lease, sealing: [.note("ghost")]) {
            AttemptConclusion(.done, by: .finish, of: $0)
        }
        #expect(ended == nil)
        let refusal = JobRefusal(source: "ghost", detail: [:], runAfter: clock.now())
        #expect(try await store.refuse(lease, refusal) == nil)
        #expect(try await store.recordChild(ProcessStamp(pid: 9, startTicks: 9), of: lease) == false)
        let line = LogLine(level: 1, message: "ghost", createdAt: clock.now())
        #expect(try await store.report([line], progress: ["done": 9], for: lease) == false)
        return []
    }

    private mutating func cancel() async throws -> [Effect] {
        guard let job = last.values.sorted(by: { $0.seq < $1.seq }).randomElement(using: &random) else { return [] }
        switch try await store.requestCancel(job.id) {
        case .skipped: return [.event(.cancel, job.id)]
        case .requested: return [.writes([.cancelRequestedAt], job.id)]
        case .alreadyEnded(let status): #expect(status == job.status)
        case .notFound: Issue.record("\(job.id) was there")
        }
        return []
    }

    private mutating func reopen() async throws -> [Effect] {
        let ended = last.values.filter { $0.status.isFinal }.sorted { $0.seq < $1.seq }
        guard let job = ended.randomElement(using: &random) else { return [] }
        do {
            let reopened = try await store.retry(job.id)
            #expect(reopened?.status == .queued && job.status != .done)
            return [.event(.reopen, job.id)]
        } catch {
            #expect(error.code == (job.status == .done ? "store.job_not_ended" : "store.duplicate_job"))
            return []
        }
    }

    private mutating func pauseOrResume() async throws -> [Effect] {
        if Bool.random(using: &random) {
            try await store.pause(kind: "demo/1", reason: nil)
        } else {
            _ = try await store.resume(kind: "demo/1")
        }
        return []
    }

    private mutating func prune() async throws -> [Effect] {
        let limit = clock.now() + .seconds(-10)
        let old = last.values.filter { $0.finishedAt.map { $0 < limit } ?? false }.map(\.id)
        #expect(try await store.pruneJobs(endedBefore: limit).jobs == old.count)
        return old.map { .gone($0) }
    }

    /// Time goes on, or someone sets the clock.
    private mutating func jump() -> [Effect] {
        let seconds = [1, 5, 60, 3600, -5, -3600].randomElement(using: &random) ?? 1
        clock.set(to: clock.now() + .seconds(seconds))
        return []
    }

    // MARK: What must be true

    private func live(_ lease: JobLease) -> JobRecord? {
        guard let job = last[lease.jobID], job.status.isHeld, lease == leases.last(where: { $0.jobID == job.id }) else {
            return nil
        }
        return job
    }

    /// A lease that holds a job of that state; `nil`: of any.
    private mutating func live(_ status: JobStatus?) -> JobLease? {
        leases.filter { lease in live(lease).map { status == nil || $0.status == status } ?? false }
            .randomElement(using: &random)
    }

    private mutating func check(_ effects: [Effect]) async throws {
        let jobs = try await store.jobs(JobFilter(limit: 10_000))
        let now = Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0) })
        var expected = last
        for effect in effects {
            switch effect {
            case .new(let id): expected[id] = now[id]
            case .gone(let id): expected[id] = nil
            case .event(let event, let id):
                let (before, after) = (try #require(last[id]), try #require(now[id]))
                #expect(event.target(from: before.status) == after.status)
                expectSame(before, after, besides: Set(event.writes.keys), "\(event)")
                expected[id] = after
            case .writes(let columns, let id):
                let (before, after) = (try #require(last[id]), try #require(now[id]))
                #expect(before.status == after.status)
                expectSame(before, after, besides: columns, "\(columns)")
                expected[id] = after
            }
        }
        #expect(now == expected, "something changed that nobody asked for")
        last = now
        let held = try await store.liveAttempts().map(\.lease)
        #expect(Set(held.map(\.jobID)).count == held.count, "a job has two live attempts")
        #expect(Set(held.map(\.jobID)) == Set(jobs.filter { $0.status.isHeld }.map(\.id)))
        for effect in effects {
            if case .event(_, let id) = effect, let job = now[id] { try await check(job) }
        }
        let liveKeys = jobs.filter { !$0.status.isFinal }.compactMap(\.dedupKey)
        #expect(Set(liveKeys).count == liveKeys.count, "the same work is live twice")
    }

    /// One job with its attempts and rows.
    private func check(_ job: JobRecord) async throws {
        let attempts = try await store.attempts(ofJob: job.id)
        #expect(attempts.map(\.attempt) == Array(1..<(job.attempts + 1)))
        #expect(attempts.count { $0.end == .done } == (job.status == .done ? 1 : 0))
        let rows = try await store.pluginRecords(ofJob: job.id, recordType: "note/1")
        #expect(Set(rows.map(\.key)) == (job.status == .done ? sealed[job.id, default: []] : []))
        #expect(job.status != .queued || job.cancelRequestedAt == nil)
    }

    private func expectSame(
        _ before: JobRecord, _ after: JobRecord, besides written: Set<JobColumn>, _ what: String
    ) {
        for column in JobColumn.allCases where !written.contains(column) {
            #expect(before.text(of: column) == after.text(of: column), "\(what) wrote \(column)")
        }
    }
}

extension JobRecord {
    /// A column as text; of the token, which a record does not tell, whether there is one.
    fileprivate func text(of column: JobColumn) -> String {
        let value: Any? =
            switch column {
            case .reason: reason
            case .result: result
            case .errorCode: failure?.code
            case .errorCategory: failure?.category
            case .errorMessage: failure?.message
            case .errorHint: failure?.hint
            case .errorDetail: failureDetail
            case .attempts: attempts
            case .failures: failures
            case .crashes: crashes
            case .rescues: rescues
            case .refusals: refusals
            case .leaseToken: status.isHeld
            case .runAfter: runAfter
            case .readyAt: readyAt
            case .dispatchedAt: dispatchedAt
            case .startedAt: startedAt
            case .finishedAt: finishedAt
            case .cancelRequestedAt: cancelRequestedAt
            }
        return value.map { "\($0)" } ?? "none"
    }
}
