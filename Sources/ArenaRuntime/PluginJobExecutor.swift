import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaPluginWire
import ArenaStore

/// Runs an attempt in a child process, with the services joined to it.
struct PluginJobExecutor: JobExecutor {
    let runtime: ArenaRuntime

    func execute(_ job: ClaimedJob, in attempt: Attempt) async -> AttemptOutcome {
        do {
            let kind = try await runtime.registry.resolve(.jobKind, job.kind.name)
            let start = CallRequest.JobStart(
                kind: kind.kind.id, jobID: job.record.id, attempt: UInt32(clamping: job.attempt),
                payload: job.record.payload.text(), checkpoint: job.checkpoint, sequence: job.checkpointSeq)
            let artifacts = AttemptArtifacts(
                attempt: attempt, folder: runtime.options.home + "/artifacts", jobID: job.record.id)
            let session = session(for: kind, attempt, artifacts)
            let result = try await runtime.runner.run(
                start, with: kind, seed: job.record.seed,
                deadline: job.timeout.map { monotonicNanoseconds() + $0.nanoseconds }, session: session,
                onStart: { pid in
                    guard case .present(let ticks) = LinuxProcessTable().look(up: pid) else { return }
                    try await attempt.childStarted(pid: pid, startTicks: ticks)
                },
                onPrint: { attempt.log(level: 1, message: $0) })
            return .done(result)
        } catch {
            return outcome(of: error, attempt)
        }
    }

    private func session(
        for kind: ResolvedKind, _ attempt: Attempt, _ artifacts: AttemptArtifacts
    ) -> ServiceSession {
        var providers = ServiceProviders(clock: runtime.options.clock)
        providers.job = AttemptRecords(attempt: attempt, plugin: kind.plugin.manifest)
        providers.artifacts = artifacts
        providers.lanes = runtime.lanes
        providers.scoring = runtime.answers
        providers.http = PluginHTTP(
            client: runtime.http, secrets: runtime.options.secrets, grant: HTTPGrant(kind))
        providers.views = StoreViews(store: runtime.store, benches: runtime.benches, threads: runtime.threads)
        providers.keyValues = StoreKeyValues(store: runtime.store, plugin: kind.plugin.id)
        return ServiceSession(
            providers: providers, granted: kind.plugin.manifest.services,
            onProgress: { progress in
                let fields = progress.fields.isEmpty ? nil : try? JSONValue(parsing: progress.fields)
                attempt.progress(
                    done: progress.done, total: progress.total, phase: progress.phase, fields: fields?.object ?? [:])
            },
            onLog: { line in
                let fields = line.fields.isEmpty ? nil : try? JSONValue(parsing: line.fields)
                attempt.log(level: Int(line.level), message: line.message, fields: fields?.object)
            })
    }

    /// What the queue makes of an error: a plugin's failure, a lost worker, or the wish to stop.
    private func outcome(of error: any Error, _ attempt: Attempt) -> AttemptOutcome {
        if attempt.cancellation != nil { return .cancelled }
        guard let fault = error as? PluginFault else {
            let failure = Failure(error)
            return .failed(failure, status: StatusCode(failure.category), retry: nil)
        }
        switch fault.kind {
        case .failed(let status, let failure, let retry): return .failed(failure, status: status, retry: retry)
        case .crashed, .wireViolation, .outOfMemory: return .crashed(Failure(fault))
        case .unresponsive: return .failed(Failure(fault), status: .deadlineExceeded, retry: nil)
        case .workerUnavailable, .exhausted: return .failed(Failure(fault), status: .unavailable, retry: nil)
        case .refused, .parked: return .failed(Failure(fault), status: .failedPrecondition, retry: false)
        case .cancelled: return .cancelled
        }
    }
}
