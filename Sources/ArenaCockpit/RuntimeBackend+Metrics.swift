import ArenaJobs
import ArenaRuntime
import ArenaStore

/// Figures of a runtime.
extension RuntimeBackend {
    /// Counters count from now on; without it, from the first time that someone asks.
    package func beginCounting() async throws { try await jobMetrics.begin() }

    package func metrics() async throws -> [MetricFamily] {
        let reading = try await jobMetrics.reading()
        let writes = runtime.store.writeCounts
        return [
            MetricFamily(
                "arena_build_info", .gauge, "Always 1; says which Arena this is.",
                [.init(1, ["version": ArenaVersion.current])])
        ] + process.families + JobMetricFamilies(reading).families + [
            MetricFamily(
                "arena_store_transactions_total", .counter, "Transactions that this process wrote.",
                [.init(Double(writes.transactions))]),
            MetricFamily(
                "arena_store_commits_total", .counter,
                "Waits for the disk of this process; transactions that come together share one.",
                [.init(Double(writes.commits))]),
        ]
    }
}
