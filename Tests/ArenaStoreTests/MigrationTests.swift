import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Foundation
import GRDB
import Testing

/// Opens files as every released schema made them.
@Suite(.temporaryDirectory) struct MigrationTests {
    /// Makes a file from the dump of a released schema.
    private func file(ofSchema number: Int) throws -> String {
        let dump = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/stores/schema-\(number).sql")
        let path = try TemporaryDirectory.path("schema-\(number).db")
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: String(decoding: Data(contentsOf: dump), as: UTF8.self))
        }
        try queue.close()
        return path
    }

    /// Tables and indexes, as SQLite keeps them.
    private func schema(_ path: String) throws -> [String] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { db in
            try String.fetchAll(db, sql: "SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_master")
                .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.sorted()
        }
    }

    @Test(arguments: [1, 3]) func fileOfAReleasedSchemaBecomesWhatANewOneIs(number: Int) async throws {
        let old = try file(ofSchema: number)
        try await ArenaStore.open(path: old).close()
        let new = try TemporaryDirectory.path("new.db")
        try await ArenaStore.open(path: new).close()
        #expect(try schema(old) == schema(new))
    }

    @Test func everythingOfSchema1IsThereAfterwards() async throws {
        let store = try await ArenaStore.open(path: file(ofSchema: 1), clock: TestClock())
        #expect(try await store.jobs().map(\.id) == ["good", "broken", "held", "waiting"])
        let waiting = try #require(try await store.job("waiting"))
        #expect(waiting.status == .queued && waiting.priority == 3 && waiting.seed == .max)
        #expect(waiting.payload == ["bench_id": "b", "lane_id": "mine"] && waiting.timeout == .milliseconds(1500))
        #expect(waiting.refusals == 0)
        let trail = try await store.triggers(ofJob: "waiting")
        #expect(trail.map(\.event) == [.enqueue, .coalesce] && trail.map(\.source) == ["cli", "http"])
        #expect(trail.map(\.count) == [1, 1] && trail.last?.lastAt == trail.last?.createdAt)
        let broken = try #require(try await store.job("broken"))
        #expect(broken.failure?.code == "lane.unreachable" && broken.failure?.hint == "Start it.")
        #expect(try await store.attempts(ofJob: "broken").first?.end == .failed)
        #expect(try await store.log(ofJob: "broken").map(\.line.message) == ["a line"])
        #expect(try await store.job("good")?.result == ["n": 1])
        #expect(try await store.evalRuns().map(\.id) == ["run"])
        #expect(try await store.evalScores(ofRun: "run").map(\.itemID) == ["i1"])
        #expect(try await store.changes(after: 0).changes.map(\.key) == ["waiting"])
    }

    @Test func whatSchema1LeftUnfinishedGoesOn() async throws {
        let store = try await ArenaStore.open(path: file(ofSchema: 1), clock: TestClock())
        let held = try #require(try await store.liveAttempts().first)
        #expect(held.record.child == ProcessStamp(pid: 101, startTicks: 6))
        let freed = try await store.conclude(held.lease) { AttemptConclusion(.lost, by: .rescue, of: $0) }
        #expect(freed?.status == .queued)
        #expect(try await store.enqueue(.sample("again", dedupKey: "k")).job.id == "waiting")
        #expect(try await store.retry("broken")?.status == .queued)
        let claims = try await store.claimAll()
        #expect(claims.map(\.job.id) == ["waiting", "held", "broken"])
        #expect(claims.map(\.checkpoint) == [[], [1, 2], []])
        #expect(claims.map(\.job.needs) == [JobNeeds(laneID: "mine"), JobNeeds(), JobNeeds()])
    }

    @Test func everythingOfSchema3IsThereAndGoesOn() async throws {
        let store = try await ArenaStore.open(path: file(ofSchema: 3), clock: TestClock())
        #expect(try await store.jobs().map(\.id) == ["good", "broken", "held", "waiting"])
        #expect(try await store.deadJobs(DeadJobFilter()).map(\.id) == ["broken"])
        #expect(try await store.jobs(JobFilter(statuses: [.running])).map(\.id) == ["held"])
        #expect(try await store.pausedKinds().map(\.reason) == ["its lane is away"])
        #expect(try await store.schedules().map(\.id) == ["nightly"])
        let waiting = try #require(try await store.job("waiting"))
        #expect(waiting.refusals == 2 && waiting.needs == JobNeeds(laneID: "mine", laneAlone: true, gpu: true))
        #expect(try await store.triggers(ofJob: "waiting").map(\.count) == [1, 1, 2])
        #expect(try await store.claimAll().map(\.job.id) == ["waiting"])
    }

    @Test func openingAgainChangesNothing() async throws {
        let path = try file(ofSchema: 1)
        try await ArenaStore.open(path: path).close()
        let before = try schema(path)
        let store = try await ArenaStore.open(path: path)
        #expect(try await store.triggers(ofJob: "waiting").map(\.event) == [.enqueue, .coalesce])
        try await store.close()
        #expect(try schema(path) == before)
    }
}
