package import ArenaCore
import GRDB

/// Who claims, and for how long.
package struct ClaimRequest: Sendable {
    /// The most jobs to take.
    package var limit: Int
    /// Take this job or none; `nil`: any.
    package var onlyJobID: String?
    package var dispatcherID: String
    package var host: HostIdentity
    package var leaseExpiresAt: Timestamp

    package init(
        limit: Int, onlyJobID: String? = nil, dispatcherID: String, host: HostIdentity, leaseExpiresAt: Timestamp
    ) {
        self.limit = limit
        self.onlyJobID = onlyJobID
        self.dispatcherID = dispatcherID
        self.host = host
        self.leaseExpiresAt = leaseExpiresAt
    }
}

/// A job together with the right to run it.
package struct Claim: Sendable {
    package let job: JobRecord
    package let lease: JobLease
    /// What the last sealed commit left; empty when there was none.
    package let checkpoint: [UInt8]
}

/// The plugin generation that runs an attempt.
package struct PluginStamp: Hashable, Sendable {
    package var id: String
    package var version: String
    package var sha256: String

    package init(id: String, version: String, sha256: String) {
        self.id = id
        self.version = version
        self.sha256 = sha256
    }
}

extension ArenaStore {
    /// Takes jobs that are due, those of the highest priority first, then the oldest. One statement chooses and takes
    /// them, so that no two claims ever get the same job.
    package func claim(_ request: ClaimRequest) async throws(StoreError) -> [Claim] {
        let now = clock.now().description
        return try await write { db, outbox in
            let rows = try db.rows(
                """
                UPDATE jobs SET status = 'dispatched', attempts = attempts + 1, dispatched_at = :now, run_after = NULL,
                    lease_token = lower(hex(randomblob(16)))
                WHERE seq IN (
                    SELECT seq FROM jobs
                    WHERE status = 'queued' AND (run_after IS NULL OR run_after <= :now)
                        AND (:only IS NULL OR id = :only)
                    ORDER BY priority DESC, seq LIMIT :limit)
                RETURNING lease_token, checkpoint, \(JobRecord.columns)
                """, ["now": now, "only": request.onlyJobID, "limit": request.limit])
            let claims = try rows.map { row in
                let job = try JobRecord(row)
                return Claim(
                    job: job, lease: JobLease(jobID: job.id, attempt: job.attempts, token: row["lease_token"]),
                    checkpoint: row.bytes("checkpoint"))
            }
            for claim in claims {
                try insertAttempt(claim.lease, request, now, into: db)
                outbox.changed(.job, claim.job.id)
            }
            return claims.sorted { ($1.job.priority, $0.job.seq) < ($0.job.priority, $1.job.seq) }
        }
    }

    /// The time of the next job that waits in the queue: in the past when one is due, `nil` when none waits.
    ///
    /// - Parameter onlyJobID: Look at this job alone.
    package func nextDueTime(onlyJobID: String? = nil) async throws(StoreError) -> Timestamp? {
        try await read { db in
            let row = try db.row(
                """
                SELECT min(ifnull(run_after, enqueued_at)) AS due FROM jobs
                WHERE status = 'queued' AND (:only IS NULL OR id = :only)
                """, ["only": onlyJobID])
            return try row?.optionalTime("due")
        }
    }

    /// Says that the attempt's work begins, and which plugin does it.
    ///
    /// - Returns: `false` when the lease was lost.
    package func begin(_ lease: JobLease, plugin: PluginStamp) async throws(StoreError) -> Bool {
        let now = clock.now().description
        return try await write { db, outbox in
            try db.run(
                """
                UPDATE jobs SET status = 'running', started_at = ifnull(started_at, :now)
                WHERE \(JobLease.condition) AND status = 'dispatched'
                """, lease.arguments + ["now": now])
            guard db.changesCount > 0 else { return false }
            try db.run(
                """
                UPDATE job_attempts SET plugin_id = ?, plugin_version = ?, plugin_sha256 = ?
                WHERE job_id = ? AND attempt = ?
                """, [plugin.id, plugin.version, plugin.sha256, lease.jobID, lease.attempt])
            outbox.changed(.job, lease.jobID)
            return true
        }
    }

    /// Records the child process of an attempt, so that whoever rescues the job can end it first.
    ///
    /// - Returns: `false` when the lease was lost: the caller ends the child.
    package func recordChild(_ child: ProcessStamp, of lease: JobLease) async throws(StoreError) -> Bool {
        try await write { db, _ in
            guard try lease.holds(db) else { return false }
            try db.run(
                "UPDATE job_attempts SET child_pid = ?, child_start_ticks = ? WHERE job_id = ? AND attempt = ?",
                [child.pid, Int64(bitPattern: child.startTicks), lease.jobID, lease.attempt])
            return true
        }
    }

    /// Says that a dispatcher and its attempts are alive, in one transaction.
    package func renew(
        _ leases: [JobLease], until expiry: Timestamp, dispatcherID: String
    ) async throws(StoreError) {
        let now = clock.now().description
        try await write { db, _ in
            try db.run("UPDATE dispatchers SET heartbeat_at = ? WHERE id = ?", [now, dispatcherID])
            for lease in leases {
                try db.run(
                    """
                    UPDATE job_attempts SET lease_expires_at = ?
                    WHERE job_id = ? AND attempt = ? AND lease_token = ? AND outcome IS NULL
                    """, [expiry.description, lease.jobID, lease.attempt, lease.token])
            }
        }
    }

    /// How attempts stand: what their dispatcher has to tell them.
    package func standing(of leases: [JobLease]) async throws(StoreError) -> [JobLease: LeaseStanding] {
        guard !leases.isEmpty else { return [:] }
        return try await read { db in
            var standings: [JobLease: LeaseStanding] = [:]
            for lease in leases {
                let row = try db.row(
                    "SELECT cancel_requested_at IS NOT NULL AS asked FROM jobs WHERE \(JobLease.condition)",
                    lease.arguments)
                standings[lease] = row.map { $0["asked"] ? .cancelRequested : .held } ?? .lost
            }
            return standings
        }
    }
}

/// Whether an attempt may go on.
package enum LeaseStanding: Sendable, Hashable {
    case held
    /// Someone asked to cancel the job.
    case cancelRequested
    /// Another attempt took over, or the job has ended.
    case lost
}

private func insertAttempt(_ lease: JobLease, _ request: ClaimRequest, _ now: String, into db: Database) throws {
    try db.run(
        """
        INSERT INTO job_attempts (job_id, attempt, lease_token, lease_expires_at, dispatcher_id, started_at,
            host_boot_id, host_pid_namespace, host_pid, host_start_ticks)
        VALUES (:job_id, :attempt, :token, :expires, :dispatcher, :now,
            :host_boot_id, :host_pid_namespace, :host_pid, :host_start_ticks)
        """,
        lease.arguments + .host(request.host) + [
            "expires": request.leaseExpiresAt.description, "dispatcher": request.dispatcherID, "now": now,
        ])
}
