import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(1))) struct SchedulerTests {
    private let clock = TestClock()

    private func scheduler(_ store: ArenaStore, catalog: StubCatalog = StubCatalog()) -> Scheduler {
        Scheduler(store: store, catalog: catalog, clock: clock, zones: ScheduleFixture.zones)
    }

    private func store(with schedules: ScheduleRecord...) async throws -> ArenaStore {
        let store = try await ArenaStore.inMemory(clock: clock)
        for schedule in schedules { #expect(try await store.addSchedule(schedule)) }
        return store
    }

    private func finish(_ job: JobRecord, _ store: ArenaStore) async throws {
        let claim = try await store.claimed(job.id)
        _ = try await store.conclude(claim.lease) { AttemptConclusion(.done, by: .finish, of: $0) }
    }

    @Test func firesWhenTheTimeHasComeAndNotAgain() async throws {
        let store = try await store(with: .sample("s", cron: "0 * * * *", at: clock.now()))
        #expect(try await scheduler(store).tick().fired.isEmpty)
        clock.advance(by: .seconds(3600))
        let fired = try #require(try await scheduler(store).tick().fired.first)
        #expect(fired.scheduleID == "s" && !fired.isCoalesced)
        #expect(fired.job.kind == "demo/sleep" && fired.job.payload == ["ms": 1] && fired.job.maxAttempts == 3)
        #expect(fired.job.trigger == "schedule" && fired.job.status == .queued)
        let trigger = try await store.triggers(ofJob: fired.job.id)
        #expect(trigger.map(\.source) == ["schedule"])
        #expect(trigger.first?.detail == ["schedule": "s", "due": "2026-11-21T10:00:00.000Z"])
        #expect(try await scheduler(store).tick().fired.isEmpty)
        let schedule = try #require(try await store.schedule("s"))
        #expect(schedule.lastFiredAt == clock.now() && schedule.nextRunAt == clock.now() + .seconds(3600))
    }

    @Test func aSlowJobIsJoinedAndDoesNotPileUp() async throws {
        let store = try await store(with: .sample("s", everySeconds: 60, at: clock.now()))
        var ids: Set<String> = []
        for _ in 0..<5 {
            clock.advance(by: .seconds(60))
            for fired in try await scheduler(store).tick().fired { ids.insert(fired.job.id) }
        }
        #expect(ids.count == 1)
        #expect(try await store.triggers(ofJob: try #require(ids.first)).count == 5)
        try await finish(try #require(try await store.jobs().first), store)
        clock.advance(by: .seconds(60))
        #expect(try await scheduler(store).tick().fired.first?.isCoalesced == false)
    }

    @Test(arguments: [(CatchUp.skip, 0), (.once, 1), (.all, 4)])
    func missedTimesAreMadeUpForAsAsked(policy: CatchUp, jobs: Int) async throws {
        let store = try await store(with: .sample("s", cron: "0 * * * *", catchUp: policy, at: clock.now()))
        clock.advance(by: .seconds(4 * 3600 + 600))
        #expect(try await scheduler(store).tick().fired.count == jobs)
        #expect(try await store.jobs().count == jobs)
        #expect(try await store.schedule("s")?.nextRunAt == .at("2026-11-21T14:00:00Z"))
        #expect(try await store.schedule("s")?.lastFiredAt == (jobs == 0 ? nil : clock.now()))
        clock.set(to: .at("2026-11-21T14:00:00Z"))
        #expect(try await scheduler(store).tick().fired.count == 1, "the next time is on time again")
    }

    @Test func whatIsDisabledOrGoneDoesNotFire() async throws {
        let store = try await store(
            with: .sample("a", everySeconds: 60, at: clock.now()), .sample("b", everySeconds: 60, at: clock.now()))
        _ = try await store.setSchedule("a", enabled: false, next: nil)
        #expect(try await store.removeSchedule("b"))
        clock.advance(by: .seconds(600))
        #expect(try await scheduler(store).tick().fired.isEmpty)
        _ = try await store.setSchedule("a", enabled: true, next: clock.now() + .seconds(60))
        #expect(try await scheduler(store).tick().fired.isEmpty, "what passed meanwhile is not made up for")
    }

    @Test func oneThatCannotBeFiredDoesNotKeepTheOthers() async throws {
        let start = clock.now()
        var broken = try ScheduleRecord.sample("a", cron: "0 * * * *", timeZone: "Test/Berlin", at: start)
        broken.timeZone = "Test/Gone"
        let store = try await store(with: broken, .sample("b", everySeconds: 60, at: start))
        clock.advance(by: .seconds(3600))
        let tick = try await scheduler(store).tick()
        #expect(tick.fired.map(\.scheduleID) == ["b"])
        #expect(tick.failures.map(\.id) == ["a"] && tick.failures.first?.failure.code == "schedule.unknown_zone")
    }

    @Test func aKindThatIsGoneGetsAJobThatSaysSo() async throws {
        let store = try await store(with: .sample("s", everySeconds: 60, at: clock.now()))
        let gone = StubCatalog(JobKindInfo(name: "other/kind", plugin: JobKindInfo.demo.plugin))
        clock.advance(by: .seconds(60))
        #expect(try await scheduler(store, catalog: gone).tick().fired.first?.job.kind == "demo/sleep")
    }

    @Test func eachTimeIsFiredForOnceWhoeverTicks() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        var stores: [ArenaStore] = []
        for _ in 0..<3 { stores.append(try await ArenaStore.open(path: path, clock: clock)) }
        for number in 0..<10 {
            _ = try await stores[0].addSchedule(
                .sample("s\(number)", everySeconds: 60, catchUp: .all, at: clock.now()))
        }
        for _ in 0..<5 {
            clock.advance(by: .seconds(60))
            let fired = try await withThrowingTaskGroup(of: [String].self) { group in
                for store in stores + stores {
                    let scheduler = scheduler(store)
                    group.addTask { try await scheduler.tick().fired.map(\.scheduleID) }
                }
                return try await group.reduce([], +)
            }
            #expect(fired.sorted() == (0..<10).map { "s\($0)" })
        }
        #expect(try await stores[0].jobs(JobFilter(limit: 1000)).count == 50)
        for store in stores { try await store.close() }
    }

    // MARK: Clocks that are set

    @Test func aClockSetBackALittleFiresNoTimeTwice() async throws {
        let store = try await store(with: .sample("s", cron: "0 * * * *", catchUp: .all, at: clock.now()))
        clock.advance(by: .seconds(3600))
        #expect(try await scheduler(store).tick().fired.count == 1)
        clock.advance(by: .seconds(-1800))
        #expect(try await scheduler(store).tick().fired.isEmpty)
        clock.advance(by: .seconds(1800))
        #expect(try await scheduler(store).tick().fired.isEmpty)
        clock.advance(by: .seconds(3600))
        #expect(try await scheduler(store).tick().fired.count == 1)
    }

    @Test(arguments: CatchUp.allCases)
    func aClockThatWasFarAheadIsForgotten(policy: CatchUp) async throws {
        let start = clock.now()
        let store = try await store(with: .sample("s", cron: "0 0 1 1 *", catchUp: policy, at: start))
        clock.set(to: .at("2031-06-01T00:00:00Z"))
        _ = try await scheduler(store).tick()
        #expect(try await store.schedule("s")?.nextRunAt == .at("2032-01-01T00:00:00Z"))
        clock.set(to: start + .seconds(60))
        #expect(try await scheduler(store).tick().fired.isEmpty)
        #expect(try await store.schedule("s")?.nextRunAt == .at("2027-01-01T00:00:00Z"))
    }

    // MARK: The loop

    private func running(_ scheduler: Scheduler, _ body: () async throws -> Void) async throws {
        let loop = Task { await scheduler.run() }
        defer { loop.cancel() }
        try await body()
        loop.cancel()
        await loop.value
    }

    private func untilJobs(_ count: Int, _ store: ArenaStore) async throws {
        for await _ in store.wakeups() where try await store.jobs().count == count { return }
    }

    @Test func loopSleepsUntilTheNextTime() async throws {
        let start = clock.now()
        let store = try await store(with: .sample("s", everySeconds: 90, catchUp: .all, at: start))
        try await running(scheduler(store)) {
            for count in 1...3 {
                await clock.untilSomeoneSleeps(until: start + .seconds(90 * Int64(count)))
                clock.set(to: start + .seconds(90 * Int64(count)))
                try await untilJobs(count, store)
            }
        }
    }

    @Test func loopHearsOfAScheduleThatAnotherProcessAdds() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        let other = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        let start = clock.now()
        try await running(scheduler(store)) {
            await clock.untilSomeoneSleeps()
            _ = try await other.addSchedule(.sample("s", everySeconds: 5, at: start))
            await clock.untilSomeoneSleeps(until: start + .seconds(5))
            clock.advance(by: .seconds(5))
            try await untilJobs(1, other)
        }
        try await other.close()
        try await store.close()
    }
}
