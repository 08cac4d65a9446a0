import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// Disks that fail and disks that are full: a transaction is wholly there or not at all, and what was answered is there.
@Suite(.startsProcesses, .temporaryDirectory, .timeLimit(.minutes(5)))
struct DiskTests {
    private static let isSlowWanted = ProcessInfo.processInfo.environment["ARENA_SLOW_TESTS"] == "1"

    /// What a caller may be told of a disk that fails.
    private static let codes: Set<String> = ["store.input_output", "store.disk_full", "store.cannot_open"]

    /// At some operations of a history: one in seven where slow tests are wanted, each in `script/soak --faults`.
    @Test func aFaultOfTheDiskTearsNoTransaction() async throws {
        let (every, seed) = Self.isSlowWanted ? (7, 2) : (211, 3)
        let report = try await TrialProcess.run(["faults", try TemporaryDirectory.path(), "\(every)", "\(seed)"])
        #expect(report["broken"] == [], "\(report["broken"]?.text() ?? report.text())")
        let codes = Set((report["codes"]?.array ?? []).compactMap(\.string))
        #expect(codes.isSubset(of: Self.codes), "\(codes)")
        #expect(codes.isSuperset(of: ["store.input_output", "store.disk_full"]))
        let (steps, operations) = (report["steps"]?.int ?? .max, report["operations"])
        #expect(operations?["sync"]?.int ?? 0 > steps, "a transaction was answered before it was on the disk")
        #expect(operations?["full"]?.int ?? 0 > 10 * steps && operations?["io"]?.int ?? 0 > 10 * steps)
        #expect(report["told"]?.int ?? 0 > 10 && report["faults"]?.int ?? 0 >= report["told"]?.int ?? 1)
    }

    @Test(.enabled(if: TrialProcess.hasSmallDisks, "no small disk is to be had here: `unshare -Urm` is refused"))
    func aFullDiskRefusesInClearWordsAndLosesNothing() async throws {
        let folder = try TemporaryDirectory.path()
        let report = try await TrialProcess.run(["full", folder], onSmallDiskAt: folder)
        let refused = report["refused"]
        #expect(refused?["code"] == "store.disk_full", "\(report.text())")
        #expect(refused?["category"] == "resource_exhausted")
        #expect(refused?["message"]?.string?.contains("\(folder)/arena.db") == true)
        #expect(refused?["hint"]?.string?.contains("Free space") == true)
        #expect(report["claim"] == "store.disk_full")
        #expect(report["commit"] == "store.disk_full")
        // All that was answered, and no more, ran once there was room, in the dispatcher that had met the full disk.
        #expect(report["jobs"] == report["enqueued"] && report["done"] == report["enqueued"])
        #expect(report["rows"] == 1)
        #expect(report["problems"] == [])
    }

    /// Eight processes on one file, as eight workers of a home are.
    @Test func eightProcessesThatClaimFinishEveryJobOnce() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let count = 160
        let store = try await ArenaStore.open(path: path)
        for number in 0..<count {
            _ = try await store.enqueue(
                NewJob(
                    id: "j\(number)", kind: "demo/\(number % 3)", payload: [:], priority: number % 2, trigger: "test",
                    seed: 1, maxAttempts: 50))
        }
        let reports = try await withThrowingTaskGroup(of: JSONValue.self) { group in
            for worker in 0..<8 {
                group.addTask { try await TrialProcess.run(["work", path, "\(count)", "\(worker)"]) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let done = reports.flatMap { $0["done"]?.array ?? [] }.compactMap(\.string)
        #expect(done.count == count && Set(done).count == count, "\(reports.map { $0.text() })")
        var retried = 0
        for number in 0..<count {
            let attempts = try await store.attempts(ofJob: "j\(number)")
            #expect(attempts.last?.end == .done && attempts.dropLast().allSatisfy { $0.end == .failed })
            retried += attempts.count - 1
            let rows = try await store.pluginRecords(ofJob: "j\(number)", recordType: "note/1")
            #expect(rows.map(\.key) == ["by \(attempts.count)"])
        }
        #expect(reports.reduce(0) { $0 + ($1["retried"]?.int ?? 0) } == retried)
        try await store.close()
    }
}
