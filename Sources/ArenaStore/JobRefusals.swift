package import ArenaCore
package import ArenaJSON
import GRDB

/// Why a job that was claimed is not let run now.
package struct JobRefusal: Sendable, Hashable {
    /// A stable word such as `budget_defer`: the entry of the audit trail that counts these refusals.
    package var source: String
    package var detail: JSONValue
    /// The job waits until then.
    package var runAfter: Timestamp
    /// What the job needs, where that is no longer what it needed when it was enqueued.
    package var needs: JobNeeds?

    package init(source: String, detail: JSONValue, runAfter: Timestamp, needs: JobNeeds? = nil) {
        self.source = source
        self.detail = detail
        self.runAfter = runAfter
        self.needs = needs
    }
}

extension ArenaStore {
    /// Undoes a claim before any work was begun: the job waits, and its history does not count an attempt.
    ///
    /// - Returns: the job afterwards; `nil`, and nothing was written, when the lease was lost, its work had begun, or
    ///   someone asked to cancel the job.
    package func refuse(_ lease: JobLease, _ refusal: JobRefusal) async throws(StoreError) -> JobRecord? {
        let now = clock.now()
        return try await write { db, outbox in
            try db.run(
                """
                \(JobEvent.refuse.update) WHERE \(JobLease.condition) AND \(JobEvent.refuse.condition)
                    AND cancel_requested_at IS NULL
                """,
                lease.arguments + ["run_after": refusal.runAfter.description, "now": now.description])
            guard db.changesCount > 0 else { return nil }
            try db.run("DELETE FROM job_attempts WHERE job_id = ? AND attempt = ?", [lease.jobID, lease.attempt])
            if let needs = refusal.needs {
                try db.run(
                    "UPDATE jobs SET lane_id = ?, lane_alone = ?, needs_gpu = ? WHERE id = ?",
                    [needs.laneID, needs.laneAlone, needs.gpu, lease.jobID])
            }
            try insertTrigger(
                .refusal, source: refusal.source, detail: refusal.detail, jobID: lease.jobID, at: now, into: db)
            outbox.changed(.job, lease.jobID)
            return try JobRecord.fetch(db, id: lease.jobID)
        }
    }
}
