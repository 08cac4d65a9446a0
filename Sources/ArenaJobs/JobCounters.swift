package import ArenaStore

/// What has happened in the queue since a process began to count, whichever process did it. Only ever rises.
package struct JobCounters: Sendable, Hashable {
    /// An attempt's end, of a kind.
    package struct KindEnd: Sendable, Hashable {
        package let kind: String
        package let end: AttemptEnd

        package init(kind: String, end: AttemptEnd) {
            self.kind = kind
            self.end = end
        }
    }

    package private(set) var ended: [KindStatus: Int] = [:]
    package private(set) var poisoned: [String: Int] = [:]
    package private(set) var attempts: [KindEnd: Int] = [:]
    /// Attempts that were begun after a job's first.
    package private(set) var retries: [String: Int] = [:]
    /// By reason.
    package private(set) var refusals: [String: Int] = [:]
    /// From the enqueueing to the first start.
    package private(set) var waits: [String: DurationHistogram] = [:]
    /// Of attempts.
    package private(set) var runs: [String: DurationHistogram] = [:]
    /// What the store had counted when it was last looked at.
    private var storedRefusals: [String: Int]?

    package init() {}

    /// Takes in what happened since the look before. The first look only says where to count from.
    package mutating func add(_ figures: QueueFigures) {
        for ending in figures.ended {
            ended[ending.key, default: 0] += ending.count
            if ending.isPoisoned { poisoned[ending.key.kind, default: 0] += ending.count }
        }
        for step in figures.steps { add(step) }
        addRefusals(figures.refusals)
    }

    private mutating func add(_ step: AttemptStep) {
        if let wait = step.begunAfter {
            if step.attempt == 1 {
                waits[step.kind, default: DurationHistogram()].add(wait)
            } else {
                retries[step.kind, default: 0] += 1
            }
        }
        guard let end = step.end else { return }
        attempts[KindEnd(kind: step.kind, end: end), default: 0] += 1
        if let duration = step.duration { runs[step.kind, default: DurationHistogram()].add(duration) }
    }

    /// The store's sums fall when jobs are pruned: that is no event, and what is left is counted on from there.
    private mutating func addRefusals(_ sums: [String: Int]) {
        for (source, sum) in sums {
            refusals[source, default: 0] += storedRefusals.map { max(0, sum - ($0[source] ?? 0)) } ?? 0
        }
        storedRefusals = sums
    }
}
