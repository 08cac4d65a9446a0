import ArenaCore
import ArenaJSON
import ArenaJobs
import Testing

@Suite struct CronTests {
    /// What Tests/Fixtures/schedules/generate.py wrote.
    @Test func agreesWithAnotherImplementation() throws {
        let cases = try #require(try ScheduleFixture.document("cron.json").array)
        #expect(cases.count == 400)
        for entry in cases {
            let text = try #require(entry["cron"]?.string)
            let start = Timestamp(unixMilliseconds: Int64(try #require(entry["start"]?.int)) * 1000)
            let expected = entry["next"]?.array?.compactMap(\.int).map(Int64.init)
            #expect(try ScheduleFixture.rule(text).next(5, after: start).map(\.seconds) == expected, "\(text) \(start)")
        }
    }

    @Test(arguments: [
        // Neither day field begins with *: one of them is enough.
        ("0 0 13 * fri", ["2026-11-27", "2026-12-04", "2026-12-11", "2026-12-13"]),
        // One of them does: both must hold, also with a step.
        ("0 0 */2 * mon", ["2026-11-23", "2026-12-07", "2026-12-21", "2027-01-11"]),
        ("0 0 13 * *", ["2026-12-13", "2027-01-13", "2027-02-13", "2027-03-13"]),
        ("0 0 L * *", ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]),
        ("0 0 1,L 2 *", ["2027-02-01", "2027-02-28", "2028-02-01", "2028-02-29"]),
        ("0 0 29 2 *", ["2028-02-29", "2032-02-29", "2036-02-29", "2040-02-29"]),
        ("0 0 * * 7", ["2026-11-29", "2026-12-06", "2026-12-13", "2026-12-20"]),
        ("0 0 * * fri-sun", ["2026-11-27", "2026-11-28", "2026-11-29", "2026-12-04"]),
        ("0 0 * FEB-mar/2 SUN", ["2027-02-07", "2027-02-14", "2027-02-21", "2027-02-28"]),
        ("@weekly", ["2026-11-29", "2026-12-06", "2026-12-13", "2026-12-20"]),
        ("@monthly", ["2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01"]),
        ("@Yearly", ["2027-01-01", "2028-01-01", "2029-01-01", "2030-01-01"]),
    ])
    func meansDays(text: String, days: [String]) throws {
        let rule = try ScheduleFixture.rule(text)
        let times = rule.next(4, after: .at("2026-11-22T09:00:00Z"))
        #expect(times.map(\.description) == days.map { $0 + "T00:00:00.000Z" })
    }

    @Test func timesAreAfterTheMomentItself() throws {
        let rule = try ScheduleFixture.rule("*/15 8/8 * * *")
        #expect(rule.next(after: .at("2026-11-21T08:00:00Z")) == .at("2026-11-21T08:15:00Z"))
        #expect(rule.next(after: .at("2026-11-21T07:59:59.999Z")) == .at("2026-11-21T08:00:00Z"))
        #expect(rule.next(after: .at("2026-11-21T08:45:00.001Z")) == .at("2026-11-21T16:00:00Z"))
    }

    @Test(arguments: [
        ("", 1, "empty"), ("0 3 * *", 8, "4 were given"), ("0 3 * * * *", 11, "6 were given"),
        ("60 * * * *", 1, "minute must be 0–59, not 60"), ("0 24 * * *", 3, "hour must be 0–23"),
        ("0 0 0 * *", 5, "day of month"), ("0 0 * 13 *", 7, "month"), ("0 0 * * 8", 9, "day of week"),
        ("0 0 * * foo", 9, "sun…sat"), ("0  0 * * mon,xy", 14, "\"xy\""), ("5-1 * * * *", 1, "backwards"),
        ("0 0 * * sat-mon", 9, "backwards"), ("*/0 * * * *", 3, "step"), ("*/x * * * *", 3, "step"),
        ("1, * * * *", 3, "lacks a number"), ("1-  * * * *", 3, "lacks a number"), ("-1 * * * *", 1, "lacks"),
        ("+1 * * * *", 1, "\"+1\""), ("0 0 30 2 *", 5, "no such day"), ("@reboot", 1, "there is no @reboot"),
        ("  @daily 1", 3, "stands alone"), ("0 L * * *", 3, "\"L\""), ("99999999999999999999 * * * *", 1, "minute"),
        ("٣ * * * *", 1, "minute"),
    ])
    func faultNamesItsColumn(text: String, column: Int, words: String) {
        let fault = #expect(throws: CronFault.self) { try CronExpression(parsing: text) }
        #expect(fault?.column == column, "\(text)")
        #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
    }

    @Test func anyTextIsReadOrRefused() {
        var random = ScheduleRandom(state: 7)
        let letters = Array("0123456789*/-,L @amnosudy\té")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &random)).map { _ in letters.randomElement(using: &random) ?? "*" })
            do throws(CronFault) {
                #expect(try CronExpression(parsing: text).description == text)
            } catch {
                #expect(error.column >= 1 && error.column <= text.count + 1, "\(text)")
            }
        }
    }
}
