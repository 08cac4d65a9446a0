import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

@Suite struct ScheduleBookTests {
    private let clock = TestClock()

    private func book(_ store: ArenaStore, catalog: StubCatalog = StubCatalog()) -> ScheduleBook {
        let rescuer = Rescuer(
            store: store, clock: clock, observer: .fake(pid: 1), processes: StubProcesses(), ender: StubEnder())
        return ScheduleBook(
            store: store, queue: JobQueue(store: store, catalog: catalog, rescuer: rescuer), clock: clock,
            zones: ScheduleFixture.zones)
    }

    @Test func keepsTheFullNameAndTheNextTime() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let added = try await book(store).add(
            ScheduleRequest(
                id: "nightly", kind: "sleep", payload: ["ms": 3], cron: "0 3 * * *", timeZone: "Test/Berlin",
                catchUp: "skip"))
        #expect(added.kind == "demo/sleep" && added.nextRunAt == .at("2026-11-22T02:00:00Z"))
        #expect(try await store.schedule("nightly") == added)
        #expect(try await store.changes(after: 0).changes.map(\.topic) == ["schedule"])
    }

    @Test func refusesWhatCouldNotRun() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let wrong = StubCatalog(problems: [PayloadProblem(pointer: "/ms", message: "must be a number")])
        func refusal(_ request: ScheduleRequest, _ catalog: StubCatalog = StubCatalog()) async -> String? {
            do {
                _ = try await book(store, catalog: catalog).add(request)
                return nil
            } catch {
                return Failure(error).code
            }
        }
        #expect(await refusal(ScheduleRequest(kind: "sleep", everySeconds: 5), wrong) == "job.invalid_payload")
        #expect(await refusal(ScheduleRequest(kind: "walk", everySeconds: 5)) == "plugin.kind_not_found")
        #expect(await refusal(ScheduleRequest(kind: "sleep", cron: "61 * * * *")) == "schedule.invalid_cron")
        #expect(await refusal(ScheduleRequest(kind: "sleep")) == "schedule.invalid")
        #expect(await refusal(ScheduleRequest(id: "A b", kind: "sleep", everySeconds: 5)) == "schedule.invalid")
        #expect(
            await refusal(ScheduleRequest(kind: "sleep", everySeconds: 5, timeZone: "Test/X"))
                == "schedule.unknown_zone")
        #expect(
            await refusal(ScheduleRequest(kind: "sleep", everySeconds: 5, catchUp: "maybe")) == "schedule.invalid")
        #expect(try await store.schedules().isEmpty)
        #expect(await refusal(ScheduleRequest(id: "s", kind: "sleep", everySeconds: 5)) == nil)
        #expect(await refusal(ScheduleRequest(id: "s", kind: "sleep", everySeconds: 9)) == "schedule.exists")
        #expect(try await store.schedule("s")?.everySeconds == 5)
    }

    @Test func faultOfACronExpressionNamesItsColumn() async throws {
        let book = book(try await ArenaStore.inMemory(clock: clock))
        let error = await #expect(throws: JobsError.self) {
            try await book.add(ScheduleRequest(kind: "sleep", cron: "0 25 * * *"))
        }
        #expect(
            error?.message
                == "The cron expression \"0 25 * * *\" is wrong at column 3: the hour must be 0–23, not 25.")
    }

    @Test func enablingStartsFromNow() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let book = book(store)
        _ = try await book.add(ScheduleRequest(id: "s", kind: "sleep", everySeconds: 60))
        let disabled = try await book.setEnabled(false, "s")
        #expect(!disabled.isEnabled && disabled.nextRunAt == nil)
        clock.advance(by: .seconds(150))
        let enabled = try await book.setEnabled(true, "s")
        #expect(enabled.isEnabled && enabled.nextRunAt == clock.now() + .seconds(30))
        #expect(try await book.setEnabled(true, "s") == enabled, "it keeps its time")
        for action in [
            { _ = try await book.schedule("x") }, { _ = try await book.setEnabled(true, "x") },
            { try await book.remove("x") },
        ] as [() async throws -> Void] {
            let error = await #expect(throws: JobsError.self) { try await action() }
            #expect(error?.code == "schedule.not_found" && error?.category == .notFound)
        }
        try await book.remove("s")
        #expect(try await store.schedules().isEmpty)
    }

    @Test func documentShowsTheNextTimes() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let book = book(store)
        let record = try await book.add(
            ScheduleRequest(id: "s", kind: "sleep", payload: ["ms": 1], cron: "0 3 * * *"))
        let document = book.document(of: record, preview: 2)
        #expect(document["next_runs"] == ["2026-11-22T03:00:00.000Z", "2026-11-23T03:00:00.000Z"])
        #expect(document["cron"] == "0 3 * * *" && document["every_s"] == nil && document["last_fired_at"] == .null)
        var broken = record
        broken.timeZone = "Test/Gone"
        #expect(book.document(of: broken, preview: 2)["error"]?["code"] == "schedule.unknown_zone")
    }
}
