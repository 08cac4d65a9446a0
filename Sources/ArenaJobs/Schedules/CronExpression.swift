import ArenaCore

/// Which minutes of which days a cron expression means. A pure value, which knows no time zone:
/// ``ScheduleRule`` turns local times into moments.
///
/// A day is meant when its month is and its day of the month and day of the week are; where neither of the two day
/// fields begins with `*`, one of the two is enough.
package struct CronExpression: Hashable, Sendable, CustomStringConvertible {
    /// As it was given.
    package let description: String
    let minutes: CronSet
    let hours: CronSet
    let days: CronSet
    /// `L` among the days of the month.
    let meansLastDay: Bool
    let months: CronSet
    /// 0 is Sunday.
    let weekdays: CronSet
    /// Whether day of the month or day of the week begins with `*`.
    let needsBothDays: Bool
    /// Whether minute or hour begins with `*`: it means minutes as the clock shows them, instead of times of the day.
    package let followsTheClock: Bool

    /// How far ahead a day is looked for. Any 29 February on any weekday is nearer.
    private static let horizonInDays: Int64 = 60 * 366

    /// The first local time it means after another one.
    ///
    /// - Parameter time: Local seconds: those since 1970-01-01T00:00:00 on the clock of the place.
    /// - Returns: such a time at a full minute; `nil` when no day is meant within sixty years.
    package func next(afterLocal time: Int64) -> Int64? {
        let firstMinute = time.dividedRoundingDown(by: 60) + 1
        let firstDay = firstMinute.dividedRoundingDown(by: 1440)
        var day = firstDay
        while day <= firstDay + Self.horizonInDays {
            let date = CivilDate(dayNumber: day)
            guard months.contains(date.month) else {
                day += CivilDate.daysInMonth(date.year, date.month) - date.day + 1
                continue
            }
            let from = day == firstDay ? firstMinute - day * 1440 : 0
            if means(date), let minute = minuteOfDay(from: from) { return (day * 1440 + minute) * 60 }
            day += 1
        }
        return nil
    }

    private func means(_ date: CivilDate) -> Bool {
        let isLast = meansLastDay && date.day == CivilDate.daysInMonth(date.year, date.month)
        let isDay = isLast || days.contains(date.day)
        let isWeekday = weekdays.contains(date.weekday)
        return needsBothDays ? isDay && isWeekday : isDay || isWeekday
    }

    /// The first minute of a day, 0 to 1439, that is meant and not before another.
    private func minuteOfDay(from start: Int64) -> Int64? {
        let hour = start / 60
        if hours.contains(hour), let minute = minutes.first(from: start % 60) { return hour * 60 + minute }
        guard let later = hours.first(from: hour + 1), let minute = minutes.first(from: 0) else { return nil }
        return later * 60 + minute
    }
}

/// Small numbers, 0 to 63.
struct CronSet: Hashable, Sendable {
    private var bits: UInt64 = 0

    mutating func insert(_ number: Int) { bits |= 1 << UInt64(number) }

    func contains(_ number: Int64) -> Bool { (0..<64).contains(number) && bits & (1 << UInt64(number)) != 0 }

    /// The smallest that is not less than `start`.
    func first(from start: Int64) -> Int64? {
        guard start < 64 else { return nil }
        let rest = bits & (UInt64.max << UInt64(max(0, start)))
        return rest == 0 ? nil : Int64(rest.trailingZeroBitCount)
    }
}
