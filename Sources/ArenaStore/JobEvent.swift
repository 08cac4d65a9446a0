/// What moves a job from one state to another: the whole life of a job.
///
///     enqueue ─▶ queued ─ claim ─▶ dispatched ─ begin ─▶ running ─ finish ─▶ done
///
///     queued                  ─ cancel ─▶ skipped
///     dispatched              ─ refuse ─▶ queued
///     dispatched or running   ─ cancel ─▶ skipped
///     dispatched or running   ─ fail ─▶ failed
///     dispatched or running   ─ retry, release, rescue, startOver ─▶ queued
///     failed or skipped       ─ reopen ─▶ queued
///
/// - **queued** waits, perhaps for a time. Entered by whoever enqueues and by the end of an attempt that is not the
///   last; left by a claim or a cancellation.
/// - **dispatched** is held by a dispatcher that prepares its attempt, **running** by one whose plugin works. Both are
///   left by that dispatcher alone, or, once it is dead or its lease has run out, by a rescuer.
/// - **done**, **failed** and **skipped** are ends, kept until they are pruned. A person may reopen the last two.
///
/// The statements of the store are made from this value: ``writes`` are their assignments, ``sources`` their condition.
package enum JobEvent: String, Sendable, CaseIterable {
    /// A dispatcher takes it.
    case claim
    /// Its dispatcher starts the plugin.
    case begin
    /// What it needs is not to be had now: the claim is undone, and the job waits.
    case refuse
    /// The attempt succeeded.
    case finish
    /// The attempt failed and is not repeated, or the job has crashed too often.
    case fail
    /// The attempt failed and is repeated after a pause.
    case retry
    /// The dispatcher stops in good order and gives it back.
    case release
    /// The dispatcher was found dead.
    case rescue
    /// The checkpoint is of no use to the plugin that is there now.
    case startOver
    /// Someone no longer wants it.
    case cancel
    /// A person wants a job that ended without success to be tried again.
    case reopen

    /// The state that it leads to.
    package var target: JobStatus {
        switch self {
        case .claim: .dispatched
        case .begin: .running
        case .finish: .done
        case .fail: .failed
        case .refuse, .retry, .release, .rescue, .startOver, .reopen: .queued
        case .cancel: .skipped
        }
    }

    /// The states in which it may happen.
    package var sources: Set<JobStatus> {
        switch self {
        case .claim: [.queued]
        case .begin, .refuse: [.dispatched]
        case .finish: [.running]
        case .fail, .retry, .release, .rescue, .startOver: [.dispatched, .running]
        case .cancel: [.queued, .dispatched, .running]
        case .reopen: [.failed, .skipped]
        }
    }

    /// The state after it; `nil` where it cannot happen.
    package func target(from status: JobStatus) -> JobStatus? {
        sources.contains(status) ? target : nil
    }

    /// Whether it may happen to this job. One that someone asked to cancel does not wait again before it has ended.
    package func isPossible(for job: JobRecord) -> Bool {
        let waitsAgain = target == .queued && !sources.contains { $0.isFinal }
        return sources.contains(job.status) && !(waitsAgain && job.cancelRequestedAt != nil)
    }

    /// Whether it ends the attempt that holds the job.
    package var endsAttempt: Bool {
        switch self {
        case .claim, .begin, .refuse, .reopen: false
        case .finish, .fail, .retry, .release, .rescue, .startOver, .cancel: true
        }
    }
}

/// A column of a job that some event writes, besides its status.
package enum JobColumn: String, Sendable, CaseIterable {
    case reason
    case result = "result_json"
    case errorCode = "error_code"
    case errorCategory = "error_category"
    case errorMessage = "error_message"
    case errorHint = "error_hint"
    case errorDetail = "error_detail_json"
    case attempts, failures, crashes, rescues, refusals
    case leaseToken = "lease_token"
    case runAfter = "run_after"
    case readyAt = "ready_at"
    case dispatchedAt = "dispatched_at"
    case startedAt = "started_at"
    case finishedAt = "finished_at"
    case cancelRequestedAt = "cancel_requested_at"

    static let error: [JobColumn] = [.errorCode, .errorCategory, .errorMessage, .errorHint, .errorDetail]
    static let counts: [JobColumn] = [.failures, .crashes, .rescues]
}

/// What an event puts into a column.
package enum JobWrite: Sendable, Hashable {
    case null, zero, oneMore, oneLess
    /// The time of the transaction.
    case now
    /// The time of the transaction, unless there is one already.
    case nowIfNull
    /// A fencing token that nobody had before.
    case newToken
    /// What the caller says.
    case given
    /// When the job may run again: the `run_after` that the caller gives, else the time of the transaction.
    case whenDue
}

extension JobEvent {
    /// What it writes. A column that is not here stays as it is.
    package var writes: [JobColumn: JobWrite] {
        switch self {
        case .claim:
            [.attempts: .oneMore, .leaseToken: .newToken, .dispatchedAt: .now, .runAfter: .null]
        case .begin:
            [.startedAt: .nowIfNull, .refusals: .zero]
        case .refuse:
            // A refused claim was no attempt: its number is given to the next one, under another token.
            [
                .attempts: .oneLess, .leaseToken: .null, .dispatchedAt: .null, .runAfter: .given,
                .readyAt: .whenDue, .refusals: .oneMore,
            ]
        case .finish:
            ending([.result: .given, .finishedAt: .now, .runAfter: .null])
        case .fail:
            ending([.finishedAt: .now, .runAfter: .null])
        case .retry, .release, .rescue, .startOver:
            ending([.runAfter: .given, .readyAt: .whenDue])
        case .cancel:
            Dictionary(uniqueKeysWithValues: JobColumn.error.map { ($0, JobWrite.null) }).merging(
                [
                    .reason: .given, .finishedAt: .now, .cancelRequestedAt: .nowIfNull, .runAfter: .null,
                    .leaseToken: .null,
                ]) { $1 }
        case .reopen:
            [
                .reason: .null, .failures: .zero, .crashes: .zero, .rescues: .zero, .refusals: .zero,
                .runAfter: .null, .readyAt: .now, .finishedAt: .null, .cancelRequestedAt: .null,
            ]
        }
    }

    /// The end of an attempt takes its token, says why it failed, and brings the counts up to date.
    private func ending(_ own: [JobColumn: JobWrite]) -> [JobColumn: JobWrite] {
        var writes = own
        writes[.leaseToken] = .null
        for column in JobColumn.error + JobColumn.counts { writes[column] = .given }
        return writes
    }
}
