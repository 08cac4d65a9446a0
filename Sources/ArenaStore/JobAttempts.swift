package import ArenaCore
import GRDB

/// One attempt in a job's history.
package struct AttemptRecord: Sendable, Hashable {
    package let jobID: String
    package let attempt: Int
    package let dispatcherID: String
    package let host: HostIdentity
    package let leaseExpiresAt: Timestamp
    /// The child process, once it was started.
    package let child: ProcessStamp?
    /// The plugin generation that ran, once it was chosen.
    package let plugin: PluginStamp?
    package let startedAt: Timestamp
    package let finishedAt: Timestamp?
    /// `nil` while it lives.
    package let end: AttemptEnd?
    package let failure: Failure?

    init(_ row: Row) throws {
        jobID = row["job_id"]
        attempt = row["attempt"]
        dispatcherID = row["dispatcher_id"]
        host = row.hostIdentity()
        leaseExpiresAt = try row.time("lease_expires_at")
        child = (row["child_pid"] as Int32?).map {
            ProcessStamp(pid: $0, startTicks: UInt64(bitPattern: row["child_start_ticks"] ?? 0))
        }
        plugin = (row["plugin_id"] as String?).map {
            PluginStamp(id: $0, version: row["plugin_version"] ?? "", sha256: row["plugin_sha256"] ?? "")
        }
        startedAt = try row.time("started_at")
        finishedAt = try row.optionalTime("finished_at")
        end = (row["outcome"] as String?).flatMap(AttemptEnd.init(rawValue:))
        failure = row.failure()
    }
}

/// An attempt that has not ended, with the lease by which its end is written.
package struct LiveAttempt: Sendable {
    package let record: AttemptRecord
    package let lease: JobLease
}

extension ArenaStore {
    /// The history of a job, oldest first.
    package func attempts(ofJob jobID: String) async throws(StoreError) -> [AttemptRecord] {
        try await read { db in
            try db.rows("SELECT * FROM job_attempts WHERE job_id = ? ORDER BY attempt", [jobID])
                .map(AttemptRecord.init)
        }
    }

    /// The attempts that have not ended, of all dispatchers.
    package func liveAttempts() async throws(StoreError) -> [LiveAttempt] {
        try await read { db in
            try db.rows("SELECT * FROM job_attempts WHERE outcome IS NULL").map { row in
                let record = try AttemptRecord(row)
                let lease = JobLease(jobID: record.jobID, attempt: record.attempt, token: row["lease_token"])
                return LiveAttempt(record: record, lease: lease)
            }
        }
    }
}
