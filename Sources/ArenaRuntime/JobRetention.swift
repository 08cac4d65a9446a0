package import ArenaJobs
import ArenaPluginHost
package import ArenaStore

#if canImport(Glibc)
import Glibc
#endif

/// Forgetting jobs that ended long ago.
extension ArenaRuntime {
    /// Forgets jobs that ended longer than `age` ago, and deletes the files that nobody could ever see. What finished
    /// jobs made stays.
    ///
    /// - Parameter statuses: The ends to prune.
    package func pruneJobs(
        olderThan age: Duration, statuses: Set<JobStatus> = [.done, .failed, .skipped]
    ) async throws -> PrunedJobs {
        let pruned = try await jobs.prune(olderThan: age, statuses: statuses)
        await removeArtifacts(pruned.orphanedPaths)
        return pruned
    }

    /// What forgets old jobs and changes, as `jobs.keep_days` says.
    package func makeRetention() -> Retention {
        Retention(store: store, queue: jobs, rule: RetentionRule(keepsJobs: options.keepsJobs)) { [self] paths in
            await removeArtifacts(paths)
        }
    }

    /// Deletes files below `artifacts/`, and the folders of jobs that are empty then. One that cannot be deleted is left:
    /// nothing knows of it any more.
    private func removeArtifacts(_ paths: [String]) async {
        guard !paths.isEmpty else { return }
        let folder = options.home + "/artifacts/"
        try? await threads.call(within: .seconds(60)) { _ in
            for path in paths where !path.split(separator: "/").contains("..") {
                unlink(folder + path)
                guard let slash = path.lastIndex(of: "/") else { continue }
                rmdir(folder + path[..<slash])
            }
        }
    }
}
