package import ArenaCore
import ArenaJSON
import GRDB

/// Which jobs that ended without success are meant. Members that are `nil` let everything pass.
package struct DeadJobFilter: Sendable, Hashable {
    /// `failed`, `skipped` or both.
    package var statuses: Set<JobStatus>
    package var kind: String?
    /// The code of the failure, such as `lane.unreachable`.
    package var code: String?
    /// Found in the failure's message, or in the payload; capital and small ASCII letters are the same.
    package var text: String?
    package var endedAfter: Timestamp?
    package var endedBefore: Timestamp?

    package init(
        statuses: Set<JobStatus> = [.failed], kind: String? = nil, code: String? = nil, text: String? = nil,
        endedAfter: Timestamp? = nil, endedBefore: Timestamp? = nil
    ) {
        self.statuses = statuses.intersection([.failed, .skipped])
        self.kind = kind
        self.code = code
        self.text = text
        self.endedAfter = endedAfter
        self.endedBefore = endedBefore
    }

    /// What every statement on these jobs asks for; ``arguments`` are its values.
    fileprivate static let condition = """
        (status = 'failed' AND :failed OR status = 'skipped' AND :skipped)
        AND (:kind IS NULL OR kind = :kind) AND (:code IS NULL OR error_code = :code)
        AND (:ended_after IS NULL OR finished_at > :ended_after)
        AND (:ended_before IS NULL OR finished_at < :ended_before)
        AND (:text IS NULL OR instr(lower(ifnull(error_message, '')), lower(:text)) > 0
            OR instr(lower(payload_json), lower(:text)) > 0)
        """

    fileprivate var arguments: StatementArguments {
        [
            "failed": statuses.contains(.failed), "skipped": statuses.contains(.skipped), "kind": kind, "code": code,
            "text": text, "ended_after": endedAfter?.description, "ended_before": endedBefore?.description,
        ]
    }
}

/// What became of a request to retry many jobs.
package struct BulkRetry: Sendable, Hashable {
    /// The jobs that wait again.
    package var retried: [String] = []
    /// Jobs that were left as they are, because the same work waits or runs already.
    package var duplicates: [String] = []

    package init() {}
}

extension ArenaStore {
    /// Jobs that ended without success, the newest first.
    ///
    /// - Parameter before: Only jobs that were enqueued before the one of this ``JobRecord/seq``: the cursor.
    package func deadJobs(
        _ filter: DeadJobFilter, before: Int64? = nil, limit: Int = 100
    ) async throws(StoreError) -> [JobRecord] {
        try await read { db in
            try db.map(
                """
                SELECT \(JobRecord.columns) FROM jobs
                WHERE status IN ('failed', 'skipped') AND (:before IS NULL OR seq < :before)
                    AND \(DeadJobFilter.condition)
                ORDER BY seq DESC LIMIT :limit
                """, filter.arguments + ["before": before, "limit": limit], JobRecord.init)
        }
    }

    /// Puts a job that failed or was skipped back into the queue. It keeps its history, what it sealed and its
    /// checkpoint; its counts of failures begin anew, so that it has all its attempts again.
    ///
    /// - Parameter source: Who wants it, for the audit trail.
    /// - Returns: the job; `nil` if there is none.
    /// - Throws: `store.job_not_ended` unless it failed or was skipped; `store.duplicate_job` if the same work is
    ///   waiting or running by now.
    package func retry(_ id: String, source: String = "manual") async throws(StoreError) -> JobRecord? {
        let now = clock.now()
        return try await write { db, outbox in
            guard let job = try JobRecord.fetch(db, id: id) else { return nil }
            guard JobEvent.reopen.sources.contains(job.status) else {
                throw StoreError(
                    code: "store.job_not_ended", category: .conflict,
                    message: "Job \(id) is \(job.status.rawValue): only one that failed or was skipped is retried.")
            }
            guard try reopen(job, source: source, at: now, in: db) else {
                throw StoreError(
                    code: "store.duplicate_job", category: .conflict,
                    message: "The same work as job \(id) is waiting or running already.")
            }
            outbox.changed(.job, id)
            return try JobRecord.fetch(db, id: id)
        }
    }

    /// Puts every job that the filter lets pass back into the queue, the oldest first: of the same work only one.
    ///
    /// - Parameter limit: The most that one transaction takes on. Call again until nothing was retried.
    package func retryAll(
        _ filter: DeadJobFilter, after seq: Int64 = 0, limit: Int, source: String
    ) async throws(StoreError) -> (result: BulkRetry, last: Int64?) {
        let now = clock.now()
        return try await write { db, outbox in
            let jobs = try db.map(
                """
                SELECT \(JobRecord.columns) FROM jobs
                WHERE status IN ('failed', 'skipped') AND seq > :seq AND \(DeadJobFilter.condition)
                ORDER BY seq LIMIT :limit
                """, filter.arguments + ["seq": seq, "limit": limit], JobRecord.init)
            var result = BulkRetry()
            for job in jobs {
                guard try reopen(job, source: source, at: now, in: db) else {
                    result.duplicates.append(job.id)
                    continue
                }
                result.retried.append(job.id)
                outbox.changed(.job, job.id)
            }
            return (result, jobs.last?.seq)
        }
    }
}

/// - Returns: `false`, and nothing was written, when a live job has the same dedup key.
private func reopen(_ job: JobRecord, source: String, at now: Timestamp, in db: Database) throws -> Bool {
    do {
        try db.run(
            "\(JobEvent.reopen.update) WHERE id = :id AND \(JobEvent.reopen.condition)",
            ["id": job.id, "now": now.description])
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
        return false
    }
    let detail: JSONValue = [
        "status": .string(job.status.rawValue), "code": job.failure.map { .string($0.code) } ?? .null,
    ]
    try insertTrigger(.retry, source: source, detail: detail, jobID: job.id, at: now, into: db)
    return true
}
