package import ArenaCore
package import ArenaJSON
import GRDB

/// What an entry of a job's audit trail tells.
package enum TriggerEvent: String, Sendable, CaseIterable {
    /// The request that made the job.
    case enqueue
    /// A request for the same work, which the job absorbed.
    case coalesce
    /// A person had it tried again after it had ended.
    case retry
    /// It was taken from a host that is gone.
    case rescue
    /// It was not let run; all refusals for one reason are one entry.
    case refusal
}

/// An entry of a job's audit trail.
package struct TriggerRecord: Sendable, Hashable {
    package let event: TriggerEvent
    /// Who or what: `cli`, `http`, `schedule`, …; the reason of a refusal.
    package let source: String
    package let detail: JSONValue
    package let createdAt: Timestamp
    /// How often it happened; more than 1 for refusals only.
    package let count: Int
    /// When it happened last.
    package let lastAt: Timestamp
}

extension ArenaStore {
    /// What led to a job and what became of its requests, oldest first.
    package func triggers(ofJob jobID: String) async throws(StoreError) -> [TriggerRecord] {
        try await read { db in
            try db.rows("SELECT * FROM job_triggers WHERE job_id = ? ORDER BY id", [jobID]).map { row in
                guard let event = TriggerEvent(rawValue: row["event"]) else { throw StoreError.unreadable("event") }
                let createdAt = try row.time("created_at")
                return TriggerRecord(
                    event: event, source: row["source"], detail: try row.json("detail_json"), createdAt: createdAt,
                    count: row["count"], lastAt: try row.optionalTime("last_at") ?? createdAt)
            }
        }
    }
}

/// Adds an entry; a refusal for a reason that was there before is counted instead.
func insertTrigger(
    _ event: TriggerEvent, source: String, detail: JSONValue, jobID: String, at now: Timestamp, into db: Database
) throws {
    try db.run(
        """
        INSERT INTO job_triggers (job_id, event, source, detail_json, created_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (job_id, source) WHERE event = 'refusal'
        DO UPDATE SET count = count + 1, last_at = excluded.created_at, detail_json = excluded.detail_json
        """, [jobID, event.rawValue, source, detail.text(), now.description])
}
