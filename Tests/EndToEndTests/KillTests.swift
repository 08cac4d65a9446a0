import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArenaStore
import Foundation
import Testing

/// Evaluations whose host, or whose worker, is killed again and again: nothing is lost, nothing is done twice.
@Suite(.serialized)
struct KillTests {
    static let items = 24

    /// A run of `arena eval` in a process of its own.
    final class Run {
        let process = Process()

        init(home: String) throws {
            process.executableURL = URL(filePath: TestHouse.products + "/arena")
            process.arguments = ["eval", "arithmetic-words", "--limit", "\(KillTests.items)", "--home", home, "--json"]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
        }

        /// The processes that this run has started and that still live.
        var workers: [Int32] {
            let text = try? String(
                contentsOfFile: "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children",
                encoding: .utf8)
            let own = text?.split(separator: " ").compactMap { Int32($0) } ?? []
            return own.isEmpty ? Self.children(of: process.processIdentifier) : own
        }

        static func children(of parent: Int32) -> [Int32] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return names.compactMap { Int32($0) }.filter { pid in
                guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                    let end = stat.lastIndex(of: ")")
                else { return false }
                let fields = stat[end...].split(separator: " ")
                return fields.count > 2 && Int32(fields[2]) == parent && fields[1] != "Z"
            }
        }
    }

    /// Waits on a descriptor that never becomes ready: a moment of the seeded generator's choosing.
    static func pause(milliseconds: Int32) { poll(nil, 0, milliseconds) }

    @Test func hostKilledAnywhereScoresEveryItemOnce() async throws {
        var random = SplitMix(seed: 20_261_121)
        var kills = 0
        while kills < 40 {
            let home = try Self.makeHome()
            defer { try? FileManager.default.removeItem(atPath: home) }
            for _ in 0..<8 {
                let run = try Run(home: home)
                Self.pause(milliseconds: Int32(random.next() % 220))
                let workers = run.workers
                kill(run.process.processIdentifier, SIGKILL)
                run.process.waitUntilExit()
                kills += 1
                try Self.waitForEnd(of: workers)
            }
            try await Self.finishAndCheck(home)
        }
        #expect(kills >= 40)
    }

    @Test func workerKilledAnywhereScoresEveryItemOnce() async throws {
        var random = SplitMix(seed: 7)
        var kills = 0
        for _ in 0..<40 where kills < 16 {
            let home = try Self.makeHome()
            defer { try? FileManager.default.removeItem(atPath: home) }
            let run = try Run(home: home)
            Self.pause(milliseconds: Int32(20 + random.next() % 200))
            for worker in run.workers where kill(worker, SIGKILL) == 0 { kills += 1 }
            run.process.waitUntilExit()
            try await Self.finishAndCheck(home)
        }
        #expect(kills >= 10)
    }

    private static func makeHome() throws -> String {
        let home = "/tmp/arena-kill-\(Identifier.random())"
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return home
    }

    /// A host that was killed leaves no worker: each sees the end of its socket.
    private static func waitForEnd(of workers: [Int32]) throws {
        for worker in workers {
            var left = 200
            while kill(worker, 0) == 0, !isZombie(worker), left > 0 {
                pause(milliseconds: 10)
                left -= 1
            }
            #expect(left > 0, "worker \(worker) outlived its host")
        }
    }

    private static func isZombie(_ pid: Int32) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return true }
        return stat[end...].split(separator: " ").dropFirst().first == "Z"
    }

    /// Runs to the end undisturbed, then reads every evaluation of the home.
    private static func finishAndCheck(_ home: String) async throws {
        let last = try Run(home: home)
        last.process.waitUntilExit()
        #expect(last.process.terminationStatus == 0)
        let store = try await ArenaStore.open(path: home + "/arena.db")
        let jobs = try await store.jobs(JobFilter(limit: 100))
        #expect(jobs.isEmpty == false)
        for job in jobs {
            #expect(job.status == .done, "\(job.failure?.message ?? job.status.rawValue)")
            let run = try #require(job.result?["eval_run_id"]?.string)
            let scores = try await store.evalScores(ofRun: run)
            #expect(scores.count == items)
            #expect(Set(scores.map(\.itemID)).count == items)
            #expect(job.result?["n_scored"]?.int == items)
        }
        try await store.close()
    }
}

/// SplitMix64 (Steele, Lea and Flood): the same moments in every run of the tests.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
