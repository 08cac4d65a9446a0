import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import Foundation
import Testing

/// Schedules, passes and workers as processes of their own.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ScheduleTests {
    private static let times = 40

    /// A schedule whose last forty times passed while nothing was there: one for each hour.
    private func home(_ body: (String, ArenaStore) async throws -> Void) async throws {
        try await EvaluationRun.withHome { home in
            let store = try await ArenaStore.open(path: home + "/arena.db")
            let now = SystemClock().now()
            let begin = now + .seconds(-3600 * Int64(Self.times) - 60)
            var record = ScheduleRecord(
                id: "hourly", kind: "sleep/sleep", payload: ["seconds": 0, "steps": 1], everySeconds: 3600,
                timeZone: "UTC", catchUp: CatchUp.all.rawValue, createdAt: begin, nextRunAt: begin + .seconds(3600))
            record.plannedAt = begin
            #expect(try await store.addSchedule(record))
            try await body(home, store)
            try await store.close()
        }
    }

    @Test func drainsKilledAnywhereFireEachTimeOnceAndLoseNone() async throws {
        try await home { home, store in
            var random = SplitMix(seed: 4)
            var kills = 0
            for _ in 0..<60 where kills < 8 {
                let pass = try ArenaProcess(["drain", "--home", home, "--json"])
                try await Task.sleep(for: random.moment(within: 700))
                if await pass.kill() { kills += 1 }
            }
            #expect(kills >= 4)
            let last = try ArenaProcess(["drain", "--home", home, "--json"])
            #expect(await last.exitStatus() == 0)
            #expect(try JSONValue(parsing: last.output)["skipped"] == false, "no dead drain blocks it")
            let jobs = try await store.jobs(JobFilter(limit: 1000))
            #expect(jobs.count == Self.times)
            #expect(jobs.allSatisfy { $0.status == .done }, "\(jobs.map(\.status.rawValue))")
            var due: Set<String> = []
            for job in jobs {
                let triggers = try await store.triggers(ofJob: job.id)
                #expect(triggers.count == 1)
                due.insert(try #require(triggers.first?.detail["due"]?.string))
            }
            #expect(due.count == Self.times)
        }
    }

    @Test func passesStartedTogetherShareTheWorkOfNone() async throws {
        try await home { home, store in
            let passes = try (0..<3).map { _ in try ArenaProcess(["drain", "--home", home, "--json"]) }
            var drained = 0
            for pass in passes {
                #expect(await pass.exitStatus() == 0)
                let report = try JSONValue(parsing: pass.output)
                drained += report["n_drained"]?.int ?? 0
                #expect(report["skipped"] == false || report["reason"]?.string?.isEmpty == false)
            }
            #expect(drained == Self.times)
            #expect(try await store.jobs(JobFilter(limit: 1000)).count == Self.times)
        }
    }

    @Test func workerFiresAndRunsWithoutAServer() async throws {
        try await home { home, store in
            let worker = try ArenaProcess(["worker", "--home", home, "--json"])
            for await _ in store.wakeups() {
                let done = try await store.jobs(JobFilter(statuses: [.done], limit: 1000))
                if done.count == Self.times { break }
            }
            worker.interrupt()
            #expect(await worker.exitStatus() == 0)
            let answer = try JSONValue(parsing: worker.output)
            #expect(answer["home"]?.string == home)
            #expect(try await store.dispatchers().isEmpty, "it said good-bye")
            #expect(try await store.jobs(JobFilter(limit: 1000)).count == Self.times)
        }
    }
}
