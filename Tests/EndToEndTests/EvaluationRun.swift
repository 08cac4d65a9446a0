import ArenaCore
import ArenaJSON
import ArenaStore
import Foundation
import Testing

/// A run of `arena eval` in a process of its own, which tests kill or whose children they kill.
final class EvaluationRun: Sendable {
    static let items = 24

    private let process = Process()
    private let end: AsyncStream<Process.TerminationReason>
    private let errorFile: String

    init(
        home: String, bench: String = "arithmetic-words", lane: String = "replay", items: Int = EvaluationRun.items
    ) throws {
        process.executableURL = URL(filePath: TestHouse.products + "/arena")
        process.arguments = [
            "eval", bench, "--lane", lane, "--limit", "\(items)", "--home", home, "--json",
        ]
        process.standardOutput = FileHandle.nullDevice
        errorFile = "\(home)-\(Identifier.random()).stderr"
        _ = FileManager.default.createFile(atPath: errorFile, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: errorFile)
        let (end, ended) = AsyncStream.makeStream(of: Process.TerminationReason.self)
        self.end = end
        process.terminationHandler = {
            ended.yield($0.terminationReason)
            ended.finish()
        }
        try process.run()
    }

    var isRunning: Bool { process.isRunning }
    /// What it has said to standard error so far.
    var errors: String { (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? "" }

    /// Waits for its end; its exit status, `nil` when a signal ended it. Once only.
    func exitStatus() async -> Int32? {
        for await reason in end where reason == .exit { return process.terminationStatus }
        return nil
    }

    /// Ends it; whether it was still running.
    func kill() async -> Bool {
        killIfRunning()
        return await exitStatus() == nil
    }

    func killIfRunning() {
        if isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    }

    /// The processes that this run has started and that still live.
    var children: [Int32] { ProcessStatus.children(of: process.processIdentifier) }

    // MARK: Homes

    /// Gives `body` an empty home, which is removed afterwards.
    static func withHome(_ body: (String) async throws -> Void) async throws {
        let folder = "/tmp/arena-kill-\(Identifier.random())"
        try FileManager.default.createDirectory(
            atPath: folder + "/home", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder + "/home")
    }

    /// Runs to the end undisturbed, then reads every evaluation of the home.
    static func finishAndCheck(_ home: String) async throws {
        let run = try EvaluationRun(home: home)
        #expect(await run.exitStatus() == 0, "\(run.errors)")
        let store = try await ArenaStore.open(path: home + "/arena.db")
        try await check(store)
        try await store.close()
    }

    /// Every evaluation is done and has each item once.
    static func check(_ store: ArenaStore, items: Int = EvaluationRun.items) async throws {
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
    }
}

/// What `/proc` says of a process.
struct ProcessStatus {
    let parent: Int32
    let isZombie: Bool

    /// `nil` when there is none.
    init?(of pid: Int32) {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[end...].split(separator: " ")
        guard fields.count > 2, let parent = Int32(fields[2]) else { return nil }
        self.parent = parent
        isZombie = fields[1] == "Z"
    }

    /// The living processes that a process has started.
    static func children(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { pid in
            guard let status = ProcessStatus(of: pid) else { return false }
            return status.parent == parent && !status.isZombie
        }
    }

    /// Whether a process has a file mapped whose path has `name` in it.
    static func hasMapped(_ name: String, in pid: Int32) -> Bool {
        (try? String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8))?.contains(name) ?? false
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

    /// A moment of the generator's choosing: not a time to wait for something.
    mutating func moment(within milliseconds: UInt64) -> Duration { .milliseconds(Int64(next() % milliseconds)) }
}
