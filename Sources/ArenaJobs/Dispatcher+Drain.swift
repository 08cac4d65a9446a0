import ArenaCore
package import ArenaStore

/// One pass over the queue, as its dispatcher remembers it.
struct DrainPass {
    /// What ended since the pass last looked.
    var unread: [JobLease] = []
    /// Jobs that were run, in the order in which they first ended.
    var jobIDs: [String] = []
    /// The job that was refused; nothing is begun after it.
    var refusedID: String?

    /// Notes how the first of ``unread`` ended.
    mutating func note(_ jobID: String, isRefused: Bool) {
        unread.removeFirst()
        if isRefused {
            refusedID = refusedID ?? jobID
        } else if !jobIDs.contains(jobID) {
            jobIDs.append(jobID)
        }
    }
}

extension Dispatcher {
    /// Runs what can be run until nothing is left that can be begun now, or until a job is refused, and ends.
    ///
    /// - Returns: the jobs that it ran, as they stand now, in the order in which they first ended, and the one that was
    ///   refused.
    /// - Throws: as ``run()``; `CancellationError` when stopped or cancelled before the end, with jobs given back.
    package func drain() async throws -> (jobs: [JobRecord], refused: JobRecord?) {
        pass = DrainPass()
        try await run()
        try Task.checkCancellation()
        try await readPass()
        var jobs: [JobRecord] = []
        for id in pass?.jobIDs ?? [] {
            if let job = try await store.job(id) { jobs.append(job) }
        }
        guard let refusedID = pass?.refusedID else { return (jobs, nil) }
        return (jobs, try await store.job(refusedID))
    }

    /// Whether a pass begins nothing more.
    func isRefused() async throws -> Bool {
        try await readPass()
        return pass?.refusedID != nil
    }

    private func readPass() async throws {
        while let lease = pass?.unread.first {
            let isRefused = try await store.wasRefused(lease)
            pass?.note(lease.jobID, isRefused: isRefused)
        }
    }
}
