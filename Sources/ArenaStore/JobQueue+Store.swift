package import ArenaCore
package import ArenaJSON
import GRDB

/// What is needed to enqueue a job.
package struct NewJob: Sendable {
    package var id: String
    package var kind: String
    package var payload: JSONValue
    package var priority: Int
    /// No two jobs that have not ended share it; `nil`: always a job of its own.
    package var dedupKey: String?
    package var needs: JobNeeds
    package var trigger: String
    /// What is kept beside the trigger: who, from where, why.
    package var triggerDetail: JSONValue
    package var seed: UInt64
    package var maxAttempts: Int
    package var timeout: Duration?
    package var runAfter: Timestamp?

    package init(
        id: String = Identifier.random(), kind: String, payload: JSONValue, priority: Int = 0, dedupKey: String? = nil,
        needs: JobNeeds = JobNeeds(), trigger: String, triggerDetail: JSONValue = .object([:]), seed: UInt64,
        maxAttempts: Int, timeout: Duration? = nil, runAfter: Timestamp? = nil
    ) {
        self.id = id
        self.kind = kind
        self.payload = payload
        self.priority = priority
        self.dedupKey = dedupKey
        self.needs = needs
        self.trigger = trigger
        self.triggerDetail = triggerDetail
        self.seed = seed
        self.maxAttempts = maxAttempts
        self.timeout = timeout
        self.runAfter = runAfter
    }
}

/// What became of a request to enqueue.
package struct EnqueuedJob: Sendable {
    package let job: JobRecord
    /// The job was there before: the same work has not ended yet, and the request only added a trigger to it.
    package let isCoalesced: Bool

    package init(job: JobRecord, isCoalesced: Bool) {
        self.job = job
        self.isCoalesced = isCoalesced
    }
}

/// Which jobs a list holds: newest first.
package struct JobFilter: Sendable {
    /// Empty: any.
    package var statuses: Set<JobStatus>
    package var kind: String?
    /// Only jobs that were enqueued before the one of this ``JobRecord/seq``: the cursor.
    package var before: Int64?
    package var limit: Int

    package init(statuses: Set<JobStatus> = [], kind: String? = nil, before: Int64? = nil, limit: Int = 100) {
        self.statuses = statuses
        self.kind = kind
        self.before = before
        self.limit = limit
    }
}

extension ArenaStore {
    /// Adds a job together with its first trigger, or a trigger to the live job with the same dedup key.
    package func enqueue(_ job: NewJob) async throws(StoreError) -> EnqueuedJob {
        let now = clock.now()
        return try await write { db, outbox in try ArenaStore.enqueue(job, at: now, into: db, &outbox) }
    }

    /// The same, as a part of a transaction.
    static func enqueue(
        _ job: NewJob, at now: Timestamp, into db: Database, _ outbox: inout Outbox
    ) throws -> EnqueuedJob {
        let live = """
            SELECT \(JobRecord.columns) FROM jobs
            WHERE dedup_key = ? AND status IN ('queued', 'dispatched', 'running')
            """
        let inserted = try insert(job, at: now, into: db)
        let found = try inserted ?? db.map(live, [job.dedupKey], JobRecord.init).first
        guard let record = found else { throw StoreError.unreadable("dedup_key") }
        try insertTrigger(
            inserted == nil ? .coalesce : .enqueue, source: job.trigger, detail: job.triggerDetail, jobID: record.id,
            at: now, into: db)
        outbox.changed(.job, record.id)
        return EnqueuedJob(job: record, isCoalesced: inserted == nil)
    }

    /// - Returns: `nil` if there is no such job.
    package func job(_ id: String) async throws(StoreError) -> JobRecord? {
        try await read { db in try JobRecord.fetch(db, id: id) }
    }

    /// Newest first.
    package func jobs(_ filter: JobFilter = JobFilter()) async throws(StoreError) -> [JobRecord] {
        try await read { db in
            var conditions: [String] = []
            var arguments: StatementArguments = []
            if !filter.statuses.isEmpty {
                let names = filter.statuses.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
                conditions.append("status IN (\(names))")
            }
            if let kind = filter.kind {
                conditions.append("kind = ?")
                arguments += [kind]
            }
            if let before = filter.before {
                conditions.append("seq < ?")
                arguments += [before]
            }
            let restriction = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            let sql = "SELECT \(JobRecord.columns) FROM jobs \(restriction) ORDER BY seq DESC LIMIT ?"
            return try db.map(sql, arguments + [filter.limit], JobRecord.init)
        }
    }
}

/// - Returns: `nil` when a live job has the same dedup key.
private func insert(_ job: NewJob, at now: Timestamp, into db: Database) throws -> JobRecord? {
    try db.map(
        """
        INSERT INTO jobs (id, kind, status, priority, payload_json, dedup_key, trigger, seed, timeout_ms, max_attempts,
            lane_id, lane_alone, needs_gpu, run_after, ready_at, enqueued_at)
        VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (dedup_key) WHERE status IN ('queued', 'dispatched', 'running') DO NOTHING
        RETURNING \(JobRecord.columns)
        """,
        [
            job.id, job.kind, job.priority, job.payload.text(.sorted), job.dedupKey, job.trigger, String(job.seed),
            job.timeout?.milliseconds, job.maxAttempts, job.needs.laneID, job.needs.laneAlone, job.needs.gpu,
            job.runAfter?.description, max(now, job.runAfter ?? now).description, now.description,
        ], JobRecord.init
    ).first
}
