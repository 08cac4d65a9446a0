import ArenaCore
import ArenaJSON
import ArenaStore
import Glibc

/// One of several processes that take the jobs of one file until all have ended.
struct Claimant {
    let path: String
    /// How many there are.
    let jobs: Int
    let seed: UInt64

    /// - Returns: `{done: [id], retried: n}`: what this process ended.
    func work() async throws -> JSONValue {
        let store = try await ArenaStore.open(path: path, pollInterval: .milliseconds(5))
        var random = TrialRandom(seed: seed)
        var done: [JSONValue] = []
        var retried = 0
        for await _ in store.wakeups() {
            while true {
                let claims = try await store.claim(
                    ClaimRequest(
                        limit: .random(in: 1...4, using: &random), dispatcherID: "\(getpid())", host: .trial,
                        leaseExpiresAt: store.now() + .seconds(30)))
                guard !claims.isEmpty else { break }
                for claim in claims {
                    if try await end(claim, in: store, well: Int.random(in: 0..<5, using: &random) > 0) {
                        done.append(.string(claim.job.id))
                    } else {
                        retried += 1
                    }
                }
            }
            if try await store.jobs(JobFilter(statuses: [.done], limit: jobs)).count == jobs { break }
        }
        try await store.close()
        return ["done": .array(done), "retried": JSONValue(retried)]
    }

    /// - Returns: whether the job is done now.
    private func end(_ claim: Claim, in store: ArenaStore, well isDone: Bool) async throws -> Bool {
        let stamp = PluginStamp(id: "trial", version: "1.0.0", sha256: "ab")
        guard try await store.begin(claim.lease, plugin: stamp) else { throw Lost(jobID: claim.job.id) }
        let row = try SealedRow(
            recordType: "note/1", key: "by \(claim.lease.attempt)", json: ["pid": JSONValue(Int(getpid()))],
            pluginID: "trial")
        let job = try await store.conclude(claim.lease, sealing: isDone ? [row] : []) { job in
            AttemptConclusion(isDone ? .done : .failed, by: isDone ? .finish : .retry, of: job)
        }
        guard job?.status == (isDone ? .done : .queued) else { throw Lost(jobID: claim.job.id) }
        return isDone
    }

    /// Nobody else may take what this process holds.
    private struct Lost: ArenaError {
        let jobID: String
        var code: String { "trial.lost" }
        var category: ErrorCategory { .internalError }
        var message: String { "Job \(jobID) was taken from the process that held it." }
        var hint: String? { nil }
    }
}
