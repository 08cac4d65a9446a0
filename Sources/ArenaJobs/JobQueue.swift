package import ArenaCore
package import ArenaJSON
package import ArenaStore

/// Which requests are the same work, of which only one waits or runs at a time.
package enum Deduplication: Sendable, Hashable {
    /// Those of the same kind on the same lane and bench, as their payloads name them; where a payload names neither,
    /// none.
    case byLaneAndBench
    /// Those with the same key.
    case key(String)
    /// None: it is always enqueued.
    case never

    /// As a request says it: nothing is the default, an empty key means that it always runs.
    package init(key: String?) {
        switch key {
        case nil: self = .byLaneAndBench
        case "": self = .never
        case let key?: self = .key(key)
        }
    }
}

/// What someone wants done.
package struct JobRequest: Sendable {
    /// The full name of the kind, or an id that one plugin alone provides.
    package var kind: String
    package var payload: JSONValue
    /// The higher, the sooner.
    package var priority: Int
    package var deduplication: Deduplication
    /// Where it comes from: `cli`, `http`, `schedule`, …
    package var trigger: String
    package var triggerDetail: JSONValue
    /// What the job's random numbers start from; `nil`: a random one, which is recorded.
    package var seed: UInt64?
    /// `nil`: as the kind says.
    package var maxAttempts: Int?
    /// `nil`: as the kind says.
    package var timeout: Duration?
    /// Not before this time.
    package var runAfter: Timestamp?

    package init(
        kind: String, payload: JSONValue, priority: Int = 0, deduplication: Deduplication = .byLaneAndBench,
        trigger: String, triggerDetail: JSONValue = .object([:]), seed: UInt64? = nil, maxAttempts: Int? = nil,
        timeout: Duration? = nil, runAfter: Timestamp? = nil
    ) {
        self.kind = kind
        self.payload = payload
        self.priority = priority
        self.deduplication = deduplication
        self.trigger = trigger
        self.triggerDetail = triggerDetail
        self.seed = seed
        self.maxAttempts = maxAttempts
        self.timeout = timeout
        self.runAfter = runAfter
    }
}

/// What the faces do with jobs. Reading goes to ``ArenaStore`` itself.
package struct JobQueue: Sendable {
    let store: ArenaStore
    let catalog: any JobKindCatalog
    private let rescuer: Rescuer

    /// - Parameter rescuer: Frees a job whose host is dead when the same work is asked for again.
    package init(store: ArenaStore, catalog: any JobKindCatalog, rescuer: Rescuer) {
        self.store = store
        self.catalog = catalog
        self.rescuer = rescuer
    }

    /// Checks the request and adds it, or joins it to the same work that has not ended yet.
    ///
    /// - Throws: the catalog's error for an unknown kind; `job.invalid_payload`; `job.timeout_too_long`;
    ///   `job.invalid_request`.
    package func enqueue(_ request: JobRequest) async throws -> EnqueuedJob {
        let kind = try await checkedKind(request.kind, payload: request.payload)
        try check(request, kind)
        let enqueued = try await store.enqueue(
            NewJob(
                kind: kind.name, payload: request.payload, priority: request.priority,
                dedupKey: dedupKey(request, kind), needs: kind.needs(of: request.payload), trigger: request.trigger,
                triggerDetail: request.triggerDetail, seed: request.seed ?? .random(in: .min ... .max),
                maxAttempts: request.maxAttempts ?? kind.maxAttempts,
                timeout: request.timeout, runAfter: request.runAfter))
        guard enqueued.isCoalesced, enqueued.job.status.isHeld else { return enqueued }
        // The same work may be held by a host that is dead: nobody else would look before the next dispatcher starts.
        try await rescuer.rescue(onlyJobID: enqueued.job.id)
        let job = try await store.job(enqueued.job.id) ?? enqueued.job
        return EnqueuedJob(job: job, isCoalesced: true)
    }

    /// The kind of a name, if it takes this payload.
    ///
    /// - Throws: the catalog's error for an unknown kind; `job.invalid_payload`.
    func checkedKind(_ name: String, payload: JSONValue) async throws -> JobKindInfo {
        let kind = try await catalog.jobKind(name)
        let problems = try await catalog.problems(in: payload, of: kind)
        guard problems.isEmpty else { throw invalidPayload(problems, kind) }
        return kind
    }

    /// - Throws: `job.not_found`.
    package func cancel(_ jobID: String) async throws -> CancelAnswer {
        let answer = try await store.requestCancel(jobID)
        guard answer != .notFound else { throw JobsError.notFound(jobID) }
        return answer
    }

    /// Puts a job that failed or was skipped back into the queue; it goes on from its last commit.
    ///
    /// - Throws: `job.not_found`, `store.job_not_ended`, `store.duplicate_job`.
    package func retry(_ jobID: String, source: String = "manual") async throws -> JobRecord {
        guard let job = try await store.retry(jobID, source: source) else { throw JobsError.notFound(jobID) }
        return job
    }

    /// Waits until a job has ended, whoever runs it.
    ///
    /// - Throws: `job.not_found`; `CancellationError` when the surrounding task is cancelled, which leaves the job be.
    package func untilFinished(_ jobID: String) async throws -> JobRecord {
        for await _ in store.wakeups() {
            guard let job = try await store.job(jobID) else { throw JobsError.notFound(jobID) }
            if job.status.isFinal { return job }
        }
        throw CancellationError()
    }

    private func check(_ request: JobRequest, _ kind: JobKindInfo) throws(JobsError) {
        if let timeout = request.timeout, let most = kind.maxTimeout, timeout > most {
            throw JobsError(
                code: "job.timeout_too_long", category: .invalidArgument,
                message: "Jobs of kind \(kind.name) may run for \(most) at most; \(timeout) was asked for.")
        }
        if let attempts = request.maxAttempts, attempts < 1 {
            throw JobsError(
                code: "job.invalid_request", category: .invalidArgument,
                message: "A job has at least one attempt; \(attempts) were asked for.")
        }
    }

    private func dedupKey(_ request: JobRequest, _ kind: JobKindInfo) -> String? {
        switch request.deduplication {
        case .byLaneAndBench:
            let (lane, bench) = (request.payload["lane_id"]?.string, request.payload["bench_id"]?.string)
            return lane == nil && bench == nil ? nil : "\(kind.name):\(lane ?? ""):\(bench ?? "")"
        case .key(let key): return key
        case .never: return nil
        }
    }

    private func invalidPayload(_ problems: [PayloadProblem], _ kind: JobKindInfo) -> JobsError {
        let list = problems.map { problem in
            // A plugin's sentence brings its full stop.
            let what = problem.message.hasSuffix(".") ? String(problem.message.dropLast()) : problem.message
            return problem.pointer.isEmpty ? what : "\(problem.pointer): \(what)"
        }
        return JobsError(
            code: "job.invalid_payload", category: .invalidArgument,
            message: "The payload does not fit \(kind.name): \(list.joined(separator: "; ")).",
            hint: problems.compactMap(\.hint).first ?? "`arena plugin info \(kind.plugin.id)` shows what it takes.")
    }
}
