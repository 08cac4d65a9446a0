import CArenaPlugin

/// `arena.clock/1`: the time as the host sees it, which tests set.
package struct ClockService {
    let call: PluginCall
    let table: UnsafePointer<arena_clock_service>

    /// Milliseconds since 1970-01-01T00:00:00Z.
    package func unixMilliseconds() throws(PluginError) -> Int64 {
        var time: Int64 = 0
        try check(table.pointee.unix_ms?(table, call.pointer, &time), "arena.clock/1 unix_ms")
        return time
    }

    /// Nanoseconds of CLOCK_MONOTONIC.
    package func monotonicNanoseconds() throws(PluginError) -> UInt64 {
        var time: UInt64 = 0
        try check(table.pointee.monotonic_ns?(table, call.pointer, &time), "arena.clock/1 monotonic_ns")
        return time
    }
}

/// A time of day as records hold it: RFC 3339 in UTC with milliseconds, such as `2026-11-21T09:05:07.042Z`.
package func rfc3339(unixMilliseconds: Int64) -> String {
    func pad(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    let day = unixMilliseconds >= 0 ? unixMilliseconds / 86_400_000 : (unixMilliseconds - 86_399_999) / 86_400_000
    let rest = unixMilliseconds - day * 86_400_000
    let (year, month, dayOfMonth) = civilDate(day: day)
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(dayOfMonth, 2))T\(pad(rest / 3_600_000, 2)):"
        + "\(pad(rest / 60_000 % 60, 2)):\(pad(rest / 1000 % 60, 2)).\(pad(rest % 1000, 3))Z"
}

/// The Gregorian date of a day number, day 0 being 1970-01-01: Howard Hinnant's `civil_from_days`
/// (https://howardhinnant.github.io/date_algorithms.html).
private func civilDate(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}
