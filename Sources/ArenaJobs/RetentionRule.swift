package import ArenaCore

/// How long what is over is kept, and how often that is seen to. A pure value: the caller brings the time.
package struct RetentionRule: Sendable, Hashable {
    /// How long after their end jobs are kept; `nil`: for ever.
    package var keepsJobs: Duration?
    /// How long the outbox keeps changes, for readers that were away.
    package var keepsChanges: Duration
    /// From the end of one sweep to the next.
    package var interval: Duration
    /// From the start of a process to its first sweep, so that what it was started for comes first.
    package var firstRest: Duration

    package init(
        keepsJobs: Duration? = .seconds(90 * 86_400), keepsChanges: Duration = .seconds(7 * 86_400),
        interval: Duration = .seconds(3600), firstRest: Duration = .seconds(60)
    ) {
        self.keepsJobs = keepsJobs
        self.keepsChanges = keepsChanges
        self.interval = interval
        self.firstRest = firstRest
    }

    /// When to sweep next.
    ///
    /// - Parameter last: The end of the last sweep; `nil`: none was made yet.
    package func nextSweep(after last: Timestamp?, start: Timestamp) -> Timestamp {
        last.map { $0 + interval } ?? start + firstRest
    }

    /// Whether to sweep now. A clock that was set back by more than a rest makes one due, rather than none for long.
    package func isDue(at now: Timestamp, next: Timestamp) -> Bool {
        now >= next || next - now > max(interval, firstRest)
    }
}
