package import ArenaCore
import ArenaJSON
import GRDB

/// Who claims, and for how long.
package struct ClaimRequest: Sendable {
    /// The most jobs to take.
    package var limit: Int
    /// Take this job or none; `nil`: any.
    package var onlyJobID: String?
    package var limits: ConcurrencyLimits
    package var dispatcherID: String
    package var host: HostIdentity
    package var leaseExpiresAt: Timestamp

    package init(
        limit: Int, onlyJobID: String? = nil, limits: ConcurrencyLimits = ConcurrencyLimits(), dispatcherID: String,
        host: HostIdentity, leaseExpiresAt: Timestamp
    ) {
        self.limit = limit
        self.onlyJobID = onlyJobID
        self.limits = limits
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
    /// Takes jobs that are due, those of the highest priority first, then the oldest, and passes over those whose kind
    /// is paused or that find what they need in use. What is in use is counted, chosen and taken in one transaction, so
    /// that no two claims ever get the same job or go over a limit together.
    ///
    /// - Returns: at least one if one can be taken; perhaps fewer than another claim would still get.
    package func claim(_ request: ClaimRequest) async throws(StoreError) -> [Claim] {
        let now = clock.now().description
        return try await write { db, outbox in
            try chooseJobs(for: request, now, in: db).map { seq in
                let claim = try take(seq, now, in: db)
                try insertAttempt(claim.lease, request, now, into: db)
                outbox.changed(.job, claim.job.id)
                return claim
            }
        }
    }

    /// What the queue holds for a dispatcher now and later.
    ///
    /// - Parameter onlyJobID: Look at this job alone.
    package func outlook(onlyJobID: String? = nil) async throws(StoreError) -> QueueOutlook {
        let now = clock.now()
        return try await read { db in
            if let onlyJobID {
                let waits = "SELECT run_after FROM jobs WHERE id = ? AND status = 'queued'"
                guard let row = try db.row(waits, [onlyJobID]) else { return QueueOutlook(isDue: false, next: nil) }
                let next = try row.optionalTime("run_after").flatMap { $0 > now ? $0 : nil }
                return QueueOutlook(isDue: next == nil, next: next)
            }
            let due = """
                SELECT 1 FROM jobs INDEXED BY jobs_waiting
                WHERE status = 'queued' AND (run_after IS NULL OR run_after <= ?) LIMIT 1
                """
            let next = """
                SELECT min(run_after) AS next FROM jobs INDEXED BY jobs_due WHERE status = 'queued' AND run_after > ?
                """
            return QueueOutlook(
                isDue: try db.row(due, [now.description]) != nil,
                next: try db.row(next, [now.description])?.optionalTime("next"))
        }
    }

    /// Says that the attempt's work begins, and which plugin does it.
    ///
    /// - Returns: `false` when the lease was lost.
    package func begin(_ lease: JobLease, plugin: PluginStamp) async throws(StoreError) -> Bool {
        let now = clock.now().description
        return try await write { db, outbox in
            try db.run(
                "\(JobEvent.begin.update) WHERE \(JobLease.condition) AND \(JobEvent.begin.condition)",
                lease.arguments + ["now": now])
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

/// What a dispatcher may expect of the queue.
package struct QueueOutlook: Sendable, Hashable {
    /// A job is due; whether it can be taken is another question.
    package let isDue: Bool
    /// When the next job comes due that waits for a time.
    package let next: Timestamp?

    package init(isDue: Bool, next: Timestamp?) {
        self.isDue = isDue
        self.next = next
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

/// How many jobs a claim looks at in vain once it has one: the next claim leaves out the kinds that are full by then.
private let patience = 100

/// The `seq` of the jobs that are taken, in the order in which they are.
private func chooseJobs(for request: ClaimRequest, _ now: String, in db: Database) throws -> [Int64] {
    let needs = "kind, lane_id, lane_alone, needs_gpu"
    let held = try db.map(
        "SELECT \(needs) FROM jobs WHERE status IN ('dispatched', 'running')"
    ) { row in
        var columns = RowColumns(row)
        return ClaimSelection.Job(&columns)
    }
    var selection = ClaimSelection(
        limits: request.limits, held: held,
        pausedKinds: try db.map("SELECT kind FROM paused_kinds") { $0[0] as String },
        mayOvertake: request.onlyJobID != nil)
    let due = "status = 'queued' AND (run_after IS NULL OR run_after <= ?)"
    let cursor: RowCursor
    if let id = request.onlyJobID {
        let statement = try db.cachedStatement(sql: "SELECT seq, \(needs) FROM jobs WHERE \(due) AND id = ?")
        cursor = try Row.fetchCursor(statement, arguments: [now, id])
    } else {
        let closed = selection.closedKinds
        let open = closed.isEmpty ? "" : "AND kind NOT IN (SELECT value FROM json_each(?))"
        let statement = try db.cachedStatement(
            sql: """
                SELECT seq, \(needs) FROM jobs INDEXED BY jobs_waiting WHERE \(due) \(open) ORDER BY priority DESC, seq
                """)
        let list = JSONValue.array(closed.map { .string($0) }).text()
        cursor = try Row.fetchCursor(statement, arguments: closed.isEmpty ? [now] : [now, list])
    }
    var chosen: [Int64] = []
    var passed = 0
    while chosen.count < request.limit, chosen.isEmpty || passed < patience, let row = try cursor.next() {
        var columns = RowColumns(row)
        let seq: Int64 = columns.next()
        if selection.choose(ClaimSelection.Job(&columns)) { chosen.append(seq) } else { passed += 1 }
    }
    return chosen
}

extension ClaimSelection.Job {
    fileprivate init(_ columns: inout RowColumns) {
        kind = columns.next()
        needs = JobNeeds(laneID: columns.optional(), laneAlone: columns.next(), gpu: columns.next())
    }
}

private func take(_ seq: Int64, _ now: String, in db: Database) throws -> Claim {
    let claims = try db.map(
        "\(JobEvent.claim.update) WHERE seq = :seq RETURNING \(JobRecord.columns), lease_token, checkpoint",
        ["now": now, "seq": seq]
    ) { row in
        let job = try JobRecord(row)
        return Claim(
            job: job, lease: JobLease(jobID: job.id, attempt: job.attempts, token: row["lease_token"]),
            checkpoint: row.bytes("checkpoint"))
    }
    guard let claim = claims.first else { throw StoreError.unreadable("seq") }
    return claim
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
