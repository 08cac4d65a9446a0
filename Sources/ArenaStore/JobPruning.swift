package import ArenaCore
import GRDB

/// What one step of pruning removed.
package struct PrunedJobs: Sendable, Hashable {
    package let jobs: Int
    /// Files of artifacts that nobody could ever see, to be deleted.
    package let orphanedPaths: [String]

    package init(jobs: Int, orphanedPaths: [String]) {
        self.jobs = jobs
        self.orphanedPaths = orphanedPaths
    }
}

extension ArenaStore {
    /// Forgets jobs that ended before a time, the oldest first.
    ///
    /// The rule: pruning forgets how a job went, never what it made. Its payload, attempts, audit trail and log go. Rows
    /// that became visible with `done` stay: evaluation runs with their scores, records of plugins and artifacts live by
    /// rules of their own. Rows that a failed or skipped job sealed were never visible to anyone, and go with it.
    ///
    /// - Parameters:
    ///   - statuses: The ends to prune; states that are no end are ignored.
    ///   - limit: The most that this one transaction removes. Call again until fewer were removed.
    package func pruneJobs(
        endedBefore time: Timestamp, statuses: Set<JobStatus> = [.done, .failed, .skipped], limit: Int = 500
    ) async throws(StoreError) -> PrunedJobs {
        let names = statuses.filter(\.isFinal).map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        return try await write { db, outbox in
            let ids = try db.rows(
                """
                SELECT id FROM jobs WHERE status IN (\(names)) AND finished_at < ? ORDER BY seq LIMIT ?
                """, [time.description, limit]
            ).map { $0["id"] as String }
            var paths: [String] = []
            for id in ids {
                try db.run("DELETE FROM eval_runs WHERE job_id = ? AND visible = 0", [id])  // its scores go with it
                try db.run("DELETE FROM plugin_records WHERE job_id = ? AND visible = 0", [id])
                paths += try db.rows("DELETE FROM artifacts WHERE job_id = ? AND visible = 0 RETURNING path", [id])
                    .map { $0["path"] }
                try db.run("DELETE FROM jobs WHERE id = ?", [id])  // attempts, triggers and log go with it
                outbox.changed(.job, id)
            }
            return PrunedJobs(jobs: ids.count, orphanedPaths: paths)
        }
    }
}
