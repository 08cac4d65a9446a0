package import ArenaCore
package import ArenaJSON

/// How the work of an attempt ended, as its executor saw it.
package enum AttemptOutcome: Sendable {
    /// The plugin returned this result.
    case done(JSONValue)
    /// The plugin, or the way to it, failed.
    ///
    /// `retry` is what the plugin said itself; `nil`: as the status says.
    case failed(Failure, status: StatusCode, retry: Bool?)
    /// The worker died.
    case crashed(Failure)
    /// The plugin returned because it was asked to stop.
    case cancelled
    /// The plugin cannot go on from the checkpoint: sealed rows and checkpoint are forgotten.
    case startOver(reason: String)

    /// Whether the work is complete.
    package var isDone: Bool {
        if case .done = self { true } else { false }
    }
}

/// Why an attempt is asked to stop.
package enum AttemptCancellation: Sendable, Hashable {
    /// Someone cancelled the job.
    case requested
    /// The dispatcher stops; the job is given back and goes on from its last commit.
    case stopping
    /// Another attempt took over, or the dispatcher can no longer tell.
    case leaseLost
}
