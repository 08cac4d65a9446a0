package import ArenaCore
package import ArenaStore

/// The queue in figures for whoever asks again and again. Reads only what is new since it was last asked.
///
/// Counts from ``begin()`` on, over all processes of the home: a job counts wherever it ran. Several who ask share one
/// count, and within a second of each other one look.
package actor JobMetrics {
    package struct Reading: Sendable {
        package let figures: QueueFigures
        package let counters: JobCounters
        package let takenAt: Timestamp
    }

    private let store: ArenaStore
    private let clock: any WallClock
    private var counters = JobCounters()
    private var last: Reading?
    /// By ``WallClock/elapsed()``.
    private var lastTime: Duration?
    private var looking: Task<Reading, any Error>?

    private static let freshness = Duration.seconds(1)

    package init(store: ArenaStore, clock: any WallClock = SystemClock()) {
        self.store = store
        self.clock = clock
    }

    /// Counts what happens from now on; without it, the first reading begins. Not a reading itself: what is asked next is
    /// looked up anew.
    package func begin() async throws {
        _ = try await look()
        lastTime = nil
    }

    package func reading() async throws -> Reading {
        if let last, let lastTime, clock.elapsed() - lastTime < Self.freshness { return last }
        return try await look()
    }

    /// One look at a time: two that start from the same position would count the same events twice.
    private func look() async throws -> Reading {
        if let looking { return try await looking.value }
        let task = Task { try await take() }
        looking = task
        defer { looking = nil }
        return try await task.value
    }

    private func take() async throws -> Reading {
        let figures = try await store.queueFigures(since: last?.figures.position)
        counters.add(figures)
        let reading = Reading(figures: figures, counters: counters, takenAt: clock.now())
        last = reading
        lastTime = clock.elapsed()
        return reading
    }
}
