import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(1))) struct DrainTests {
    private let clock = TestClock()

    private func drain(
        _ store: ArenaStore, slots: Int = 1,
        _ body: @escaping @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome = { _, _ in .done([:]) }
    ) throws -> Drain {
        let dispatcher = Dispatcher(
            store: store, catalog: StubCatalog(), executor: StubExecutor(body),
            configuration: DispatcherConfiguration(slots: slots), clock: clock, host: .fake(pid: 1),
            processes: StubProcesses([1: .present(startTicks: 1)]), ender: StubEnder())
        return Drain(
            scheduler: Scheduler(store: store, catalog: StubCatalog(), clock: clock, zones: ScheduleFixture.zones),
            dispatcher: dispatcher, lockPath: try TemporaryDirectory.path("drain.lock"))
    }

    private static let refusal = AttemptOutcome.failed(
        Failure(code: "lane.busy", category: .resourceExhausted, message: "The lane is taken."),
        status: .resourceExhausted, retry: nil)

    @Test func firesAndRunsUntilNothingIsLeft() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.addSchedule(.sample("s", everySeconds: 60, at: clock.now()))
        clock.advance(by: .seconds(60))
        for number in 0..<5 { _ = try await store.enqueue(.sample("j\(number)")) }
        let report = try await drain(store, slots: 2).run()
        #expect(!report.isSkipped && report.tick.fired.map(\.scheduleID) == ["s"])
        #expect(report.jobs.count == 6 && report.jobs.allSatisfy { $0.status == .done } && report.refused == nil)
        #expect(try await store.jobs(JobFilter(statuses: [.queued])).isEmpty)
        #expect(try await store.dispatchers().isEmpty)
    }

    @Test func endsAtOnceWhereNothingCanBeRun() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(
            NewJob(
                id: "later", kind: "demo/sleep", payload: [:], trigger: "t", seed: 1, maxAttempts: 1,
                runAfter: clock.now() + .seconds(60)))
        let report = try await drain(store).run()
        #expect(report.jobs.isEmpty && !report.isSkipped)
        #expect(try await store.job("later")?.status == .queued)
    }

    @Test func whatAJobEnqueuesBelongsToThePass() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("first"))
        let report = try await drain(store) { job, _ in
            if job.record.id == "first" { _ = try? await store.enqueue(.sample("second")) }
            return .done([:])
        }.run()
        #expect(report.jobs.map(\.id) == ["first", "second"])
    }

    @Test func failureDoesNotEndThePass() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        for id in ["a", "b"] { _ = try await store.enqueue(.sample(id, maxAttempts: 1)) }
        let report = try await drain(store) { job, _ in
            guard job.record.id == "a" else { return .done([:]) }
            return .failed(
                Failure(code: "x", category: .internalError, message: "m"), status: .internalError, retry: false)
        }.run()
        #expect(report.jobs.map(\.status) == [.failed, .done])
    }

    @Test func refusalEndsThePassAndKeepsTheJob() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        for id in ["a", "b", "c"] { _ = try await store.enqueue(.sample(id)) }
        let report = try await drain(store) { job, _ in job.record.id == "b" ? Self.refusal : .done([:]) }.run()
        #expect(report.jobs.map(\.id) == ["a"])
        #expect(report.refused?.id == "b" && report.refused?.status == .queued)
        #expect(try await store.job("c")?.attempts == 0, "what stands behind it waits for the next pass")
        let document = report.json
        #expect(document["refused"]?["id"] == "b" && document["n_drained"] == 1 && document["skipped"] == false)
    }

    @Test func oneGoesAtATime() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("a"))
        let (began, goOn) = (Gate(), Gate())
        let first = try drain(store) { _, _ in
            began.open()
            await goOn.passed()
            return .done([:])
        }
        let running = Task { try await first.run() }
        await began.passed()
        let second = try await drain(store).run()
        #expect(second.isSkipped && second.jobs.isEmpty && second.json["reason"]?.string != nil)
        goOn.open()
        #expect(try await running.value.jobs.map(\.status) == [.done])
        #expect(try await drain(store).run().isSkipped == false)
    }

    @Test func cancelledPassGivesItsJobsBack() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("a"))
        let began = Gate()
        let pass = try drain(store) { _, attempt in
            await withCheckedContinuation { continuation in
                attempt.onCancellation { _ in continuation.resume() }
                began.open()
            }
            return .cancelled
        }
        let running = Task { try await pass.run() }
        await began.passed()
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(try await store.job("a")?.status == .queued)
    }

    // MARK: The lock

    @Test func lockIsFreeOnceItsHolderIsGone() throws {
        let path = try TemporaryDirectory.path("lock")
        var held = try DrainLock.take(path)
        #expect(held != nil)
        #expect(try DrainLock.take(path) == nil)
        held = nil
        #expect(try DrainLock.take(path) != nil)
        _ = held
    }

    /// Whatever the file says: a number in it blocks nobody.
    @Test func lockIsTakenWhateverTheFileHolds() throws {
        let path = try TemporaryDirectory.path("lock")
        for content in ["{\"pid\": 1}", "", "garbage"] {
            try Data(content.utf8).write(to: URL(filePath: path))
            #expect(try DrainLock.take(path) != nil)
        }
    }

    @Test func lockDiesWithAKilledProcess() async throws {
        let path = try TemporaryDirectory.path("lock")
        try Data().write(to: URL(filePath: path))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/flock")
        process.arguments = ["--no-fork", path, "sh", "-c", "echo held; exec cat"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        #expect(try output.fileHandleForReading.read(upToCount: 5) == Data("held\n".utf8))
        #expect(try DrainLock.take(path) == nil)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try DrainLock.take(path) != nil)
    }

    @Test func lockSaysWhyItCannotBeUsed() throws {
        let path = try TemporaryDirectory.path("missing/lock")
        let error = #expect(throws: JobsError.self) { try DrainLock.take(path) }
        #expect(error?.code == "drain.lock_unusable" && error?.message.contains(path) == true)
    }
}
