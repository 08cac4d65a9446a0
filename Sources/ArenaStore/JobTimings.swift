package import ArenaCore
import GRDB

/// How long a job that has ended took.
package struct JobTiming: Sendable, Hashable {
    package let kind: String
    package let status: JobStatus
    /// From its enqueueing to its first start; `nil` when it never ran.
    package let queued: Duration?
    /// All its attempts together; `nil` when it never ran.
    package let run: Duration?

    package init(kind: String, status: JobStatus, queued: Duration?, run: Duration?) {
        self.kind = kind
        self.status = status
        self.queued = queued
        self.run = run
    }
}

extension ArenaStore {
    /// The times of every job that ended after `time`; `nil`: of all that are stored.
    package func jobTimings(
        endedAfter time: Timestamp?, kind: String? = nil
    ) async throws(StoreError) -> [JobTiming] {
        try await read { db in
            try db.rows(
                """
                SELECT kind, status,
                    CAST(round((julianday(started_at) - julianday(
                        iif(ready_at <= started_at, ready_at, enqueued_at))) * 86400000) AS INTEGER) AS queued_ms,
                    (SELECT CAST(round(sum(julianday(a.finished_at) - julianday(a.started_at)) * 86400000) AS INTEGER)
                        FROM job_attempts a WHERE a.job_id = jobs.id AND a.finished_at IS NOT NULL) AS run_ms
                FROM jobs
                WHERE status IN ('done', 'failed', 'skipped') AND (:after IS NULL OR finished_at > :after)
                    AND (:kind IS NULL OR kind = :kind)
                """, ["after": time?.description, "kind": kind]
            ).map { row in
                guard let status = JobStatus(rawValue: row["status"]) else { throw StoreError.unreadable("status") }
                let hasRun = row["queued_ms"] as Int64? != nil
                return JobTiming(
                    kind: row["kind"], status: status,
                    queued: (row["queued_ms"] as Int64?).map { .milliseconds($0) },
                    run: hasRun ? (row["run_ms"] as Int64?).map { .milliseconds($0) } : nil)
            }
        }
    }

    /// Full names of the kinds of which there are jobs, or that are paused, by name.
    package func knownKinds() async throws(StoreError) -> [String] {
        try await read { db in
            try db.rows("SELECT kind FROM jobs UNION SELECT kind FROM paused_kinds ORDER BY kind").map { $0["kind"] }
        }
    }
}
