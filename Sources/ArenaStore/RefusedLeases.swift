import ArenaCore
import GRDB

extension ArenaStore {
    /// Whether a claim came to nothing because what the job needs was not to be had: the job waits again, and either the
    /// claim was undone or its attempt ended so.
    package func wasRefused(_ lease: JobLease) async throws(StoreError) -> Bool {
        try await read { db in
            try db.row(
                """
                SELECT 1 FROM jobs WHERE id = :id AND status = 'queued' AND (attempts < :attempt OR EXISTS (
                    SELECT 1 FROM job_attempts WHERE job_id = :id AND attempt = :attempt
                        AND error_category = 'resource_exhausted'))
                """, ["id": lease.jobID, "attempt": lease.attempt]) != nil
        }
    }
}
