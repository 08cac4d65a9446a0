/// Counts durations by how long they are, as Prometheus takes them.
package struct DurationHistogram: Sendable, Hashable {
    /// The upper bounds of all buckets but the last, in seconds, rising: from a job that does nothing to one of a night.
    package static let bounds: [Double] = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 36_000]

    /// How many are in each bucket alone; one more than there are bounds.
    private var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// Of all, in seconds.
    package private(set) var sum = 0.0

    package init() {}

    package var count: Int { counts.reduce(0, +) }

    /// How many are at most as long as each bound.
    package var cumulative: [Int] {
        var total = 0
        return Self.bounds.indices.map { index in
            total += counts[index]
            return total
        }
    }

    /// A negative duration, of a clock that was set back, counts as none.
    package mutating func add(_ duration: Duration) {
        let seconds = max(0, duration / .seconds(1))
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        counts[bucket] += 1
        sum += seconds
    }
}
