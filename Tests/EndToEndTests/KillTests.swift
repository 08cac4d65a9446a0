import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// Evaluations whose host, or whose worker, is killed again and again: nothing is lost, nothing is done twice.
///
/// The first and the last test together are at least 54 kills at as many moments.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(3)))
struct KillTests {
    @Test func hostKilledAnywhereScoresEveryItemOnce() async throws {
        var random = SplitMix(seed: 20_261_121)
        var kills = 0
        for _ in 0..<20 where kills < 40 {
            try await EvaluationRun.withHome { home in
                for _ in 0..<8 where kills < 40 {
                    let run = try EvaluationRun(home: home)
                    try await Task.sleep(for: random.moment(within: 220))
                    let children = run.children
                    if await run.kill() { kills += 1 }
                    try await Self.waitForEnd(of: children)
                }
                try await EvaluationRun.finishAndCheck(home)
            }
        }
        #expect(kills == 40)
    }

    /// Whatever the children do at the time: look at plugins, validate, judge, run the job, or wait.
    @Test func childrenKilledAnywhereScoreEveryItemOnce() async throws {
        var random = SplitMix(seed: 7)
        var kills = 0
        for _ in 0..<40 where kills < 16 {
            try await EvaluationRun.withHome { home in
                let run = try EvaluationRun(home: home)
                while run.children.isEmpty, run.isRunning { try await Task.sleep(for: .milliseconds(1)) }
                try await Task.sleep(for: random.moment(within: 200))
                for child in run.children where kill(child, SIGKILL) == 0 { kills += 1 }
                _ = await run.exitStatus()
                try await EvaluationRun.finishAndCheck(home)
            }
        }
        #expect(kills >= 10)
    }

    @Test func theJobsOwnWorkerKilledAnywhereScoresEveryItemOnce() async throws {
        // A crash is paused after, so several evaluations go on at the same time.
        let kills = try await withThrowingTaskGroup(of: Int.self) { group in
            for series in 0..<4 as Range<UInt64> {
                group.addTask { try await Self.killJobWorkers(SplitMix(seed: series), times: 4) }
            }
            return try await group.reduce(0, +)
        }
        #expect(kills >= 14)
    }

    /// Kills the worker of one job after the other in one home; how many attempts ended by that.
    private static func killJobWorkers(_ seeded: SplitMix, times: Int) async throws -> Int {
        var random = seeded
        var kills = 0
        try await EvaluationRun.withHome { home in
            // With the plugins known, what follows is the job.
            try await EvaluationRun.finishAndCheck(home)
            let store = try await ArenaStore.open(path: home + "/arena.db")
            for _ in 0..<(3 * times) where kills < times {
                let run = try EvaluationRun(home: home)
                if let worker = try await jobWorker(of: run, store) {
                    try await Task.sleep(for: random.moment(within: 110))
                    if run.children.contains(worker.pid) { kill(worker.pid, SIGKILL) }
                    #expect(await run.exitStatus() == 0)
                    let attempts = try await store.attempts(ofJob: worker.job)
                    let killed = attempts.filter { $0.child?.pid == worker.pid && $0.end == .crashed }
                    #expect(attempts.count == 1 + killed.count, "no attempt but the killed one was in vain")
                    kills += killed.count
                } else {
                    #expect(await run.exitStatus() == 0)
                }
            }
            try await EvaluationRun.check(store)
            try await store.close()
        }
        return kills
    }

    /// The child that runs the job, once it has the job kind's library mapped; `nil` when the run ended before.
    private static func jobWorker(
        of run: EvaluationRun, _ store: ArenaStore
    ) async throws -> (pid: Int32, job: String)? {
        while run.isRunning {
            for live in try await store.liveAttempts() {
                guard let pid = live.record.child?.pid, ProcessStatus.hasMapped("eval_rerun", in: pid) else { continue }
                return (pid, live.record.jobID)
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }

    /// A host that was killed leaves no child: each sees the end of its socket.
    private static func waitForEnd(of children: [Int32]) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        for child in children {
            while let status = ProcessStatus(of: child), !status.isZombie {
                try #require(ContinuousClock.now < deadline, "child \(child) outlived its host")
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }
}
