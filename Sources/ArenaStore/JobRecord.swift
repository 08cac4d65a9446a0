package import ArenaCore
package import ArenaJSON
import GRDB

/// Where a job stands. ``JobEvent`` draws which state leads to which.
package enum JobStatus: String, Sendable, CaseIterable {
    case queued, dispatched, running, done, failed, skipped

    /// Whether a dispatcher holds it.
    package var isHeld: Bool { self == .dispatched || self == .running }
    /// Whether it has come to its end.
    package var isFinal: Bool { self == .done || self == .failed || self == .skipped }
}

/// What a job occupies while it is held.
package struct JobNeeds: Sendable, Hashable {
    /// The lane that it asks; `nil`: none.
    package var laneID: String?
    /// Nobody else may use the lane meanwhile.
    package var laneAlone: Bool
    package var gpu: Bool

    package init(laneID: String? = nil, laneAlone: Bool = false, gpu: Bool = false) {
        self.laneID = laneID
        self.laneAlone = laneAlone
        self.gpu = gpu
    }
}

/// One job as the queue holds it, without its checkpoint.
package struct JobRecord: Sendable, Hashable {
    /// The order in which jobs were enqueued, and the cursor of lists.
    package let seq: Int64
    package let id: String
    /// The full name, `plugin/kind`.
    package let kind: String
    package let status: JobStatus
    /// Why it is skipped, in one word: `cancelled`.
    package let reason: String?
    /// The higher, the sooner.
    package let priority: Int
    package let payload: JSONValue
    /// No two jobs that have not ended share it.
    package let dedupKey: String?
    /// Who asked first: `cli`, `http`, `schedule`, …
    package let trigger: String
    /// What the job's random numbers start from, in every attempt.
    package let seed: UInt64
    /// How long one attempt may run; `nil`: as its kind says.
    package let timeout: Duration?
    package let result: JSONValue?
    /// Why it failed, or, while it waits for another attempt, why the last one did.
    package let failure: Failure?
    /// More about the failure; of a poisoned job `{"log": […]}`, its last lines.
    package let failureDetail: JSONValue?
    /// Attempts begun.
    package let attempts: Int
    /// Attempts that failed, crashes included.
    package let failures: Int
    /// Attempts that crashed their worker.
    package let crashes: Int
    /// Attempts whose host died, since the last sealed commit.
    package let rescues: Int
    /// Times in a row that it was claimed and not let run.
    package let refusals: Int
    package let needs: JobNeeds
    /// After so many ``failures`` the job has failed.
    package let maxAttempts: Int
    /// Not before this time.
    package let runAfter: Timestamp?
    /// Since when it could run, or will be able to: what it waited is counted from here. `nil` for jobs of older files.
    package let readyAt: Timestamp?
    package let enqueuedAt: Timestamp
    package let dispatchedAt: Timestamp?
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?
    package let cancelRequestedAt: Timestamp?
    package let progress: JSONValue?
    /// The number of commits sealed so far.
    package let checkpointSeq: UInt64
    /// The plugin that wrote the checkpoint.
    package let checkpointPluginSHA256: String?
}

extension JobRecord {
    /// The columns that ``init(_:)`` reads, in its order; the checkpoint itself may be large.
    static let columns = """
        seq, id, kind, status, reason, priority, payload_json, dedup_key, trigger, seed, timeout_ms, result_json, \
        error_code, error_category, error_message, error_hint, error_detail_json, attempts, failures, crashes, \
        rescues, refusals, lane_id, lane_alone, needs_gpu, max_attempts, run_after, ready_at, enqueued_at, \
        dispatched_at, started_at, finished_at, cancel_requested_at, progress_json, checkpoint_seq, checkpoint_plugin_sha256
        """

    /// - Parameter row: Begins with ``columns``.
    init(_ row: Row) throws {
        var columns = RowColumns(row)
        seq = columns.next()
        id = columns.next()
        kind = columns.next()
        guard let status = JobStatus(rawValue: columns.next()) else { throw StoreError.unreadable("status") }
        self.status = status
        reason = columns.optional()
        priority = columns.next()
        payload = try columns.optionalJSON() ?? .null
        dedupKey = columns.optional()
        trigger = columns.next()
        guard let seed = UInt64(columns.next() as String) else { throw StoreError.unreadable("seed") }
        self.seed = seed
        timeout = (columns.optional() as Int64?).map { .milliseconds($0) }
        result = try columns.optionalJSON()
        failure = columns.failure()
        failureDetail = try columns.optionalJSON()
        attempts = columns.next()
        failures = columns.next()
        crashes = columns.next()
        rescues = columns.next()
        refusals = columns.next()
        needs = JobNeeds(laneID: columns.optional(), laneAlone: columns.next(), gpu: columns.next())
        maxAttempts = columns.next()
        runAfter = try columns.optionalTime()
        readyAt = try columns.optionalTime()
        enqueuedAt = try columns.time()
        dispatchedAt = try columns.optionalTime()
        startedAt = try columns.optionalTime()
        finishedAt = try columns.optionalTime()
        cancelRequestedAt = try columns.optionalTime()
        progress = try columns.optionalJSON()
        checkpointSeq = UInt64(columns.next() as Int64)
        checkpointPluginSHA256 = columns.optional()
    }

    /// The job of an id, read within a transaction.
    static func fetch(_ db: Database, id: String) throws -> JobRecord? {
        try db.map("SELECT \(columns) FROM jobs WHERE id = ?", [id], JobRecord.init).first
    }
}
