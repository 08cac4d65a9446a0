import ArenaCommands
import ArenaCore
import Testing

/// Times as people write them.
struct TimeTextTests {
    @Test(arguments: [
        ("90", Duration.seconds(90)), ("90s", .seconds(90)), ("250ms", .milliseconds(250)), ("15m", .seconds(900)),
        ("6h", .seconds(21_600)), ("30d", .seconds(2_592_000)), ("2w", .seconds(1_209_600)), ("0", .zero),
        ("36500d", .seconds(3_153_600_000)),
    ])
    func readsALengthOfTime(text: String, duration: Duration) { #expect(TimeText.duration(text) == duration) }

    @Test(arguments: [
        "", "s", "-5m", "+5m", "1.5h", "5 m", "5M", "m5", "1h30m", "36501d", "99999999999999999999",
        "9223372036854775807",
        "9223372036854775807w", "٥m", "5µs",
    ])
    func refusesWhatIsNoLengthOfTime(text: String) { #expect(TimeText.duration(text) == nil) }

    @Test(arguments: [
        ("2026-11-20", "2026-11-20T00:00:00.000Z"), ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00.000Z"),
        ("24h", "2026-11-20T09:00:00.000Z"), ("0", "2026-11-21T09:00:00.000Z"),
    ])
    func readsATimeThatIsPast(text: String, time: String) throws {
        let now = try #require(Timestamp("2026-11-21T09:00:00Z"))
        #expect(TimeText.moment(text, from: now, isPast: true)?.description == time)
    }

    @Test func countsALengthOfTimeForwardWhereItIsToCome() throws {
        let now = try #require(Timestamp("2026-11-21T09:00:00Z"))
        #expect(TimeText.moment("10m", from: now, isPast: false) == now + .seconds(600))
        for text in ["yesterday", "2026-02-30", "2026-11-21 09:00", "2026-11-21T09:00:00+01:00"] {
            #expect(TimeText.moment(text, from: now, isPast: false) == nil, "\(text)")
        }
    }
}
