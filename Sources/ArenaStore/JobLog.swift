package import ArenaCore
package import ArenaJSON
import GRDB

/// One line that a job, its plugin or the host wrote about it.
package struct LogLine: Sendable, Hashable {
    /// 0 debug, 1 information, 2 warning, 3 error: `ARENA_LOG_*`.
    package var level: Int
    package var message: String
    /// An object with more; may be absent.
    package var fields: JSONValue?
    package var createdAt: Timestamp

    package init(level: Int, message: String, fields: JSONValue? = nil, createdAt: Timestamp) {
        self.level = level
        self.message = message
        self.fields = fields
        self.createdAt = createdAt
    }
}

/// A line as it was stored.
package struct StoredLogLine: Sendable, Hashable {
    /// The order, and the cursor.
    package let id: Int64
    package let attempt: Int
    package let line: LogLine
}

extension ArenaStore {
    /// Adds what an attempt has to say: lines for the log, and how far it is.
    ///
    /// - Returns: `false`, and nothing was written, when the lease was lost.
    package func report(
        _ lines: [LogLine], progress: JSONValue?, for lease: JobLease
    ) async throws(StoreError) -> Bool {
        try await write { db, outbox in
            guard try lease.holds(db) else { return false }
            for line in lines { try insertLog(line, lease, into: db) }
            if !lines.isEmpty { outbox.changed(.jobLog, lease.jobID) }
            if let progress {
                try db.run("UPDATE jobs SET progress_json = ? WHERE id = ?", [progress.text(), lease.jobID])
                outbox.changed(.jobProgress, lease.jobID)
            }
            return true
        }
    }

    /// The lines of a job after the one with `id`, oldest first.
    package func log(
        ofJob jobID: String, after id: Int64 = 0, limit: Int = 1000
    ) async throws(StoreError) -> [StoredLogLine] {
        try await read { db in
            let rows = try db.rows(
                "SELECT * FROM job_log WHERE job_id = ? AND id > ? ORDER BY id LIMIT ?", [jobID, id, limit])
            return try rows.map { row in
                StoredLogLine(
                    id: row["id"], attempt: row["attempt"],
                    line: LogLine(
                        level: row["level"], message: row["message"], fields: try row.optionalJSON("fields_json"),
                        createdAt: try row.time("created_at")))
            }
        }
    }
}

func insertLog(_ line: LogLine, _ lease: JobLease, into db: Database) throws {
    try db.run(
        """
        INSERT INTO job_log (job_id, attempt, level, message, fields_json, created_at) VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
            lease.jobID, lease.attempt, line.level, line.message, line.fields?.text(), line.createdAt.description,
        ])
}
