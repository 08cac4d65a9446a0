import ArenaCore
import ArenaJobs
package import ArenaStore
import Foundation
import Glibc

extension ArenaRuntime {
    /// Forgets jobs that ended longer than `age` ago, together with the files that only they knew; what jobs made stays.
    ///
    /// - Throws: `job.files_left` when a file could not be deleted: then the jobs are forgotten all the same.
    package func pruneJobs(
        olderThan age: Duration, statuses: Set<JobStatus> = [.done, .failed, .skipped]
    ) async throws -> PrunedJobs {
        let pruned = try await jobs.prune(olderThan: age, statuses: statuses)
        let folder = ArenaHome(path: options.home).artifacts
        var left: [Failure] = []
        for path in pruned.orphanedPaths {
            let file = "\(folder)/\(path)"
            do {
                try FileManager.default.removeItem(atPath: file)
            } catch CocoaError.fileNoSuchFile {
                // It is gone: all that was wanted.
            } catch {
                left.append(Failure(error))
            }
            // The folder goes with the last of its files; while one is in it, the kernel refuses.
            rmdir(file.split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" })
        }
        if let first = left.first {
            throw Failure(
                code: "job.files_left", category: first.category,
                message: "\(pruned.jobs) jobs were pruned, but \(left.count) of their files could not be deleted: "
                    + first.message,
                hint: "Delete them by hand: no job knows them any more.")
        }
        return pruned
    }
}
