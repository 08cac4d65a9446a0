package import ArenaStore

/// What moves a job from one state to another: the whole life of a job.
///
///     enqueue ─▶ queued ─ claim ─▶ dispatched ─ begin ─▶ running ─ finish ─▶ done
///
///     queued                  ─ cancel ─▶ skipped
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
package enum JobEvent: String, Sendable, CaseIterable {
    /// A dispatcher takes it.
    case claim
    /// Its dispatcher starts the plugin.
    case begin
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
        case .retry, .release, .rescue, .startOver, .reopen: .queued
        case .cancel: .skipped
        }
    }

    /// The states in which it may happen.
    package var sources: Set<JobStatus> {
        switch self {
        case .claim: [.queued]
        case .begin: [.dispatched]
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
}
