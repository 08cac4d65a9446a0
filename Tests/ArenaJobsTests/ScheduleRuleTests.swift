import ArenaCore
import ArenaJobs
import Testing

@Suite struct ScheduleRuleTests {
    // MARK: Clocks that change

    @Test(arguments: [
        // 02:00 to 03:00 does not exist: a time of the day comes at the leap, once.
        ("30 2 * * *", "Test/Berlin", "2026-03-28T00:00:00Z", ["03-28T01:30", "03-29T01:00", "03-30T00:30"]),
        ("0,30 2 * * *", "Test/Berlin", "2026-03-28T12:00:00Z", ["03-29T01:00", "03-30T00:00", "03-30T00:30"]),
        ("30 2,3 * * *", "Test/Berlin", "2026-03-28T12:00:00Z", ["03-29T01:00", "03-29T01:30", "03-30T00:30"]),
        ("0 3 * * *", "Test/Berlin", "2026-03-28T12:00:00Z", ["03-29T01:00", "03-30T01:00", "03-31T01:00"]),
        // By the clock: what is leapt over does not happen.
        ("30 * * * *", "Test/Berlin", "2026-03-29T00:00:00Z", ["03-29T00:30", "03-29T01:30", "03-29T02:30"]),
        ("0 * * * *", "Test/Berlin", "2026-03-28T23:30:00Z", ["03-29T00:00", "03-29T01:00", "03-29T02:00"]),
        ("*/20 2 * * *", "Test/Berlin", "2026-03-29T00:00:00Z", ["03-30T00:00", "03-30T00:20", "03-30T00:40"]),
        // 02:00 to 03:00 comes twice: the first counts.
        ("30 2 * * *", "Test/Berlin", "2026-10-24T12:00:00Z", ["10-25T00:30", "10-26T01:30", "10-27T01:30"]),
        ("30 2 * * *", "Test/Berlin", "2026-10-25T01:10:00Z", ["10-26T01:30", "10-27T01:30", "10-28T01:30"]),
        // By the clock: twice.
        ("30 */1 * * *", "Test/Berlin", "2026-10-25T00:00:00Z", ["10-25T00:30", "10-25T01:30", "10-25T02:30"]),
        ("*/30 2 * * *", "Test/Berlin", "2026-10-24T12:00:00Z", ["10-25T00:00", "10-25T00:30", "10-25T01:00"]),
        // Half an hour of summer time; 02:00 comes at 15:30 UTC, the clock shows 02:30 then.
        ("10 2 * * *", "Test/Lord_Howe", "2026-10-03T00:00:00Z", ["10-03T15:30", "10-04T15:10", "10-05T15:10"]),
        ("40 1 * * *", "Test/Lord_Howe", "2026-04-04T00:00:00Z", ["04-04T14:40", "04-05T15:10", "04-06T15:10"]),
        // Midnight does not exist on one day.
        ("0 0 * * *", "Test/Midnight", "2026-10-17T12:00:00Z", ["10-18T03:00", "10-19T02:00", "10-20T02:00"]),
        ("@daily", "Test/Midnight", "2026-02-14T12:00:00Z", ["02-15T03:00", "02-16T03:00", "02-17T03:00"]),
    ])
    func followsTheZone(cron: String, zone: String, start: String, times: [String]) throws {
        let found = try ScheduleFixture.rule(cron, zone).next(3, after: .at(start))
        #expect(found == times.map { .at("2026-\($0):00Z") }, "\(found)")
    }

    @Test func aDayThatDoesNotExistComesAtTheLeap() throws {
        let rule = try ScheduleFixture.rule("0 9 * * *", "Test/Apia")
        #expect(
            rule.next(3, after: .at("2011-12-29T00:00:00Z"))
                == ["2011-12-29T20:00:00Z", "2011-12-30T11:00:00Z", "2011-12-30T20:00:00Z"].map { .at($0) })
    }

    /// Walks through the days around two changes minute by minute with nothing but the zone's offsets.
    @Test(arguments: ["Test/Berlin", "Test/New_York", "Test/Lord_Howe", "Test/Midnight", "Test/Apia"])
    func agreesWithAWalkMinuteByMinute(name: String) throws {
        let zone = try ScheduleFixture.zones.zone(name)
        var random = ScheduleRandom(state: UInt64(name.utf8.count))
        for change in 0..<2 {
            let anchor = Timestamp.at(name == "Test/Apia" ? "2011-12-01T00:00:00Z" : "2027-01-01T00:00:00Z").seconds
            var moment = zone.nextChange(after: anchor) ?? anchor
            if change == 1 { moment = zone.nextChange(after: moment) ?? moment }
            let fixed = (0..<2).map { _ in
                "\(Int.random(in: 0...59, using: &random)) \(Int.random(in: 0...3, using: &random))"
            }
            for time in fixed + ["*/7 0-3", "0,30 */2", "15 *"] {
                try compare(time + " * * *", zone, from: moment - 30 * 3600, to: moment + 30 * 3600)
            }
        }
    }

    private func compare(_ cron: String, _ zone: ZoneRules, from start: Int64, to end: Int64) throws {
        let expression = try CronExpression(parsing: cron)
        let rule = ScheduleRule.cron(expression, zone)
        var expected: [Int64] = []
        var shown: Set<Int64> = []
        var last = start + zone.offset(at: start)
        for time in stride(from: start + 60, through: end, by: 60) {
            let local = time + zone.offset(at: time)
            let leapt = local > last + 60 ? Array(stride(from: last + 60, to: local, by: 60)) : []
            let isFirst = shown.insert(local).inserted
            func means(_ local: Int64) -> Bool { expression.next(afterLocal: local - 1) == local }
            let counts =
                expression.followsTheClock
                ? means(local) : (isFirst && means(local)) || leapt.contains(where: means)
            if counts { expected.append(time) }
            for local in leapt { shown.insert(local) }
            last = local
        }
        var found: [Int64] = []
        var time = Timestamp(unixMilliseconds: start * 1000)
        while let next = rule.next(after: time), next.seconds <= end {
            found.append(next.seconds)
            time = next
        }
        #expect(found == expected, "\(cron) in \(zone.name) from \(start)")
    }

    // MARK: Intervals

    @Test func intervalsCountFromTheirStart() throws {
        let start = Timestamp.at("2026-11-21T09:00:00.250Z")
        let rule = ScheduleRule.every(seconds: 90, from: start)
        #expect(rule.next(2, after: start) == [start + .seconds(90), start + .seconds(180)])
        #expect(rule.next(after: start + .seconds(90)) == start + .seconds(180))
        #expect(rule.next(after: start + .milliseconds(89_999)) == start + .seconds(90))
        #expect(rule.next(after: start + .seconds(-1000)) == start + .seconds(90))
        #expect(rule.next(after: start + .seconds(90 * 1_000_000)) == start + .seconds(90 * 1_000_001))
    }

    // MARK: What was missed

    @Test func newestTimesAreThoseOfAWalk() throws {
        var random = ScheduleRandom(state: 11)
        let end = Timestamp.at("2026-11-21T09:00:00Z")
        for cron in ["* * * * *", "0 3 * * *", "*/10 1,13 * * mon", "0 0 29 2 *"] {
            let rule = try ScheduleFixture.rule(cron, "Test/Berlin")
            for _ in 0..<4 {
                let start = end + .seconds(-Int64.random(in: 60...100_000, using: &random))
                var all: [Timestamp] = []
                var time = start + .milliseconds(-1)
                while let next = rule.next(after: time), next <= end {
                    all.append(next)
                    time = next
                }
                for count in [1, 3, 100] {
                    #expect(rule.newest(count, from: start, through: end) == all.suffix(count))
                }
            }
        }
    }

    @Test func aLongAbsenceCostsNoMoreThanWhatIsMadeUpFor() throws {
        let rule = ScheduleRule.every(seconds: 1, from: .at("1990-01-01T00:00:00Z"))
        let times = rule.newest(100, from: .at("1990-01-01T00:00:01Z"), through: .at("2026-11-21T09:00:00.5Z"))
        #expect(times.count == 100 && times.last == .at("2026-11-21T09:00:00Z"))
    }

    @Test func catchesUpAsAsked() throws {
        let rule = try ScheduleFixture.rule("0 * * * *")
        let due = Timestamp.at("2026-11-21T03:00:00Z")
        let late = Timestamp.at("2026-11-21T05:30:00Z")
        #expect(CatchUp.skip.times(of: rule, from: due, now: late) == [])
        #expect(CatchUp.once.times(of: rule, from: due, now: late) == [.at("2026-11-21T05:00:00Z")])
        #expect(CatchUp.all.times(of: rule, from: due, now: late).count == 3)
        for policy in CatchUp.allCases {
            #expect(policy.times(of: rule, from: due, now: due + .seconds(2)) == [due], "on time is on time")
        }
        #expect(CatchUp.all.times(of: rule, from: due, now: due + .seconds(3600 * 5000)).count == CatchUp.limit)
    }

    @Test func ruleIsEitherOfTheTwo() {
        for (cron, every) in [(nil, nil), ("* * * * *", 5), (nil, 0), (nil, 999_999_999_999)] as [(String?, Int64?)] {
            let error = #expect(throws: JobsError.self) {
                try ScheduleRule(cron: cron, everySeconds: every, timeZone: "UTC", from: .at(""))
            }
            #expect(error?.code == "schedule.invalid")
        }
    }
}
