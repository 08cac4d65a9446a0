import ArenaCore

/// Turns a flood of changes into ticks: one once nothing changed for 200 ms, and while changes go on one each 500 ms,
/// so that a plugin that never rests does not hide another.
///
/// Times are CLOCK_MONOTONIC in nanoseconds.
struct ChangeTicker {
    /// A little more than the scanner demands, so that what was reported has settled when it is looked at.
    private static let quiet = (Settling.quietTime + .milliseconds(10)).nanoseconds
    private static let longestDelay = Duration.milliseconds(500).nanoseconds

    private var first: UInt64?
    private var last: UInt64 = 0

    /// When to tick; `nil` while nothing is pending.
    var deadline: UInt64? {
        first.map { min(last &+ Self.quiet, $0 &+ Self.longestDelay) }
    }

    mutating func noteChange(at now: UInt64) {
        if first == nil { first = now }
        last = now
    }

    /// Whether a tick is due; it then counts as made.
    mutating func takeTick(at now: UInt64) -> Bool {
        guard let deadline, now >= deadline else { return false }
        first = nil
        return true
    }
}
