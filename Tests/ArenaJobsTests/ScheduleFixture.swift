import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import Foundation

/// Files of Tests/Fixtures/schedules, and zones that no change of the real ones moves.
enum ScheduleFixture {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/schedules").standardizedFileURL

    static let zones = ZoneLibrary(folder: folder.appending(path: "zones").path)

    static func document(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: folder.appending(path: name))))
    }

    static func rule(_ cron: String, _ zone: String = "UTC") throws -> ScheduleRule {
        try ScheduleRule(
            cron: cron, everySeconds: nil, timeZone: zone, from: Timestamp(unixMilliseconds: 0), zones: zones)
    }
}

extension Timestamp {
    /// A moment that a test writes down, such as `2026-03-29T01:00:00Z`; 1970 if it is misspelt.
    static func at(_ text: String) -> Timestamp { Timestamp(text) ?? Timestamp(unixMilliseconds: 0) }

    var seconds: Int64 { unixMilliseconds / 1000 }
}

extension ScheduleRecord {
    static func sample(
        _ id: String, cron: String? = nil, everySeconds: Int64? = nil, timeZone: String = "UTC",
        catchUp: CatchUp = .once, at created: Timestamp, next: Timestamp? = nil
    ) throws -> ScheduleRecord {
        let rule = try ScheduleRule(
            cron: cron, everySeconds: everySeconds, timeZone: timeZone, from: created, zones: ScheduleFixture.zones)
        return ScheduleRecord(
            id: id, kind: "demo/sleep", payload: ["ms": 1], cron: cron, everySeconds: everySeconds,
            timeZone: timeZone, catchUp: catchUp.rawValue, createdAt: created,
            nextRunAt: next ?? rule.next(after: created))
    }
}

/// SplitMix64, so that a failure can be repeated.
struct ScheduleRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
