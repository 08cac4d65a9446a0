/// A metric with all its series, as Prometheus knows it.
package struct MetricFamily: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// Only ever rises while the process lives.
        case counter
        case gauge
        /// Made of the series `_bucket`, `_sum` and `_count`.
        case histogram
    }

    /// One series.
    package struct Sample: Sendable, Hashable {
        /// What follows the name of the family: nothing but for a histogram.
        package var suffix: String
        package var labels: [Label]
        package var value: Double

        package init(_ value: Double, _ labels: KeyValuePairs<String, String> = [:], suffix: String = "") {
            self.suffix = suffix
            self.labels = labels.map { Label(name: $0.key, value: $0.value) }
            self.value = value
        }
    }

    package struct Label: Sendable, Hashable {
        package var name: String
        /// Any text.
        package var value: String
    }

    package var name: String
    package var kind: Kind
    /// One sentence.
    package var help: String
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }
}
