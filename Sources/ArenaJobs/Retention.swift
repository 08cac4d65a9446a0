package import ArenaConcurrency
import ArenaCore
package import ArenaStore

/// Forgets jobs and changes that are old, once in a while. Any number may work on one store.
package struct Retention: Sendable {
    private let store: ArenaStore
    private let queue: JobQueue
    private let rule: RetentionRule
    private let clock: any TimerClock
    private let removeFiles: @Sendable ([String]) async -> Void

    /// What one sweep removed.
    package struct Swept: Sendable, Hashable {
        package let jobs: Int
        package let changes: Int

        package init(jobs: Int, changes: Int) {
            self.jobs = jobs
            self.changes = changes
        }
    }

    /// - Parameter removeFiles: Deletes artifacts by their paths below the home's `artifacts/`.
    package init(
        store: ArenaStore, queue: JobQueue, rule: RetentionRule, clock: any TimerClock = SystemClock(),
        removeFiles: @escaping @Sendable ([String]) async -> Void
    ) {
        self.store = store
        self.queue = queue
        self.rule = rule
        self.clock = clock
        self.removeFiles = removeFiles
    }

    /// Sweeps whenever the rule says so, until the surrounding task is cancelled. A sweep that fails is made again when
    /// the next one is due.
    package func run() async {
        let start = clock.now()
        var last: Timestamp?
        while !Task.isCancelled {
            let next = rule.nextSweep(after: last, start: start)
            guard rule.isDue(at: clock.now(), next: next) else {
                try? await clock.sleep(until: next)
                continue
            }
            _ = try? await sweep()
            last = clock.now()
        }
    }

    /// Removes what is older than the rule says, in steps, so that nobody else waits long.
    package func sweep() async throws -> Swept {
        var jobs = 0
        if let age = rule.keepsJobs {
            let pruned = try await queue.prune(olderThan: age)
            await removeFiles(pruned.orphanedPaths)
            jobs = pruned.jobs
        }
        var changes = 0
        while true {
            let count = try await store.pruneChanges(olderThan: rule.keepsChanges)
            changes += count
            if count == 0 { return Swept(jobs: jobs, changes: changes) }
        }
    }
}
