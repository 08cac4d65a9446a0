/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var unixMilliseconds: Int64

    package init(unixMilliseconds: Int64) {
        self.unixMilliseconds = unixMilliseconds
    }

    package static func < (a: Self, b: Self) -> Bool { a.unixMilliseconds < b.unixMilliseconds }

    package static func + (time: Self, duration: Duration) -> Self {
        Self(unixMilliseconds: time.unixMilliseconds + duration.milliseconds)
    }

    package static func - (a: Self, b: Self) -> Duration {
        .milliseconds(a.unixMilliseconds - b.unixMilliseconds)
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-21T09:05:07.042Z`.
    package var description: String {
        let day = unixMilliseconds.dividedRoundingDown(by: 86_400_000)
        let inDay = unixMilliseconds - day * 86_400_000
        let date = CivilDate(dayNumber: day)
        func pad(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T\(pad(inDay / 3_600_000, 2)):"
            + "\(pad(inDay / 60_000 % 60, 2)):\(pad(inDay / 1000 % 60, 2)).\(pad(inDay % 1000, 3))Z"
    }
}

extension Duration {
    /// Whole milliseconds, truncated towards zero; saturates.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? (seconds < 0 ? .min : .max) : product &+ attoseconds / 1_000_000_000_000_000
    }

    /// Whole nanoseconds, truncated; negative is 0; saturates.
    package var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product &+ UInt64(attoseconds / 1_000_000_000)
    }
}
