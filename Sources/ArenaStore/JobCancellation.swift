import ArenaCore
import GRDB

/// What a request to cancel met.
package enum CancelAnswer: Sendable, Hashable {
    /// It was waiting, and is skipped now.
    case skipped
    /// It is held by a dispatcher, which has been asked.
    case requested
    /// It had ended before.
    case alreadyEnded(JobStatus)
    case notFound
}

extension ArenaStore {
    /// Skips a job that waits, and asks the dispatcher of one that is held.
    package func requestCancel(_ id: String) async throws(StoreError) -> CancelAnswer {
        let now = clock.now().description
        return try await write { db, outbox in
            guard let job = try JobRecord.fetch(db, id: id) else { return .notFound }
            switch job.status {
            case .done, .failed, .skipped:
                return .alreadyEnded(job.status)
            case .queued:
                try db.run("\(JobEvent.cancel.update) WHERE id = :id", ["reason": "cancelled", "now": now, "id": id])
            case .dispatched, .running:
                guard job.cancelRequestedAt == nil else { return .requested }
                try db.run("UPDATE jobs SET cancel_requested_at = ? WHERE id = ?", [now, id])
            }
            outbox.changed(.job, id)
            return job.status == .queued ? .skipped : .requested
        }
    }
}
