import ArenaCore
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
    /// - Throws: `job.files_left` when a file could not be deleted; the jobs are forgotten all the same.
    package func pruneJobs(
        olderThan age: Duration, statuses: Set<JobStatus> = [.done, .failed, .skipped]
    ) async throws -> PrunedJobs {
        let pruned = try await jobs.prune(olderThan: age, statuses: statuses)
        let left = await removeArtifacts(pruned.orphanedPaths)
        if let first = left.first {
            throw Failure(
                code: "job.files_left", category: .failedPrecondition,
                message: "\(pruned.jobs) jobs were pruned, but \(left.count) of their files could not be deleted: "
                    + "\(first.path): \(String(cString: strerror(first.errno))).",
                hint: "Delete them by hand: no job knows them any more.")
        }
        return pruned
    }

    /// What forgets old jobs and changes, as `jobs.keep_days` says.
    package func makeRetention() -> Retention {
        Retention(store: store, queue: jobs, rule: RetentionRule(keepsJobs: options.keepsJobs)) { [self] paths in
            _ = await removeArtifacts(paths)
        }
    }

    /// Deletes files below `artifacts/`, and the folders of jobs that are empty then.
    ///
    /// - Returns: those that could not be deleted, and why.
    private func removeArtifacts(_ paths: [String]) async -> [(path: String, errno: Int32)] {
        guard !paths.isEmpty else { return [] }
        let folder = options.home + "/artifacts/"
        let left = try? await threads.call(within: .seconds(60)) { _ in
            var left: [(path: String, errno: Int32)] = []
            for path in paths where !path.split(separator: "/").contains("..") {
                if unlink(folder + path) != 0, errno != ENOENT { left.append((folder + path, errno)) }
                guard let slash = path.lastIndex(of: "/") else { continue }
                rmdir(folder + path[..<slash])
            }
            return left
        }
        return left ?? []
    }
}
