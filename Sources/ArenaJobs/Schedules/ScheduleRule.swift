package import ArenaCore

/// When a schedule is due. A pure value: the same rule and moment give the same answer.
///
/// Where the clocks of a zone change, a cron expression keeps to what people mean by it:
///
/// - One that names times of the day (`30 2 * * *`) happens once on every day that it means. A time that the clock leaps
///   over happens at the moment of the leap; of one that the clock shows twice, the first counts.
/// - One whose minute or hour begins with `*` (`*/15 * * * *`) goes by the clock: what the clock leaps over does not
///   happen, what it shows twice happens twice.
package enum ScheduleRule: Hashable, Sendable {
    case cron(CronExpression, ZoneRules)
    /// Every so many seconds, counted from a moment, whatever any clock does.
    case every(seconds: Int64, from: Timestamp)

    /// The first moment after another.
    ///
    /// - Returns: `nil` when it never comes again.
    package func next(after time: Timestamp) -> Timestamp? {
        switch self {
        case .every(let seconds, let start):
            let step = seconds * 1000
            let passed = time.unixMilliseconds - start.unixMilliseconds
            let count = passed < 0 ? 1 : passed / step + 1
            return Timestamp(unixMilliseconds: start.unixMilliseconds + count * step)
        case .cron(let expression, let zone):
            let now = time.unixMilliseconds.dividedRoundingDown(by: 1000)
            let next =
                expression.followsTheClock
                ? Self.nextByTheClock(expression, zone, after: now) : Self.nextOfTheDay(expression, zone, after: now)
            return next.map { Timestamp(unixMilliseconds: $0 * 1000) }
        }
    }

    /// The next moments, at most `count`.
    package func next(_ count: Int, after time: Timestamp) -> [Timestamp] {
        var times: [Timestamp] = []
        while times.count < count, let next = next(after: times.last ?? time) { times.append(next) }
        return times
    }

    /// The newest moments of a span, oldest first, at most `count`. Costs what these cost, however long the span is.
    package func newest(_ count: Int, from start: Timestamp, through end: Timestamp) -> [Timestamp] {
        var span = Duration.seconds(3600)
        while true {
            let begin = max(start, end + (.zero - span))
            var times: [Timestamp] = []
            var time = begin + .milliseconds(-1)
            while let next = next(after: time), next <= end {
                times.append(next)
                if times.count > count { times.removeFirst() }
                time = next
            }
            if times.count == count || begin == start { return times }
            span = span * 4
        }
    }

    private static func nextOfTheDay(_ expression: CronExpression, _ zone: ZoneRules, after now: Int64) -> Int64? {
        var local = now + zone.offset(at: now)
        while let next = expression.next(afterLocal: local) {
            let moment = zone.moment(ofLocal: next)
            if moment > now { return moment }
            local = next
        }
        return nil
    }

    private static func nextByTheClock(_ expression: CronExpression, _ zone: ZoneRules, after now: Int64) -> Int64? {
        var time = now
        var spell = now  // some moment of the time during which the offset is the same
        while true {
            let offset = zone.offset(at: spell)
            guard let next = expression.next(afterLocal: time + offset) else { return nil }
            guard let change = zone.nextChange(after: spell), next - offset >= change else { return next - offset }
            time = change - 1  // the minute of the change itself counts
            spell = change
        }
    }
}
