import GRDB

extension ArenaStore {
    /// The last lines of a job, oldest first.
    package func logTail(ofJob jobID: String, limit: Int) async throws(StoreError) -> [StoredLogLine] {
        let first = try await read { db in
            try db.row(
                """
                SELECT min(id) AS first FROM (SELECT id FROM job_log WHERE job_id = ? ORDER BY id DESC LIMIT ?)
                """, [jobID, limit])?["first"] as Int64?
        }
        guard let first else { return [] }
        return try await log(ofJob: jobID, after: first - 1, limit: limit)
    }
}
