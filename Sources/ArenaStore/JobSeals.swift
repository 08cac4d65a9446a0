import ArenaCore
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

/// Shows to everyone what the job sealed. A run whose own record never came stays hidden.
func reveal(jobID: String, in db: Database, _ outbox: inout Outbox) throws {
    let runs = try db.rows(
        "UPDATE eval_runs SET visible = 1 WHERE job_id = ? AND recorded = 1 AND visible = 0 RETURNING id", [jobID])
    for run in runs { outbox.changed(.evalRun, run["id"]) }
    try db.run("UPDATE plugin_records SET visible = 1 WHERE job_id = ?", [jobID])
    try db.run("UPDATE artifacts SET visible = 1 WHERE job_id = ?", [jobID])
}

func forgetProgress(jobID: String, in db: Database) throws {
    try db.run("DELETE FROM eval_runs WHERE job_id = ?", [jobID])  // their scores go with them
    try db.run("DELETE FROM plugin_records WHERE job_id = ?", [jobID])
    try db.run("DELETE FROM artifacts WHERE job_id = ?", [jobID])
    try db.run(
        """
        UPDATE jobs SET checkpoint = NULL, checkpoint_seq = 0, checkpoint_plugin_sha256 = NULL, progress_json = NULL
        WHERE id = ?
        """, [jobID])
}
