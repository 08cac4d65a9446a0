package import ArenaCore

/// Lengths of time and points in time as people write them.
package enum TimeText {
    /// Nobody means more; and what is counted from now stays a time that there is.
    private static let longest = Duration.seconds(36_500 * 86_400)

    /// A whole number with `ms`, `s`, `m`, `h`, `d` or `w` behind it; seconds when nothing stands there. `nil` for any
    /// other text, and for more than a hundred years.
    package static func duration(_ text: String) -> Duration? {
        let units: KeyValuePairs = [
            "ms": Duration.milliseconds(1), "s": .seconds(1), "m": .seconds(60), "h": .seconds(3600),
            "d": .seconds(86_400), "w": .seconds(7 * 86_400), "": .seconds(1),
        ]
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard let count = Int64(digits), count <= longest.milliseconds,
            let unit = units.first(where: { $0.key == text[digits.endIndex...] })?.value
        else { return nil }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow || milliseconds > longest.milliseconds ? nil : .milliseconds(milliseconds)
    }

    /// A time in UTC, `2026-11-21T09:05:07Z`, a day, `2026-11-21`, which stands for its beginning, or a length of time
    /// that is counted from `now`, `24h`; `nil` for any other text.
    ///
    /// - Parameter isPast: Whether a length of time leads back.
    package static func moment(_ text: String, from now: Timestamp, isPast: Bool) -> Timestamp? {
        if let time = Timestamp(text) ?? Timestamp(text + "T00:00:00Z") { return time }
        return duration(text).map { now + (isPast ? .zero - $0 : $0) }
    }
}

extension Failure {
    /// The length of time that an option was given.
    static func requireDuration(_ option: String, _ text: String) throws(Failure) -> Duration {
        guard let duration = TimeText.duration(text), duration > .zero else {
            throw badOption("\(option): \"\(text)\" is no length of time.", hint: "Such as 90, 90s, 15m, 6h or 30d.")
        }
        return duration
    }

    /// The time that an option was given; `nil` when it was given none.
    static func requireMoment(_ option: String, _ text: String?, isPast: Bool) throws(Failure) -> Timestamp? {
        guard let text else { return nil }
        if let time = TimeText.moment(text, from: SystemClock().now(), isPast: isPast) { return time }
        throw badOption(
            "\(option): \"\(text)\" is no time.",
            hint: "Such as 24h (\(isPast ? "ago" : "from now")), 2026-11-21, or 2026-11-21T09:00:00Z in UTC.")
    }
}
