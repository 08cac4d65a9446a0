import ArenaCore
import Testing

@Suite struct TimestampParsingTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", 0), ("2026-11-21T09:05:07.042Z", 1_795_251_907_042),
        ("2026-11-21T09:05:07Z", 1_795_251_907_000), ("2026-11-21T09:05:07.5Z", 1_795_251_907_500),
        ("2000-02-29T23:59:59.999Z", 951_868_799_999), ("1969-12-31T23:59:59.999Z", -1),
        ("0001-01-01T00:00:00.000Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func readsUTC(text: String, milliseconds: Int64) {
        #expect(Timestamp(text) == Timestamp(unixMilliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T09:05:07", "2026-11-21T09:05:07+01:00", "2026-11-21 09:05:07Z",
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z", "2026-11-21T09:05:60Z",
        "2026-11-21T09:05:07.Z", "2026-11-21T09:05:07.0001Z", "2026-11-21T09:05:07,5Z", "٢٠٢٦-11-21T09:05:07Z",
        "-026-11-21T09:05:07Z", "2026-11-21T09:05:07.042Zé",
    ])
    func refusesWhatIsNotATime(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: [
        ("2026-11-21T10:05:07+01:00", 1_795_251_907_000), ("2026-11-21T03:35:07.5-05:30", 1_795_251_907_500),
        ("2026-11-21t09:05:07z", 1_795_251_907_000), ("2026-11-21T09:05:07.042999+00:00", 1_795_251_907_042),
        ("2026-01-01T00:30:00+01:00", 1_767_223_800_000), ("2026-11-21T09:05:07Z", 1_795_251_907_000),
    ])
    func readsAnyOffsetOfRFC3339(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text) == Timestamp(unixMilliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "+01:00", "2026-11-21T09:05:07", "2026-11-21T09:05:07+0100", "2026-11-21T09:05:07+24:00",
        "2026-11-21T09:05:07+01:60", "2026-11-21T09:05:07 01:00", "2026-11-21T09:05:07.+01:00",
        "2026-11-21T09:05:07.1x2Z", "2026-02-29T00:00:00+01:00", "1795251907",
    ])
    func refusesWhatIsNotRFC3339(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func readsBackWhatItWrites() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            let time = Timestamp(
                unixMilliseconds: .random(in: -62_135_596_800_000..<253_402_300_800_000, using: &generator))
            #expect(Timestamp(time.description) == time)
        }
    }
}
