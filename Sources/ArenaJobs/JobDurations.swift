package import ArenaCore
package import ArenaStore

/// How long a job's latest attempt waited and worked.
package struct JobDurations: Sendable, Hashable {
    /// From when it could run to its claim: without a time that it had to wait for, or the pause after a failure.
    package let queued: Duration?
    /// From its claim to the end of the job; `nil` before.
    package let run: Duration?

    package init(_ job: JobRecord) { self.init(ready: job.readyAt, claimed: job.dispatchedAt, ended: job.finishedAt) }

    /// A claim that was before it could run is of an earlier attempt: then it has not been claimed since.
    package init(ready: Timestamp?, claimed: Timestamp?, ended: Timestamp?) {
        guard let claimed, ready.map({ $0 <= claimed }) ?? true else {
            (queued, run) = (nil, nil)
            return
        }
        queued = ready.map { claimed - $0 }
        run = ended.map { max($0 - claimed, .zero) }
    }
}
