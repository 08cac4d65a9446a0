import ArenaCore
package import ArenaStore

/// What an operator does with many jobs at once.
extension JobQueue {
    /// How many jobs one transaction takes on, so that nobody else waits long.
    private static let batch = 500

    /// Keeps waiting jobs of a kind from being begun until it is resumed. Attempts that run go on.
    ///
    /// - Throws: as the catalog, for a kind that there is not.
    package func pause(kind: String, reason: String? = nil) async throws -> String {
        let name = try await catalog.jobKind(kind).name
        try await store.pause(kind: name, reason: reason)
        return name
    }

    /// - Parameter kind: Its full name will do also when no plugin provides it any more.
    /// - Returns: whether it was paused.
    package func resume(kind: String) async throws -> Bool {
        try await store.resume(kind: fullName(ofKind: kind))
    }

    /// The full name of a kind; what is no kind now stays as it is, for it may have been one.
    package func fullName(ofKind kind: String) async -> String { (try? await catalog.jobKind(kind).name) ?? kind }

    /// Has every job that the filter lets pass tried again, the oldest first; of the same work only one. A job that
    /// fails meanwhile is not taken twice.
    package func retryAll(_ filter: DeadJobFilter, source: String = "manual") async throws -> BulkRetry {
        var total = BulkRetry()
        var position: Int64 = 0
        while true {
            let (result, last) = try await store.retryAll(filter, after: position, limit: Self.batch, source: source)
            total.retried += result.retried
            total.duplicates += result.duplicates
            guard let last else { return total }
            position = last
        }
    }

    /// Forgets jobs that ended longer than `age` ago; what they made stays (``ArenaStore/pruneJobs``).
    ///
    /// - Returns: how many went, and the files that the caller deletes.
    package func prune(
        olderThan age: Duration, statuses: Set<JobStatus> = [.done, .failed, .skipped]
    ) async throws -> PrunedJobs {
        let limit = Timestamp(unixMilliseconds: store.now().unixMilliseconds - age.milliseconds)
        var (jobs, paths) = (0, [String]())
        while true {
            let pruned = try await store.pruneJobs(endedBefore: limit, statuses: statuses, limit: Self.batch)
            jobs += pruned.jobs
            paths += pruned.orphanedPaths
            guard pruned.jobs > 0 else { return PrunedJobs(jobs: jobs, orphanedPaths: paths) }
        }
    }
}
