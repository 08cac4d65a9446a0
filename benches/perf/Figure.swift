import ArenaJSON
import Glibc

/// One measured number, the number that it is held against, and the goal.
struct Figure {
    /// Which side of the goal is the good one.
    enum Goal {
        case atMost(Double)
        case atLeast(Double)
        /// Printed for comparison: nothing is promised.
        case none
    }

    var name: String
    var value: Double
    var unit: String
    /// What the baseline is, in words.
    var baseline: String
    var baselineValue: Double
    var goal: Goal
    /// How many measurements the value is the median of.
    var count: Int
    var note = ""

    /// Prints the figure as one line of JSON.
    func emit() {
        var object: JSONObject = [
            "name": .string(name), "value": Self.number(value), "unit": .string(unit), "baseline": .string(baseline),
            "baseline_value": Self.number(baselineValue),
            "ratio": baselineValue > 0 ? Self.number(value / baselineValue) : .null,
        ]
        switch goal {
        case .atMost(let limit): object["goal"] = .string("<= \(Self.text(limit)) \(unit)")
        case .atLeast(let limit): object["goal"] = .string(">= \(Self.text(limit)) \(unit)")
        case .none: object["goal"] = .null
        }
        object["met"] = isMet.map { .bool($0) } ?? .null
        object["n"] = .number(JSONNumber(count))
        object["note"] = .string(note)
        print(JSONValue.object(object).text())
        fflush(nil)
    }

    private var isMet: Bool? {
        switch goal {
        case .atMost(let limit): value <= limit
        case .atLeast(let limit): value >= limit
        case .none: nil
        }
    }

    /// Three digits after the point: more would only be noise.
    private static func number(_ value: Double) -> JSONValue {
        JSONValue((value * 1000).rounded() / 1000)
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
}

/// Measurements of one thing.
struct Samples {
    private(set) var values: [Double] = []

    var count: Int { values.count }
    var median: Double { quantile(0.5) }
    var least: Double { values.min() ?? 0 }

    mutating func add(_ value: Double) { values.append(value) }

    func quantile(_ q: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * q))]
    }

    /// `p10 1.2, p90 3.4`: how far the measurements lie apart.
    var spread: String {
        func short(_ value: Double) -> Double { (value * 100).rounded() / 100 }
        return "p10 \(short(quantile(0.1))), p90 \(short(quantile(0.9)))"
    }
}

/// A point in time, for measuring from.
struct Stopwatch {
    private let start = Self.now()

    /// Nanoseconds since it was made.
    var nanoseconds: Double { Double(Self.now() - start) }
    var milliseconds: Double { nanoseconds / 1e6 }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
