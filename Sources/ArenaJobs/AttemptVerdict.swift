package import ArenaCore
package import ArenaStore

/// Decides what the end of an attempt does to its job. A pure value: the same job and end give the same verdict.
package struct AttemptVerdict: Sendable {
    /// What ended the attempt.
    package enum Ending: Sendable {
        /// Its executor returned; `cancellation`: what the attempt had been asked.
        case outcome(AttemptOutcome, cancellation: AttemptCancellation?)
        /// Its host died, or fell silent for longer than the lease.
        case ownerGone(Failure)
    }

    /// How many of its last log lines a poisoned job keeps with its failure.
    package static let keptLines = 20

    package var policy: RetryPolicy
    package var now: Timestamp

    package init(policy: RetryPolicy, now: Timestamp) {
        self.policy = policy
        self.now = now
    }

    /// - Parameter job: As it stands while the attempt still holds it.
    package func conclusion(of ending: Ending, for job: JobRecord) -> AttemptConclusion {
        switch ending {
        case .outcome(let outcome, _) where outcome.isDone:
            // Work that is complete counts, also when someone had asked to cancel it meanwhile.
            return conclusion(of: outcome, isInterrupted: false, for: job)
        case _ where job.cancelRequestedAt != nil:
            var conclusion = AttemptConclusion(.cancelled, by: .cancel, of: job)
            conclusion.reason = "cancelled"
            return conclusion
        case .ownerGone(let failure):
            return afterLoss(failure, of: job)
        case .outcome(let outcome, let cancellation):
            return conclusion(of: outcome, isInterrupted: cancellation != nil, for: job)
        }
    }

    private func conclusion(
        of outcome: AttemptOutcome, isInterrupted: Bool, for job: JobRecord
    ) -> AttemptConclusion {
        switch outcome {
        case .done(let result):
            var conclusion = AttemptConclusion(.done, by: .finish, of: job)
            conclusion.result = result
            return conclusion
        case .cancelled where isInterrupted, .crashed where isInterrupted,
            .failed(_, .cancelled, _) where isInterrupted:
            return AttemptConclusion(.released, by: .release, of: job)
        case .cancelled:
            let failure = Failure(
                code: "job.cancelled_itself", category: .cancelled,
                message: "The plugin said that the job was cancelled, but nobody had asked for that.")
            return afterFailure(.failed, failure, mayRetry: false, of: job)
        case .failed(let failure, let status, let retry):
            return afterFailure(.failed, failure, mayRetry: retry ?? status.isRetriable, of: job)
        case .crashed(let failure):
            return afterCrash(failure, of: job)
        case .startOver(let reason):
            return startingOver(reason, job)
        }
    }

    private func afterFailure(
        _ end: AttemptEnd, _ failure: Failure, mayRetry: Bool, of job: JobRecord
    ) -> AttemptConclusion {
        let failures = job.failures + 1
        let retries = mayRetry && failures < job.maxAttempts
        var conclusion = AttemptConclusion(end, by: retries ? .retry : .fail, of: job)
        conclusion.failures = failures
        conclusion.failure = failure
        if retries { conclusion.runAfter = now + policy.pause(afterFailure: failures, seed: job.seed) }
        return conclusion
    }

    private func afterCrash(_ failure: Failure, of job: JobRecord) -> AttemptConclusion {
        let crashes = job.crashes + 1
        guard crashes >= policy.crashLimit else {
            var conclusion = afterFailure(.crashed, failure, mayRetry: true, of: job)
            conclusion.crashes = crashes
            return conclusion
        }
        var conclusion = afterFailure(
            .crashed, poisoned("It crashed its worker \(crashes) times; the last time: \(failure.message)"),
            mayRetry: false, of: job)
        conclusion.crashes = crashes
        conclusion.keptLines = Self.keptLines
        return conclusion
    }

    private func afterLoss(_ failure: Failure, of job: JobRecord) -> AttemptConclusion {
        let rescues = job.rescues + 1
        let isPoisoned = rescues >= policy.rescueLimit
        var conclusion = AttemptConclusion(.lost, by: isPoisoned ? .fail : .rescue, of: job)
        conclusion.rescues = rescues
        conclusion.failure = failure
        guard isPoisoned else { return conclusion }
        conclusion.failure = poisoned("Its host died \(rescues) times in a row while it ran; \(failure.message)")
        conclusion.keptLines = Self.keptLines
        return conclusion
    }

    private func startingOver(_ reason: String, _ job: JobRecord) -> AttemptConclusion {
        guard job.checkpointSeq > 0 else {
            let failure = Failure(
                code: "job.cannot_start", category: .internalError,
                message: "The plugin refused a checkpoint although there is none: \(reason)")
            return afterFailure(.failed, failure, mayRetry: false, of: job)
        }
        var conclusion = AttemptConclusion(.startedOver, by: .startOver, of: job)
        conclusion.forgetsProgress = true
        conclusion.notes = ["Starting over, \(job.checkpointSeq) sealed commits are forgotten: \(reason)"]
        return conclusion
    }

    private func poisoned(_ message: String) -> Failure {
        Failure(
            code: "job.poisoned", category: .internalError, message: message,
            hint: "`arena job show` has its log and its attempts; mend the cause, then enqueue it anew.")
    }
}
