import ArenaCore
import ArenaTestSupport
import Testing

@Suite struct TestClockTests {
    @Test func standsStillUntilMoved() {
        let clock = TestClock()
        let start = clock.now()
        #expect(clock.now() == start)
        clock.advance(by: .milliseconds(1500))
        #expect(clock.now() - start == .milliseconds(1500))
    }

    @Test func wakesSleepersThatAreDueAndNoOthers() async throws {
        let clock = TestClock()
        let soon = clock.now() + .seconds(1)
        let late = clock.now() + .seconds(10)
        let first = Task { try await clock.sleep(until: soon) }
        let second = Task { try await clock.sleep(until: late) }
        await clock.untilSomeoneSleeps(until: soon)
        await clock.untilSomeoneSleeps(until: late)
        clock.advance(by: .seconds(1))
        try await first.value
        #expect(clock.sleeperCount == 1)
        clock.set(to: late)
        try await second.value
        #expect(clock.sleeperCount == 0)
    }

    @Test func doesNotSleepUntilThePast() async throws {
        let clock = TestClock()
        try await clock.sleep(until: clock.now())
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: clock.now() + .seconds(-1))
    }

    @Test func cancellationEndsSleep() async {
        let clock = TestClock()
        let sleeper = Task { try await clock.sleep(until: clock.now() + .seconds(1)) }
        await clock.untilSomeoneSleeps()
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.sleeperCount == 0)
    }

    @Test func taskThatIsAlreadyCancelledDoesNotSleep() async {
        let clock = TestClock()
        let sleeper = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(until: clock.now() + .seconds(1))
        }
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test func mayBeSetBack() async throws {
        let clock = TestClock()
        let start = clock.now()
        clock.set(to: start + .seconds(-60))
        #expect(clock.now() < start)
    }
}

@Suite(.temporaryDirectory) struct TemporaryDirectoryTests {
    @Test func givesAnAbsolutePath() throws {
        #expect(try TemporaryDirectory.path("a").hasPrefix("/"))
    }

    @Test(arguments: [1, 2]) func givesEachCaseItsOwn(case number: Int) throws {
        #expect(try TemporaryDirectory.path() != TemporaryDirectory.path("x"))
    }
}
