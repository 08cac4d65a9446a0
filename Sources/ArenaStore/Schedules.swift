package import ArenaCore
package import ArenaJSON
import GRDB

extension Schema {
    /// Jobs that are enqueued at times. `next_run_at` is the next of them, worked out at `planned_at`; whoever fires a
    /// schedule moves it on in the transaction that enqueues the job.
    static let schedules = """
        CREATE TABLE schedules (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            payload_json TEXT NOT NULL,
            cron TEXT,
            every_s INTEGER CHECK (every_s > 0),
            tz TEXT NOT NULL,
            catch_up TEXT NOT NULL CHECK (catch_up IN ('skip', 'once', 'all')),
            enabled INTEGER NOT NULL DEFAULT 1,
            created_at TEXT NOT NULL,
            last_fired_at TEXT,
            next_run_at TEXT,
            planned_at TEXT NOT NULL,
            CHECK ((cron IS NULL) <> (every_s IS NULL)),
            CHECK (enabled = 1 OR next_run_at IS NULL)
        ) STRICT;
        CREATE INDEX schedules_due ON schedules (next_run_at) WHERE next_run_at IS NOT NULL;

        """
}

/// A schedule as it is kept. `ArenaJobs` reads what the texts mean.
package struct ScheduleRecord: Sendable, Hashable {
    /// What people call it.
    package var id: String
    /// The full name, `plugin/kind`.
    package var kind: String
    package var payload: JSONValue
    /// Five fields; `nil` for an interval.
    package var cron: String?
    /// Seconds between two times, counted from ``createdAt``; `nil` for a cron expression.
    package var everySeconds: Int64?
    /// The name of the time zone in which ``cron`` is read.
    package var timeZone: String
    /// `skip`, `once` or `all`.
    package var catchUp: String
    package var isEnabled: Bool
    package var createdAt: Timestamp
    package var lastFiredAt: Timestamp?
    /// `nil` while it is disabled, and when it never comes again.
    package var nextRunAt: Timestamp?
    /// When ``nextRunAt`` was worked out.
    package var plannedAt: Timestamp

    package init(
        id: String, kind: String, payload: JSONValue, cron: String? = nil, everySeconds: Int64? = nil,
        timeZone: String, catchUp: String, isEnabled: Bool = true, createdAt: Timestamp, nextRunAt: Timestamp?
    ) {
        self.id = id
        self.kind = kind
        self.payload = payload
        self.cron = cron
        self.everySeconds = everySeconds
        self.timeZone = timeZone
        self.catchUp = catchUp
        self.isEnabled = isEnabled
        self.createdAt = createdAt
        self.nextRunAt = nextRunAt
        plannedAt = createdAt
    }

    init(_ row: Row) throws {
        id = row["id"]
        kind = row["kind"]
        payload = try row.json("payload_json")
        cron = row["cron"]
        everySeconds = row["every_s"]
        timeZone = row["tz"]
        catchUp = row["catch_up"]
        isEnabled = row["enabled"]
        createdAt = try row.time("created_at")
        lastFiredAt = try row.optionalTime("last_fired_at")
        nextRunAt = try row.optionalTime("next_run_at")
        plannedAt = try row.time("planned_at")
    }
}

extension ArenaStore {
    /// - Returns: `false`, and nothing was written, when there is a schedule of that id.
    package func addSchedule(_ schedule: ScheduleRecord) async throws(StoreError) -> Bool {
        try await write { db, outbox in
            try db.run(
                """
                INSERT INTO schedules (id, kind, payload_json, cron, every_s, tz, catch_up, enabled, created_at,
                    next_run_at, planned_at)
                VALUES (:id, :kind, :payload, :cron, :every, :tz, :catch_up, :enabled, :created_at, :next, :planned_at)
                ON CONFLICT (id) DO NOTHING
                """,
                [
                    "id": schedule.id, "kind": schedule.kind, "payload": schedule.payload.text(.sorted),
                    "cron": schedule.cron, "every": schedule.everySeconds, "tz": schedule.timeZone,
                    "catch_up": schedule.catchUp, "enabled": schedule.isEnabled,
                    "created_at": schedule.createdAt.description, "next": schedule.nextRunAt?.description,
                    "planned_at": schedule.plannedAt.description,
                ])
            guard db.changesCount > 0 else { return false }
            outbox.changed(.schedule, schedule.id)
            return true
        }
    }

    package func schedule(_ id: String) async throws(StoreError) -> ScheduleRecord? {
        try await read { db in
            try db.row("SELECT * FROM schedules WHERE id = ?", [id]).map(ScheduleRecord.init)
        }
    }

    /// By id.
    ///
    /// - Parameter id: The last of the page before.
    package func schedules(after id: String = "", limit: Int = 1000) async throws(StoreError) -> [ScheduleRecord] {
        try await read { db in
            try db.rows("SELECT * FROM schedules WHERE id > ? ORDER BY id LIMIT ?", [id, limit])
                .map(ScheduleRecord.init)
        }
    }

    /// Takes a schedule out. Jobs that it enqueued stay.
    ///
    /// - Returns: `false` when there was none.
    package func removeSchedule(_ id: String) async throws(StoreError) -> Bool {
        try await write { db, outbox in
            try db.run("DELETE FROM schedules WHERE id = ?", [id])
            guard db.changesCount > 0 else { return false }
            outbox.changed(.schedule, id)
            return true
        }
    }

    /// Enables a schedule, from `next` on, or disables it. One that is enabled already keeps its time.
    ///
    /// - Returns: the schedule afterwards; `nil` when there is none.
    package func setSchedule(
        _ id: String, enabled: Bool, next: Timestamp?
    ) async throws(StoreError) -> ScheduleRecord? {
        let now = clock.now().description
        return try await write { db, outbox in
            try db.run(
                """
                UPDATE schedules SET enabled = :enabled, next_run_at = :next, planned_at = :now
                WHERE id = :id AND enabled <> :enabled
                """,
                ["enabled": enabled, "next": enabled ? next?.description : nil, "now": now, "id": id])
            if db.changesCount > 0 { outbox.changed(.schedule, id) }
            return try db.row("SELECT * FROM schedules WHERE id = ?", [id]).map(ScheduleRecord.init)
        }
    }
}
