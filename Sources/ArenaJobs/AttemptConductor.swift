import ArenaConcurrency
import ArenaCore
import ArenaStore

/// Takes one claimed job through one attempt, from the look-up of its kind to the last write.
struct AttemptConductor: Sendable {
    let claim: Claim
    let store: ArenaStore
    let catalog: any JobKindCatalog
    let executor: any JobExecutor
    let admission: any JobAdmission
    let ender: any ProcessEnder
    let clock: any TimerClock
    /// For what has no kind.
    let policy: RetryPolicy
    let limits: CommitLimits
    let stop = AttemptStop()

    /// How often the end is written again when the store fails and the dispatcher waits to stop.
    private static let lastTries = 5

    /// How long an executor that was asked to stop may take, before its child is ended and it is no longer waited for.
    static let patience = Duration.seconds(2)

    /// Returns when the attempt has ended and that is written, or another attempt has taken over.
    func conduct() async {
        let kind: JobKindInfo
        do {
            kind = try await catalog.jobKind(claim.job.kind)
        } catch {
            let failure = Failure(error)
            return await conclude(.failed(failure, status: StatusCode(failure.category), retry: nil), policy)
        }
        if let change = uselessCheckpoint(for: kind) {
            return await conclude(.startOver(reason: change), kind.retryPolicy)
        }
        if stop.reason == nil, let refusal = await refusal(of: kind) {
            guard await refuse(refusal, kind.retryPolicy) else { return }
        }
        let attempt = Attempt(lease: claim.lease, kind: kind, store: store, clock: clock, stop: stop, limits: limits)
        let outcome = await execute(kind, in: attempt)
        let rows = await attempt.close()
        await conclude(outcome, kind.retryPolicy, sealing: outcome.isDone ? rows : [])
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
        return await outcome(of: work, attempt)
    }

    /// Waits for the executor; once the attempt is asked to stop, no longer than ``patience``.
    private func outcome(of work: Task<AttemptOutcome, Never>, _ attempt: Attempt) async -> AttemptOutcome {
        let (outcomes, outcome) = AsyncStream.makeStream(of: AttemptOutcome.self)
        let (requests, request) = AsyncStream.makeStream(of: Void.self)
        stop.onRequest { _ in
            work.cancel()
            request.yield()
        }
        Task { outcome.yield(await work.value) }
        let impatience = Task {
            for await _ in requests {
                guard (try? await clock.sleep(until: clock.now() + Self.patience)) != nil else { return }
                if let child = attempt.child { _ = await ender.end(child) }
                outcome.yield(.cancelled)
            }
        }
        defer { impatience.cancel() }
        for await first in outcomes { return first }
        return .cancelled
    }

    // MARK: Refusals

    private func refusal(of kind: JobKindInfo) async -> AdmissionRefusal? {
        do {
            guard case .refuse(let refusal) = try await admission.decide(on: claim.job, of: kind) else { return nil }
            return refusal
        } catch {
            return AdmissionRefusal(source: "admission_failed", detail: Failure(error).json)
        }
    }

    /// - Returns: whether the job was asked to cancel meanwhile, and is still held.
    private func refuse(_ refusal: AdmissionRefusal, _ policy: RetryPolicy) async -> Bool {
        await writing {
            let pause = policy.pause(afterFailure: claim.job.refusals + 1, seed: claim.job.seed)
            let refused = try await store.refuse(
                claim.lease,
                JobRefusal(
                    source: refusal.source, detail: refusal.detail, runAfter: refusal.notBefore ?? clock.now() + pause,
                    needs: refusal.needs))
            guard refused == nil else { return false }
            stop.request(.requested)
            return true
        } ?? false
    }

    // MARK: The end

    private func conclude(
        _ outcome: AttemptOutcome, _ policy: RetryPolicy, sealing rows: [SealedRow] = []
    ) async {
        _ = await writing {
            let ending = AttemptVerdict.Ending.outcome(outcome, cancellation: stop.reason)
            let verdict = AttemptVerdict(policy: policy, now: clock.now())
            return try await store.conclude(claim.lease, sealing: rows) { verdict.conclusion(of: ending, for: $0) }
        }
    }

    /// Writes what must not be lost. A store that fails is tried again, since the work may have been long; only a
    /// dispatcher that stops gives up, and then the job goes on from its last commit once this process is dead.
    private func writing<T>(_ write: () async throws -> T) async -> T? {
        var tries = 0
        while true {
            do {
                return try await write()
            } catch {
                tries += 1
                if stop.reason == .stopping, tries >= Self.lastTries { return nil }
                try? await clock.sleep(until: clock.now() + .milliseconds(500))
            }
        }
    }
}
