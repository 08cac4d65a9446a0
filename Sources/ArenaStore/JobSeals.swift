package import ArenaCore
package import ArenaJSON
import GRDB

/// What became of a commit.
package enum SealOutcome: Sendable, Hashable {
    /// Rows and checkpoint are on the disk; the number of commits sealed so far.
    case sealed(UInt64)
    /// The caller expected another number of commits than this one; nothing was written.
    case sequenceMismatch(sealed: UInt64)
    /// A row of this record type and key was sealed before, or belongs to another job; nothing was written.
    case refused(recordType: String, key: String, RecordPresence)
    /// Another attempt has taken over, for good; nothing was written.
    case leaseLost
}

/// How an attempt ended, as its row in the history says.
package enum AttemptEnd: String, Sendable, CaseIterable {
    case done, failed, crashed, cancelled
    /// Its host died or fell silent.
    case lost
    /// Its host stopped in good order; no fault of the job.
    case released
    /// It found a checkpoint that it cannot go on from.
    case startedOver = "started_over"
}

/// What the end of an attempt does to its job. `ArenaJobs` decides, ``ArenaStore/conclude(_:requiring:sealing:decide:)``
/// writes.
package struct AttemptConclusion: Sendable {
    package var end: AttemptEnd
    package var status: JobStatus
    package var reason: String?
    package var result: JSONValue?
    package var failure: Failure?
    package var runAfter: Timestamp?
    package var failures: Int
    package var crashes: Int
    package var rescues: Int
    /// Forget sealed rows and the checkpoint.
    package var forgetsProgress: Bool
    /// Lines for the job's log.
    package var notes: [String]

    /// A conclusion that leaves the counts of the job as they are.
    package init(_ end: AttemptEnd, _ status: JobStatus, of job: JobRecord) {
        self.end = end
        self.status = status
        failures = job.failures
        crashes = job.crashes
        rescues = job.rescues
        forgetsProgress = false
        notes = []
    }
}

/// What must be true of an attempt for its end to be written.
package enum LeaseRequirement: Sendable {
    /// It holds its job.
    case held
    /// It holds its job but its lease has run out by now.
    case expired
}

extension ArenaStore {
    /// Seals rows together with the checkpoint, all or nothing.
    ///
    /// - Parameters:
    ///   - pluginSHA256: Who wrote the checkpoint.
    ///   - expected: The number of commits sealed so far.
    package func seal(
        _ rows: [SealedRow], checkpoint: [UInt8], pluginSHA256: String, expected: UInt64, for lease: JobLease
    ) async throws(StoreError) -> SealOutcome {
        let now = clock.now()
        return try await write { db, outbox in
            let held = try db.row(
                "SELECT checkpoint_seq FROM jobs WHERE \(JobLease.condition) AND status = 'running'", lease.arguments)
            guard let held else { return .leaseLost }
            let sealed = UInt64(held["checkpoint_seq"] as Int64)
            guard sealed == expected else { return .sequenceMismatch(sealed: sealed) }
            if let refusal = try insert(rows, jobID: lease.jobID, at: now, into: db) { return refusal }
            try db.run(
                """
                UPDATE jobs SET checkpoint = :checkpoint, checkpoint_seq = checkpoint_seq + 1,
                    checkpoint_plugin_sha256 = :sha256, rescues = 0 WHERE \(JobLease.condition)
                """, lease.arguments + ["checkpoint": blob(checkpoint), "sha256": pluginSHA256])
            outbox.changed(.jobProgress, lease.jobID)
            return .sealed(sealed + 1)
        }
    }

    /// Ends an attempt and moves its job on, in one transaction: together with a `done` all rows become visible.
    ///
    /// - Parameters:
    ///   - rows: Sealed in the same transaction, if the job is done.
    ///   - decide: Gets the job as it stands in this transaction. Called at most once.
    /// - Returns: the job afterwards; `nil`, and nothing was written, when the requirement did not hold.
    package func conclude(
        _ lease: JobLease, requiring requirement: LeaseRequirement = .held, sealing rows: [SealedRow] = [],
        decide: @escaping @Sendable (JobRecord) -> AttemptConclusion
    ) async throws(StoreError) -> JobRecord? {
        let now = clock.now()
        return try await write { db, outbox in
            guard try meets(requirement, lease, now, in: db), let job = try JobRecord.fetch(db, id: lease.jobID) else {
                return nil
            }
            let conclusion = decide(job)
            if conclusion.status == .done {
                for row in rows where try row.presence(in: db, jobID: lease.jobID) == .absent {
                    try row.insert(into: db, jobID: lease.jobID, at: now)
                }
                try reveal(jobID: lease.jobID, in: db, &outbox)
            }
            if conclusion.forgetsProgress { try forgetProgress(jobID: lease.jobID, in: db) }
            try record(conclusion, lease, now, in: db)
            for note in conclusion.notes {
                try insertLog(LogLine(level: 1, message: note, createdAt: now), lease, into: db)
                outbox.changed(.jobLog, lease.jobID)
            }
            outbox.changed(.job, lease.jobID)
            return try JobRecord.fetch(db, id: lease.jobID)
        }
    }
}

/// Inserts all rows or none.
///
/// - Returns: why none.
private func insert(_ rows: [SealedRow], jobID: String, at now: Timestamp, into db: Database) throws -> SealOutcome? {
    var refusal: SealOutcome?
    try db.inSavepoint {
        for row in rows {
            let presence = try row.presence(in: db, jobID: jobID)
            guard presence == .absent else {
                refusal = .refused(recordType: row.recordType, key: row.key, presence)
                return .rollback
            }
            try row.insert(into: db, jobID: jobID, at: now)
        }
        return .commit
    }
    return refusal
}

private func meets(
    _ requirement: LeaseRequirement, _ lease: JobLease, _ now: Timestamp, in db: Database
) throws -> Bool {
    guard try lease.holds(db) else { return false }
    switch requirement {
    case .held:
        return true
    case .expired:
        let expired = "SELECT 1 FROM job_attempts WHERE job_id = ? AND attempt = ? AND lease_expires_at <= ?"
        return try db.row(expired, [lease.jobID, lease.attempt, now.description]) != nil
    }
}

/// Shows to everyone what the job sealed. A run whose own record never came stays hidden.
private func reveal(jobID: String, in db: Database, _ outbox: inout Outbox) throws {
    let runs = try db.rows(
        "UPDATE eval_runs SET visible = 1 WHERE job_id = ? AND recorded = 1 AND visible = 0 RETURNING id", [jobID])
    for run in runs { outbox.changed(.evalRun, run["id"]) }
    try db.run("UPDATE plugin_records SET visible = 1 WHERE job_id = ?", [jobID])
    try db.run("UPDATE artifacts SET visible = 1 WHERE job_id = ?", [jobID])
}

private func forgetProgress(jobID: String, in db: Database) throws {
    try db.run("DELETE FROM eval_runs WHERE job_id = ?", [jobID])  // their scores go with them
    try db.run("DELETE FROM plugin_records WHERE job_id = ?", [jobID])
    try db.run("DELETE FROM artifacts WHERE job_id = ?", [jobID])
    try db.run(
        """
        UPDATE jobs SET checkpoint = NULL, checkpoint_seq = 0, checkpoint_plugin_sha256 = NULL, progress_json = NULL
        WHERE id = ?
        """, [jobID])
}

private func record(
    _ conclusion: AttemptConclusion, _ lease: JobLease, _ now: Timestamp, in db: Database
) throws {
    try db.run(
        """
        UPDATE jobs SET status = :status, reason = :reason, result_json = :result, run_after = :run_after,
            failures = :failures, crashes = :crashes, rescues = :rescues, finished_at = :finished_at,
            error_code = :error_code, error_category = :error_category, error_message = :error_message,
            error_hint = :error_hint, lease_token = NULL
        WHERE \(JobLease.condition)
        """,
        lease.arguments + .failure(conclusion.failure) + [
            "status": conclusion.status.rawValue, "reason": conclusion.reason, "result": conclusion.result?.text(),
            "run_after": conclusion.runAfter?.description, "failures": conclusion.failures,
            "crashes": conclusion.crashes, "rescues": conclusion.rescues,
            "finished_at": conclusion.status.isFinal ? now.description : nil,
        ])
    try db.run(
        """
        UPDATE job_attempts SET outcome = :outcome, finished_at = :now,
            error_code = :error_code, error_category = :error_category, error_message = :error_message,
            error_hint = :error_hint
        WHERE job_id = :job_id AND attempt = :attempt
        """,
        .failure(conclusion.failure) + [
            "outcome": conclusion.end.rawValue, "now": now.description, "job_id": lease.jobID,
            "attempt": lease.attempt,
        ])
}
