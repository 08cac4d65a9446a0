import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaTestSupport
import Foundation
import Testing

@Suite(.temporaryDirectory) struct ZoneTests {
    /// What Tests/Fixtures/schedules/generate.py wrote.
    @Test func offsetsAreThoseOfAnotherImplementation() throws {
        let zones = try #require(try ScheduleFixture.document("offsets.json").array)
        #expect(zones.count == 6)
        for entry in zones {
            let zone = try ScheduleFixture.zones.zone(try #require(entry["zone"]?.string))
            for moment in entry["moments"]?.array ?? [] {
                let time = Int64(try #require(moment[0]?.int))
                #expect(zone.offset(at: time) == Int64(try #require(moment[1]?.int)), "\(zone.name) \(time)")
            }
        }
    }

    @Test func changesAreFoundOneByOneForEver() throws {
        let zone = try ScheduleFixture.zones.zone("Test/Berlin")
        let start = Timestamp.at("2026-03-29T00:59:59Z").seconds
        let change = try #require(zone.nextChange(after: start))
        #expect(change == start + 1)
        #expect(zone.nextChange(after: change) == Timestamp.at("2026-10-25T01:00:00Z").seconds)
        #expect(
            zone.nextChange(after: Timestamp.at("2399-12-31T00:00:00Z").seconds)
                == Timestamp.at("2400-03-26T01:00:00Z").seconds)
        #expect(ZoneRules.utc.nextChange(after: 0) == nil)
    }

    @Test func momentOfALocalTimeIsTheFirstOrTheLeap() throws {
        let zone = try ScheduleFixture.zones.zone("Test/Berlin")
        func moment(_ local: String) -> Timestamp {
            Timestamp(unixMilliseconds: zone.moment(ofLocal: Timestamp.at(local).seconds) * 1000)
        }
        #expect(moment("2026-03-29T01:59:00Z") == .at("2026-03-29T00:59:00Z"))
        #expect(moment("2026-03-29T02:00:00Z") == .at("2026-03-29T01:00:00Z"))
        #expect(moment("2026-03-29T02:30:00Z") == .at("2026-03-29T01:00:00Z"))
        #expect(moment("2026-03-29T03:00:00Z") == .at("2026-03-29T01:00:00Z"))
        #expect(moment("2026-10-25T02:30:00Z") == .at("2026-10-25T00:30:00Z"))
        #expect(moment("2026-10-25T03:00:00Z") == .at("2026-10-25T02:00:00Z"))
        #expect(moment("2026-07-01T12:00:00Z") == .at("2026-07-01T10:00:00Z"))
    }

    @Test func unknownZoneNamesThoseThatLookLikeIt() throws {
        let folder = try TemporaryDirectory.path("zones")
        let bytes = try Data(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../Fixtures/schedules/zones/Test/Berlin"))
        for name in ["Europe/Berlin", "Europe/Dublin", "America/New_York", "right/Europe/Berlin"] {
            let file = URL(filePath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: file)
        }
        let library = ZoneLibrary(folder: folder)
        for (name, near) in [
            ("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"), ("Europe/Berlim", "Europe/Berlin"),
            ("new york", "America/New_York"),
        ] {
            let error = #expect(throws: JobsError.self) { try library.zone(name) }
            #expect(error?.code == "schedule.unknown_zone" && error?.category == .invalidArgument)
            #expect(error?.hint == "Did you mean \(near)?", "\(name): \(error?.hint ?? "")")
        }
        let error = #expect(throws: JobsError.self) { try library.zone("Mars/Olympus") }
        #expect(error?.hint?.contains("IANA") == true)
        #expect(try library.zone("Europe/Berlin").name == "Europe/Berlin")
    }

    @Test func nothingOutsideOfTheFolderIsAZone() throws {
        let folder = try TemporaryDirectory.path()
        try Data("no zone".utf8).write(to: URL(filePath: folder + "/secret"))
        let library = ZoneLibrary(folder: folder + "/zones")
        for name in ["../secret", "/etc/passwd", "", ".", "a//b", "a/../../secret", "a\0b"] {
            #expect(throws: JobsError.self) { try library.zone(name) }
        }
        #expect(try library.zone("UTC") == .utc)
        #expect(throws: JobsError.self) { try ZoneLibrary(folder: folder).zone("secret") }
    }

    /// A file that was cut or damaged is no zone, or still one; it never crashes.
    @Test func damagedFilesAreHarmless() throws {
        let folder = try TemporaryDirectory.path()
        let whole = Array(
            try Data(
                contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
                    path: "../Fixtures/schedules/zones/Test/Berlin")))
        var random = ScheduleRandom(state: 3)
        for number in 0..<400 {
            var bytes = whole
            if number % 2 == 0 { bytes.removeLast(Int.random(in: 1...whole.count, using: &random)) }
            for _ in 0..<3 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try Data(bytes).write(to: URL(filePath: "\(folder)/z\(number)"))
            guard let zone = try? ZoneLibrary(folder: folder).zone("z\(number)") else { continue }
            for _ in 0..<20 {
                let time = Int64.random(in: -4_000_000_000...8_000_000_000, using: &random)
                _ = zone.offset(at: time)
                _ = zone.moment(ofLocal: time)
            }
        }
    }
}
