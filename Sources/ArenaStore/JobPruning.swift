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
        let names = endNames(statuses)
        // Looked for outside of the transaction, since that may mean to go through all jobs; looked at again within it.
        let old = try await read { db in
            try db.rows(
                "SELECT id FROM jobs WHERE status IN (\(names)) AND finished_at < ? ORDER BY seq LIMIT ?",
                [time.description, limit]
            ).map { $0["id"] as String }
        }
        guard !old.isEmpty else { return PrunedJobs(jobs: 0, orphanedPaths: []) }
        return try await write { db, outbox in
            var paths: [String] = []
            var count = 0
            for id in old {
                let isStillOld = "SELECT 1 FROM jobs WHERE id = ? AND status IN (\(names)) AND finished_at < ?"
                guard try db.row(isStillOld, [id, time.description]) != nil else { continue }
                try db.run("DELETE FROM eval_runs WHERE job_id = ? AND visible = 0", [id])  // its scores go with it
                try db.run("DELETE FROM plugin_records WHERE job_id = ? AND visible = 0", [id])
                paths += try db.rows("DELETE FROM artifacts WHERE job_id = ? AND visible = 0 RETURNING path", [id])
                    .map { $0["path"] }
                try db.run("DELETE FROM jobs WHERE id = ?", [id])  // attempts, triggers and log go with it
                outbox.changed(.job, id)
                count += 1
            }
            return PrunedJobs(jobs: count, orphanedPaths: paths)
        }
    }

    /// How many jobs ``pruneJobs(endedBefore:statuses:limit:)`` would forget by and by.
    package func countJobs(
        endedBefore time: Timestamp, statuses: Set<JobStatus> = [.done, .failed, .skipped]
    ) async throws(StoreError) -> Int {
        let names = endNames(statuses)
        return try await read { db in
            let sql = "SELECT count(*) AS count FROM jobs WHERE status IN (\(names)) AND finished_at < ?"
            return try db.row(sql, [time.description])?["count"] ?? 0
        }
    }
}

/// As SQL; states that are no end are left out.
private func endNames(_ statuses: Set<JobStatus>) -> String {
    statuses.filter(\.isFinal).map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
}
