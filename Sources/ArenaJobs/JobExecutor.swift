package import ArenaStore

/// A job that this process runs now.
package struct ClaimedJob: Sendable {
    /// As it was when it was claimed.
    package let record: JobRecord
    package let kind: JobKindInfo
    /// 1, 2, …
    package let attempt: Int
    /// What the last sealed commit left; empty: start at the beginning.
    package let checkpoint: [UInt8]
    /// The number of commits sealed so far.
    package let checkpointSeq: UInt64
    /// How long the attempt may run; the executor sees to it.
    package let timeout: Duration?

    package init(
        record: JobRecord, kind: JobKindInfo, attempt: Int, checkpoint: [UInt8], checkpointSeq: UInt64,
        timeout: Duration?
    ) {
        self.record = record
        self.kind = kind
        self.attempt = attempt
        self.checkpoint = checkpoint
        self.checkpointSeq = checkpointSeq
        self.timeout = timeout
    }
}

/// Runs attempts: in a child process, with services joined to the attempt.
package protocol JobExecutor: Sendable {
    /// Does the work of one attempt and says how it ended.
    ///
    /// When the attempt is cancelled (``Attempt/cancellation``, ``Attempt/onCancellation(_:)``) the surrounding task is
    /// cancelled too, and this returns soon: it ends a worker that does not.
    func execute(_ job: ClaimedJob, in attempt: Attempt) async -> AttemptOutcome
}
