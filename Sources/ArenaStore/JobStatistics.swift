package import ArenaCore
import ArenaJSON
import GRDB

/// A kind of job in one of its states.
package struct KindStatus: Sendable, Hashable {
    package let kind: String
    package let status: JobStatus

    package init(kind: String, status: JobStatus) {
        self.kind = kind
        self.status = status
    }
}

/// Jobs of one kind and state that have not ended.
package struct LiveJobs: Sendable, Hashable {
    package let key: KindStatus
    package let count: Int
    /// Since when the one waits that waits longest and is due; `nil` where none does.
    package let dueSince: Timestamp?
}

/// Jobs that ended between two looks.
package struct EndedJobs: Sendable, Hashable {
    package let key: KindStatus
    /// They failed because they killed their worker, or their host, too often.
    package let isPoisoned: Bool
    package let count: Int

    package init(key: KindStatus, isPoisoned: Bool = false, count: Int) {
        self.key = key
        self.isPoisoned = isPoisoned
        self.count = count
    }
}

/// What became of an attempt between two looks.
package struct AttemptStep: Sendable, Hashable {
    package let kind: String
    package let attempt: Int
    /// Its work began since the last look, so long after the job could run.
    package let begunAfter: Duration?
    /// It ended since the last look.
    package let end: AttemptEnd?
    /// From the claim to the end.
    package let duration: Duration?

    package init(kind: String, attempt: Int, begunAfter: Duration?, end: AttemptEnd?, duration: Duration?) {
        self.kind = kind
        self.attempt = attempt
        self.begunAfter = begunAfter
        self.end = end
        self.duration = duration
    }
}

/// The queue in figures: how it stands, and what happened since an earlier look.
package struct QueueFigures: Sendable {
    /// What the next look starts from.
    package struct Position: Sendable {
        /// The newest change of the outbox.
        var change: Int64
        /// The newest attempt's row.
        var attempt: Int64
        /// The rows of attempts that had not ended, and whether their work had begun.
        var open: [Int64: Bool]
        /// Jobs that have ended.
        var ended: [KindStatus: Int]
    }

    package let position: Position
    package let live: [LiveJobs]
    /// Jobs that have ended and were not pruned, by kind and state.
    package var stored: [KindStatus: Int] { position.ended }
    package let ended: [EndedJobs]
    package let steps: [AttemptStep]
    /// How often jobs that are still stored were refused, by the reason. Falls when such a job is pruned.
    package let refusals: [String: Int]
    /// Attempts that have not ended.
    package let leases: Int
    package let pausedKinds: [String]
}

extension ArenaStore {
    /// Reads all figures from one state of the database.
    ///
    /// What this costs does not grow with the jobs that have ended, but for one count over an index without their rows:
    /// their numbers by kind are those of the look before and what the outbox says has ended since. The jobs are gone
    /// through only for the first look, and when that count shows that some were pruned or tried again. Jobs that wait
    /// or run are counted one by one; attempts are read from the newest known row on.
    ///
    /// - Parameter last: The look before; without one, nothing has happened since.
    package func queueFigures(since last: QueueFigures.Position?) async throws(StoreError) -> QueueFigures {
        let now = clock.now().description
        return try await read { db in
            let (change, endings) = try ended(since: last?.change, in: db)
            let attempts = try steps(since: last, in: db)
            var stored = last?.ended ?? [:]
            for ending in endings ?? [] { stored[ending.key, default: 0] += ending.count }
            if try last == nil || endings == nil || totals(stored) != storedTotals(db) { stored = try storedJobs(db) }
            return QueueFigures(
                position: QueueFigures.Position(
                    change: change, attempt: attempts.newest, open: attempts.open, ended: stored),
                live: try liveJobs(db, now: now), ended: endings ?? [], steps: attempts.steps,
                refusals: try refusals(db), leases: attempts.open.count,
                pausedKinds: try db.rows("SELECT kind FROM paused_kinds ORDER BY kind").map { $0["kind"] })
        }
    }
}

// MARK: Jobs

private func liveJobs(_ db: Database, now: String) throws -> [LiveJobs] {
    try db.rows(
        """
        SELECT kind, status, count(*) AS count, min(CASE
            WHEN status = 'queued' AND (run_after IS NULL OR run_after <= :now)
            THEN ifnull(ready_at, enqueued_at) END) AS due_since
        FROM jobs INDEXED BY jobs_by_status
        WHERE status IN ('queued', 'dispatched', 'running') GROUP BY kind, status
        """, ["now": now]
    ).map { LiveJobs(key: try key($0), count: $0["count"], dueSince: try $0.optionalTime("due_since")) }
}

/// - Returns: the newest change, and the jobs whose end is among the changes since; `nil` when some of those changes are
///   no longer known. A job is in a final state at the end of that time only if it came there within it: what changes
///   one that has ended leads it back into the queue, or takes it away.
private func ended(since position: Int64?, in db: Database) throws -> (Int64, [EndedJobs]?) {
    let row = try db.row(
        """
        SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'events') AS newest, min(seq) AS oldest FROM events
        """)
    let newest = row?["newest"] as Int64? ?? 0
    guard let position else { return (newest, []) }
    let oldest = row?["oldest"] as Int64? ?? newest + 1
    guard position <= newest, position >= oldest - 1 else { return (newest, nil) }
    // The plus keeps the planner from going through every job of these states in place of those of the changes.
    let endings = try db.rows(
        """
        SELECT kind, status, ifnull(error_code, '') = 'job.poisoned' AS poisoned, count(*) AS count FROM jobs
        WHERE id IN (SELECT key FROM events WHERE seq > ? AND topic = 'job')
            AND +status IN ('done', 'failed', 'skipped')
        GROUP BY kind, status, poisoned
        """, [position]
    ).map { EndedJobs(key: try key($0), isPoisoned: $0["poisoned"] as Int != 0, count: $0["count"]) }
    return (newest, endings)
}

/// Every job that has ended, counted from its row.
private func storedJobs(_ db: Database) throws -> [KindStatus: Int] {
    let rows = try db.rows(
        """
        SELECT kind, status, count(*) AS count FROM jobs NOT INDEXED
        WHERE status IN ('done', 'failed', 'skipped') GROUP BY kind, status
        """)
    return try Dictionary(uniqueKeysWithValues: rows.map { (try key($0), $0["count"] as Int) })
}

/// The same without the kinds, from the index alone.
private func storedTotals(_ db: Database) throws -> [JobStatus: Int] {
    let rows = try db.rows(
        """
        SELECT status, count(*) AS count FROM jobs INDEXED BY jobs_by_status
        WHERE status IN ('done', 'failed', 'skipped') GROUP BY status
        """)
    return try Dictionary(uniqueKeysWithValues: rows.map { (try status($0), $0["count"] as Int) })
}

private func totals(_ stored: [KindStatus: Int]) -> [JobStatus: Int] {
    stored.reduce(into: [:]) { totals, entry in totals[entry.key.status, default: 0] += entry.value }
}

private func refusals(_ db: Database) throws -> [String: Int] {
    let rows = try db.rows(
        """
        SELECT source, sum(count) AS count FROM job_triggers INDEXED BY job_triggers_refusals
        WHERE event = 'refusal' GROUP BY source
        """)
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["source"], $0["count"]) })
}

private func key(_ row: Row) throws -> KindStatus { KindStatus(kind: row["kind"], status: try status(row)) }

private func status(_ row: Row) throws -> JobStatus {
    guard let status = JobStatus(rawValue: row["status"]) else { throw StoreError.unreadable("status") }
    return status
}

// MARK: Attempts

/// New attempts have higher rows than those before them, and a row whose attempt has ended is not written any more.
private func steps(
    since last: QueueFigures.Position?, in db: Database
) throws -> (newest: Int64, open: [Int64: Bool], steps: [AttemptStep]) {
    let newest = try db.row("SELECT max(rowid) AS newest FROM job_attempts")?["newest"] as Int64? ?? 0
    let columns = """
        a.rowid AS row, a.attempt, a.outcome, a.plugin_id IS NOT NULL AS begun, a.started_at, a.finished_at,
        j.kind, iif(j.ready_at <= a.started_at, j.ready_at, j.enqueued_at) AS ready_at
        """
    guard let last else {
        let live = try db.rows(
            "SELECT \(columns) FROM job_attempts a JOIN jobs j ON j.id = a.job_id WHERE a.outcome IS NULL")
        return (newest, Dictionary(uniqueKeysWithValues: live.map { ($0["row"], $0["begun"] as Int != 0) }), [])
    }
    let known = JSONValue.array(last.open.keys.map { .number(JSONNumber($0)) }).text()
    let rows = try db.rows(
        """
        SELECT \(columns) FROM job_attempts a JOIN jobs j ON j.id = a.job_id WHERE a.rowid > :last
        UNION ALL
        SELECT \(columns) FROM json_each(:known) k JOIN job_attempts a ON a.rowid = k.value
            JOIN jobs j ON j.id = a.job_id
        WHERE a.rowid <= :last
        """, ["last": last.attempt, "known": known])
    var open: [Int64: Bool] = [:]
    let steps = try rows.map { row -> AttemptStep in
        let number: Int64 = row["row"]
        let end = (row["outcome"] as String?).flatMap(AttemptEnd.init(rawValue:))
        let hasBegun = row["begun"] as Int != 0
        if end == nil { open[number] = hasBegun }
        let startedAt = try row.time("started_at")
        let begins = hasBegun && last.open[number] != true
        return AttemptStep(
            kind: row["kind"], attempt: row["attempt"],
            begunAfter: begins ? startedAt - (try row.time("ready_at")) : nil, end: end,
            duration: end == nil ? nil : try row.optionalTime("finished_at").map { $0 - startedAt })
    }
    return (newest, open, steps)
}
