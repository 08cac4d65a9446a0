import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

@Suite(.temporaryDirectory) struct ScheduleTests {
    private let clock = TestClock()

    private func record(_ id: String) -> ScheduleRecord {
        ScheduleRecord(
            id: id, kind: "demo/sleep", payload: ["b": 1, "a": 2], cron: "0 * * * *", timeZone: "UTC", catchUp: "once",
            createdAt: clock.now(), nextRunAt: clock.now())
    }

    @Test(arguments: StoreHome.allCases)
    func keepsEveryPart(home: StoreHome) async throws {
        let store = try await home.open(clock: clock)
        var interval = record("b")
        (interval.cron, interval.everySeconds) = (nil, 5)
        for schedule in [interval, record("a")] { #expect(try await store.addSchedule(schedule)) }
        #expect(try await store.addSchedule(record("a")) == false)
        #expect(try await store.schedules() == [record("a"), interval])
        #expect(try await store.schedules(after: "a", limit: 1) == [interval])
        #expect(try await store.schedule("c") == nil)
    }

    @Test(arguments: StoreHome.allCases)
    func firingMovesTheTimeAndEnqueuesInOne(home: StoreHome) async throws {
        let store = try await home.open(clock: clock)
        _ = try await store.addSchedule(record("s"))
        let firing = ScheduleFiring(
            schedule: record("s"), jobs: [.sample("j1", dedupKey: "s"), .sample("j2", dedupKey: "s")],
            next: clock.now() + .seconds(3600))
        let jobs = try #require(try await store.fire(firing))
        #expect(jobs.map(\.job.id) == ["j1", "j1"] && jobs.map(\.isCoalesced) == [false, true])
        #expect(try await store.triggers(ofJob: "j1").count == 2)
        #expect(try await store.fire(firing) == nil, "the time was fired for")
        #expect(try await store.jobs().count == 1)
        #expect(try await store.changes(after: 0).changes.map(\.topic) == ["schedule", "schedule", "job"])
        #expect(try await store.nextScheduledTime() == clock.now() + .seconds(3600))
    }

    /// A job that cannot be added takes the whole firing back.
    @Test func firingThatFailsLeavesTheTime() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.addSchedule(record("s"))
        _ = try await store.enqueue(.sample("taken"))
        let firing = ScheduleFiring(schedule: record("s"), jobs: [.sample("new"), .sample("taken")], next: nil)
        await #expect(throws: StoreError.self) { try await store.fire(firing) }
        #expect(try await store.schedule("s") == record("s"))
        #expect(try await store.job("new") == nil)
    }

    @Test func firingOfAScheduleThatChangedMeanwhileDoesNothing() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.addSchedule(record("s"))
        let firing = ScheduleFiring(schedule: record("s"), jobs: [.sample("j")], next: nil)
        _ = try await store.setSchedule("s", enabled: false, next: nil)
        #expect(try await store.fire(firing) == nil)
        #expect(try await store.removeSchedule("s"))
        #expect(try await store.fire(firing) == nil)
        clock.advance(by: .milliseconds(1))
        _ = try await store.addSchedule(record("s"))
        #expect(try await store.fire(firing) == nil, "another schedule of the same id")
        #expect(try await store.jobs().isEmpty)
    }

    @Test func thoseWhoseTimeHasComeAreFoundTheLongestOverdueFirst() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        for (id, seconds) in [("late", -60), ("now", 0), ("soon", 1)] as [(String, Int64)] {
            var schedule = record(id)
            schedule.nextRunAt = clock.now() + .seconds(seconds)
            _ = try await store.addSchedule(schedule)
        }
        let horizon = clock.now() + .seconds(86_400)
        #expect(try await store.schedulesToPlan(plannedAfter: horizon).map(\.id) == ["late", "now"])
        #expect(try await store.nextScheduledTime() == clock.now() + .seconds(1))
        #expect(try await store.schedulesToPlan(plannedAfter: clock.now() + .milliseconds(-1)).count == 3)
    }
}
