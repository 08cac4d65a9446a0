package import ArenaCore
import GRDB

/// What a tick does to one schedule.
package struct ScheduleFiring: Sendable {
    /// As it was read: the firing counts only while its time is still this one.
    package var schedule: ScheduleRecord
    /// What is enqueued; none when the times that passed are left out.
    package var jobs: [NewJob]
    /// The time after them.
    package var next: Timestamp?

    package init(schedule: ScheduleRecord, jobs: [NewJob], next: Timestamp?) {
        self.schedule = schedule
        self.jobs = jobs
        self.next = next
    }
}

extension ArenaStore {
    /// The enabled schedules whose time has come, the longest overdue first, and those whose time was worked out later
    /// than `horizon`, by a clock that was wrong.
    package func schedulesToPlan(plannedAfter horizon: Timestamp) async throws(StoreError) -> [ScheduleRecord] {
        let now = clock.now().description
        return try await read { db in
            try db.rows(
                """
                SELECT * FROM schedules WHERE enabled = 1 AND (next_run_at <= :now OR planned_at > :horizon)
                ORDER BY next_run_at, id
                """, ["now": now, "horizon": horizon.description]
            ).map(ScheduleRecord.init)
        }
    }

    /// The next time of any schedule that has not come yet.
    package func nextScheduledTime() async throws(StoreError) -> Timestamp? {
        let now = clock.now().description
        return try await read { db in
            try db.row("SELECT min(next_run_at) AS next FROM schedules WHERE next_run_at > ?", [now])?
                .optionalTime("next")
        }
    }

    /// Moves a schedule on and enqueues its jobs, all in one transaction: a time is fired for once, whoever else tries
    /// at the same moment, and whatever is killed when.
    ///
    /// - Returns: what became of the jobs; `nil`, and nothing was written, when the schedule is no longer as it was
    ///   read: someone else has fired it, or changed it, or taken it out.
    package func fire(_ firing: ScheduleFiring) async throws(StoreError) -> [EnqueuedJob]? {
        let now = clock.now()
        let schedule = firing.schedule
        return try await write { db, outbox in
            try db.run(
                """
                UPDATE schedules SET next_run_at = :next, planned_at = :now,
                    last_fired_at = CASE WHEN :fires THEN :now ELSE last_fired_at END
                WHERE id = :id AND created_at = :created_at AND enabled = 1 AND next_run_at IS :due
                    AND planned_at = :planned_at
                """,
                [
                    "next": firing.next?.description, "now": now.description, "fires": !firing.jobs.isEmpty,
                    "id": schedule.id, "created_at": schedule.createdAt.description,
                    "due": schedule.nextRunAt?.description, "planned_at": schedule.plannedAt.description,
                ])
            guard db.changesCount > 0 else { return nil }
            outbox.changed(.schedule, schedule.id)
            return try firing.jobs.map { try ArenaStore.enqueue($0, at: now, into: db, &outbox) }
        }
    }
}
