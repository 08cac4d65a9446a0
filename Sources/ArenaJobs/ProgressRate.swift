package import ArenaCore

/// Tells from how far work was when how long the rest will take, by its mean speed so far.
///
/// Counted from the first report of an attempt, since one that goes on from a commit did not do all of it itself; and
/// anew when the phase or the total changes, or the count falls.
package struct ProgressRate: Sendable, Hashable {
    private struct Start: Sendable, Hashable {
        let done: UInt64
        let total: UInt64
        let phase: String
        let time: Timestamp
    }

    private var start: Start?

    package init() {}

    /// Notes a report.
    ///
    /// - Parameter total: 0: unknown.
    /// - Returns: the time that is left; `nil` while nothing can be said.
    package mutating func timeLeft(done: UInt64, total: UInt64, phase: String, at time: Timestamp) -> Duration? {
        guard total > 0, done < total else { return total > 0 ? .zero : nil }
        guard let start, start.total == total, start.phase == phase, start.done <= done, start.time <= time else {
            start = Start(done: done, total: total, phase: phase, time: time)
            return nil
        }
        let elapsed = time - start.time
        guard done > start.done, elapsed > .zero else { return nil }
        return elapsed * (Double(total - done) / Double(done - start.done))
    }
}
