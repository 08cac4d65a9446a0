import ArenaCore

/// How a zone's offset goes on for ever, as the last line of its file says it: `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX
/// `TZ`, with hours from -167 to 167).
struct ZoneTail: Hashable, Sendable {
    private let standard: Int64
    private let summer: Summer?

    fileprivate struct Summer: Hashable {
        let offset: Int64
        let begin: ChangeDay
        let end: ChangeDay
    }

    /// A day of every year and the local time at which the clock changes on it, in seconds after midnight.
    fileprivate struct ChangeDay: Hashable {
        enum Day: Hashable {
            /// 1 to 365, 29 February left out.
            case julian(Int64)
            /// 0 to 365.
            case zeroBased(Int64)
            /// Week 5 is the month's last.
            case weekday(month: Int64, week: Int64, weekday: Int64)
        }
        let day: Day
        let time: Int64
    }

    /// - Returns: `nil` for text that is no such rule.
    init?(_ text: String) {
        var reader = Reader(text)
        guard reader.skipName(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.skipName() else { return nil }
        var offset = standard + 3600
        if !reader.has(",") {
            guard let west = reader.time(), reader.has(",") else { return nil }
            offset = -west
        }
        guard let begin = reader.changeDay(), reader.has(","), let end = reader.changeDay(), reader.isAtEnd else {
            return nil
        }
        summer = Summer(offset: offset, begin: begin, end: end)
    }

    func offset(at time: Int64) -> Int64 {
        guard let summer else { return standard }
        let past = changes(around: time).last { $0.at <= time }
        return past?.offset ?? summer.offset
    }

    func nextChange(after time: Int64) -> Int64? {
        summer == nil ? nil : changes(around: time).first { $0.at > time }?.at
    }

    /// The changes of the year of a moment and of its neighbours, ascending.
    private func changes(around time: Int64) -> [ZoneRules.Change] {
        guard let summer else { return [] }
        let year = CivilDate(dayNumber: (time + standard).dividedRoundingDown(by: 86_400)).year
        return (year - 1...year + 1).flatMap { year in
            [
                ZoneRules.Change(at: summer.begin.localSeconds(in: year) - standard, offset: summer.offset),
                ZoneRules.Change(at: summer.end.localSeconds(in: year) - summer.offset, offset: standard),
            ]
        }.sorted { $0.at < $1.at }
    }
}

extension ZoneTail.ChangeDay {
    fileprivate func localSeconds(in year: Int64) -> Int64 { dayNumber(in: year) * 86_400 + time }

    private func dayNumber(in year: Int64) -> Int64 {
        let newYear = CivilDate(year: year, month: 1, day: 1).dayNumber
        switch day {
        case .julian(let number):
            let isAfterLeapDay = number > 59 && CivilDate.daysInMonth(year, 2) == 29
            return newYear + number - (isAfterLeapDay ? 0 : 1)
        case .zeroBased(let number):
            return newYear + number
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1)
            let day = 1 + (weekday - first.weekday).remainderRoundingDown(by: 7) + (week - 1) * 7
            return first.dayNumber + (day > CivilDate.daysInMonth(year, month) ? day - 7 : day) - 1
        }
    }
}

/// Takes the parts of such a rule one by one.
private struct Reader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func has(_ character: Character) -> Bool {
        guard let byte = character.asciiValue, rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// `CET` or `<+0330>`.
    mutating func skipName() -> Bool {
        if has("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let name = rest.prefix { byte in (65...90).contains(byte) || (97...122).contains(byte) }
        rest = rest.dropFirst(name.count)
        return name.count >= 3
    }

    mutating func number() -> Int64? {
        let digits = rest.prefix { (48...57).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.count <= 4 ? Int64(String(digits) ?? "") : nil
    }

    /// `[+-]hours[:minutes[:seconds]]` in seconds.
    mutating func time() -> Int64? {
        let sign: Int64 = has("-") ? -1 : 1
        if sign == 1 { _ = has("+") }
        guard var seconds = number() else { return nil }
        seconds *= 3600
        for unit in [60, 1] as [Int64] where has(":") {
            guard let part = number() else { return nil }
            seconds += part * unit
        }
        return sign * seconds
    }

    /// `M3.5.0/2`, `J60` or `59`; at 02:00 unless it says when.
    mutating func changeDay() -> ZoneTail.ChangeDay? {
        let day: ZoneTail.ChangeDay.Day
        if has("M") {
            guard let month = number(), (1...12).contains(month), has("."), let week = number(),
                (1...5).contains(week), has("."), let weekday = number(), (0...6).contains(weekday)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if has("J") {
            guard let number = number(), (1...365).contains(number) else { return nil }
            day = .julian(number)
        } else {
            guard let number = number(), (0...365).contains(number) else { return nil }
            day = .zeroBased(number)
        }
        guard has("/") else { return ZoneTail.ChangeDay(day: day, time: 2 * 3600) }
        return time().map { ZoneTail.ChangeDay(day: day, time: $0) }
    }
}
