package import ArenaCore
package import ArenaJSON
import GRDB

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
    package var event: JobEvent
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
    /// How many of the job's last log lines are kept with the failure.
    package var keptLines: Int

    /// The state of the job afterwards.
    package var status: JobStatus { event.target }

    /// A conclusion that leaves the counts of the job as they are.
    package init(_ end: AttemptEnd, by event: JobEvent, of job: JobRecord) {
        self.end = end
        self.event = event
        failures = job.failures
        crashes = job.crashes
        rescues = job.rescues
        forgetsProgress = false
        notes = []
        keptLines = 0
    }
}

/// What must be true of an attempt for its end to be written.
package enum LeaseRequirement: Sendable {
    /// It holds its job.
    case held
    /// It holds its job, and its lease was not renewed since it was seen to end at this time.
    case notRenewed(since: Timestamp)
}

extension ArenaStore {
    /// Ends an attempt and moves its job on, in one transaction: together with a `done` all rows become visible.
    ///
    /// - Parameters:
    ///   - rows: Sealed in the same transaction, if the job is done.
    ///   - decide: Gets the job as it stands in this transaction. Called at most once.
    /// - Returns: the job afterwards; `nil`, and nothing was written, when the requirement did not hold.
    /// - Throws: `store.impossible_transition` for an event that cannot happen in the job's state.
    package func conclude(
        _ lease: JobLease, requiring requirement: LeaseRequirement = .held, sealing rows: [SealedRow] = [],
        decide: @escaping @Sendable (JobRecord) -> AttemptConclusion
    ) async throws(StoreError) -> JobRecord? {
        let now = clock.now()
        return try await write { db, outbox in
            guard let job = try lease.job(in: db), try meets(requirement, lease, in: db) else { return nil }
            let conclusion = decide(job)
            guard conclusion.event.endsAttempt, conclusion.event.isPossible(for: job) else {
                throw StoreError.impossible(conclusion.event, job)
            }
            if conclusion.status == .done {
                for row in rows where try row.presence(in: db, jobID: lease.jobID) == .absent {
                    try row.insert(into: db, jobID: lease.jobID, at: now)
                }
                try reveal(jobID: lease.jobID, in: db, &outbox)
            }
            if conclusion.forgetsProgress { try forgetProgress(jobID: lease.jobID, in: db) }
            let concluded = try record(conclusion, lease, now, in: db)
            for note in conclusion.notes {
                try insertLog(LogLine(level: 1, message: note, createdAt: now), lease, into: db)
                outbox.changed(.jobLog, lease.jobID)
            }
            outbox.changed(.job, lease.jobID)
            return concluded
        }
    }
}

private func meets(_ requirement: LeaseRequirement, _ lease: JobLease, in db: Database) throws -> Bool {
    switch requirement {
    case .held:
        return true
    case .notRenewed(let since):
        let same = "SELECT 1 FROM job_attempts WHERE job_id = ? AND attempt = ? AND lease_expires_at = ?"
        return try db.row(same, [lease.jobID, lease.attempt, since.description]) != nil
    }
}

/// - Returns: the job afterwards.
private func record(
    _ conclusion: AttemptConclusion, _ lease: JobLease, _ now: Timestamp, in db: Database
) throws -> JobRecord? {
    let given: StatementArguments = [
        "reason": conclusion.reason, "result_json": conclusion.result?.text(),
        "error_detail_json": try lastLines(conclusion.keptLines, ofJob: lease.jobID, in: db)?.text(),
        "run_after": conclusion.runAfter?.description, "failures": conclusion.failures,
        "crashes": conclusion.crashes, "rescues": conclusion.rescues, "now": now.description,
    ]
    // A statement takes those of the named arguments that its event writes.
    let job = try db.map(
        "\(conclusion.event.update) WHERE \(JobLease.condition) RETURNING \(JobRecord.columns)",
        lease.arguments + given + .failure(conclusion.failure), JobRecord.init
    ).first
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
    if conclusion.end == .lost {
        try insertTrigger(
            .rescue, source: "rescue",
            detail: ["attempt": JSONValue(lease.attempt), "message": .string(conclusion.failure?.message ?? "")],
            jobID: lease.jobID, at: now, into: db)
    }
    return job
}

/// `{"log": [{level, message, attempt, created_at}]}`, oldest first; `nil` when none are wanted.
private func lastLines(_ count: Int, ofJob jobID: String, in db: Database) throws -> JSONValue? {
    guard count > 0 else { return nil }
    let rows = try db.rows("SELECT * FROM job_log WHERE job_id = ? ORDER BY id DESC LIMIT ?", [jobID, count])
    let lines = rows.reversed().map { row -> JSONValue in
        [
            "attempt": JSONValue(row["attempt"] as Int), "level": JSONValue(row["level"] as Int),
            "message": .string(row["message"]), "created_at": .string(row["created_at"]),
        ]
    }
    return ["log": .array(lines)]
}
