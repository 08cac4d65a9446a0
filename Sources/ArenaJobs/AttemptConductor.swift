import ArenaConcurrency
import ArenaCore
import ArenaStore

/// Takes one claimed job through one attempt, from the look-up of its kind to the last write.
struct AttemptConductor: Sendable {
    let claim: Claim
    let store: ArenaStore
    let catalog: any JobKindCatalog
    let executor: any JobExecutor
    let clock: any TimerClock
    let policy: RetryPolicy
    let limits: CommitLimits
    let stop = AttemptStop()

    /// How often the end is written again when the store fails and the dispatcher waits to stop.
    private static let lastTries = 5

    /// Returns when the attempt has ended and that is written, or another attempt has taken over.
    func conduct() async {
        let kind: JobKindInfo
        do {
            kind = try await catalog.jobKind(claim.job.kind)
        } catch {
            let failure = Failure(error)
            return await conclude(.failed(failure, status: StatusCode(failure.category), retry: nil), sealing: [])
        }
        if let change = uselessCheckpoint(for: kind) { return await conclude(.startOver(reason: change), sealing: []) }
        let attempt = Attempt(lease: claim.lease, kind: kind, store: store, clock: clock, stop: stop, limits: limits)
        let outcome = await execute(kind, in: attempt)
        let rows = await attempt.close()
        await conclude(outcome, sealing: outcome.isDone ? rows : [])
    }

    /// Why the checkpoint cannot be handed to the plugin that is there now; `nil` when it can.
    private func uselessCheckpoint(for kind: JobKindInfo) -> String? {
        guard claim.job.checkpointSeq > 0, claim.job.checkpointPluginSHA256 != kind.plugin.sha256,
            !kind.resumesAcrossVersions
        else { return nil }
        return "plugin \(kind.plugin.id) has changed since, and does not say that it reads older checkpoints."
    }

    private func execute(_ kind: JobKindInfo, in attempt: Attempt) async -> AttemptOutcome {
        guard stop.reason == nil else { return .cancelled }
        guard let isHeld = try? await store.begin(claim.lease, plugin: kind.plugin), isHeld else {
            // Taken over, or the store failed: then the job is given back as soon as the store can be written.
            stop.request(.leaseLost)
            return .cancelled
        }
        let job = ClaimedJob(
            record: claim.job, kind: kind, attempt: claim.lease.attempt, checkpoint: claim.checkpoint,
            checkpointSeq: claim.job.checkpointSeq, timeout: claim.job.timeout ?? kind.defaultTimeout)
        let work = Task { await executor.execute(job, in: attempt) }
        stop.onRequest { _ in work.cancel() }
        return await work.value
    }

    /// Writes the end. A store that fails is tried again, since the work may have been long; only a dispatcher that
    /// stops gives up, and then the job goes on from its last commit once this process is dead.
    private func conclude(_ outcome: AttemptOutcome, sealing rows: [SealedRow]) async {
        var tries = 0
        while true {
            let ending = AttemptVerdict.Ending.outcome(outcome, cancellation: stop.reason)
            let verdict = AttemptVerdict(policy: policy, now: clock.now())
            do {
                _ = try await store.conclude(claim.lease, sealing: rows) { job in
                    verdict.conclusion(of: ending, for: job)
                }
                return
            } catch {
                tries += 1
                if stop.reason == .stopping, tries >= Self.lastTries { return }
                try? await clock.sleep(until: clock.now() + .milliseconds(500))
            }
        }
    }
}
