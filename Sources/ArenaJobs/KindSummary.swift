import ArenaCore
package import ArenaJSON
package import ArenaStore

/// How the jobs of one kind went that have ended.
package struct KindSummary: Sendable, Hashable {
    package let kind: String
    package private(set) var done = 0
    package private(set) var failed = 0
    package private(set) var skipped = 0
    /// Milliseconds; rising.
    private var queued: [Double] = []
    private var run: [Double] = []

    package var count: Int { done + failed + skipped }

    /// The share of failures among those that were not skipped; `nil` without any.
    package var failureRate: Double? {
        done + failed == 0 ? nil : Double(failed) / Double(done + failed)
    }

    /// Sums up by kind, in the order of their names.
    package static func summaries(of timings: [JobTiming]) -> [KindSummary] {
        let groups = Dictionary(grouping: timings, by: \.kind)
        return groups.sorted { $0.key < $1.key }.map { KindSummary(kind: $0.key, $0.value) }
    }

    private init(kind: String, _ timings: [JobTiming]) {
        self.kind = kind
        for timing in timings {
            switch timing.status {
            case .done: done += 1
            case .failed: failed += 1
            default: skipped += 1
            }
        }
        // A clock that was set back makes no negative times.
        queued = timings.compactMap { $0.queued.map { max(0, Double($0.milliseconds)) } }.sorted()
        run = timings.compactMap { $0.run.map { max(0, Double($0.milliseconds)) } }.sorted()
    }

    /// `{id, kind, count, done, failed, skipped, failure_rate, queued_ms: {n, p50, p95}, run_ms: {n, p50, p95}}`
    package var json: JSONValue {
        [
            "id": .string(kind), "kind": .string(kind), "count": JSONValue(count), "done": JSONValue(done),
            "failed": JSONValue(failed), "skipped": JSONValue(skipped),
            "failure_rate": failureRate.map { JSONValue($0) } ?? .null,
            "queued_ms": Self.spread(queued), "run_ms": Self.spread(run),
        ]
    }

    private static func spread(_ values: [Double]) -> JSONValue {
        [
            "n": JSONValue(values.count), "p50": Percentile.value(0.5, of: values).map { JSONValue($0) } ?? .null,
            "p95": Percentile.value(0.95, of: values).map { JSONValue($0) } ?? .null,
        ]
    }
}
