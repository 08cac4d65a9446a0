import ArenaConcurrency
package import ArenaCore
import Synchronization

/// A clock that stands still until a test moves it.
///
///     let clock = TestClock()
///     async let waited: Void = waiter.run(clock: clock)
///     await clock.untilSomeoneSleeps()
///     clock.advance(by: .seconds(30))
///
/// May be used from any thread.
package final class TestClock: TimerClock {
    private let state: Mutex<State>

    private struct State {
        var now: Timestamp
        var elapsed = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [Int: Watcher] = [:]
        var next = 0
    }

    private struct Sleeper {
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let deadline: Timestamp?
        let continuation: CheckedContinuation<Void, Never>
    }

    /// - Parameter start: 2026-11-21T09:00:00Z unless said otherwise.
    package init(start: Timestamp = Timestamp(unixMilliseconds: 1_795_251_600_000)) {
        state = Mutex(State(now: start))
    }

    package func now() -> Timestamp { state.withLock { $0.now } }

    package func elapsed() -> Duration { state.withLock { $0.elapsed } }

    /// Time passes: wakes in the order of their deadlines those who sleep until then.
    package func advance(by duration: Duration) {
        state.withLock { $0.elapsed += duration }
        set(to: now() + duration)
    }

    /// The clock is set, and no time passes. One that is set back wakes everyone who sleeps.
    package func set(to time: Timestamp) {
        let due = state.withLock { state in
            let isSetBack = time < state.now
            state.now = time
            let due = state.sleepers.filter { isSetBack || $0.value.deadline <= time }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// How many sleep now.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Returns once someone sleeps; with `deadline`, once someone sleeps until exactly that time.
    package func untilSomeoneSleeps(until deadline: Timestamp? = nil) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let isThere = state.sleepers.values.contains { deadline == nil || $0.deadline == deadline }
                guard !isThere else { return true }
                state.next += 1
                state.watchers[state.next] = Watcher(deadline: deadline, continuation: continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    package func sleep(until deadline: Timestamp) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                fallAsleep(number, until: deadline, continuation)
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private func fallAsleep(
        _ number: Int, until deadline: Timestamp, _ continuation: CheckedContinuation<Void, any Error>
    ) {
        enum Outcome { case cancelled, due, asleep(watchers: [Watcher]) }
        let outcome = state.withLock { state -> Outcome in
            // Within the lock: a cancellation before this line is seen here, one after it finds the sleeper.
            if Task.isCancelled { return .cancelled }
            if deadline <= state.now { return .due }
            state.sleepers[number] = Sleeper(deadline: deadline, continuation: continuation)
            let watchers = state.watchers.filter { $0.value.deadline == nil || $0.value.deadline == deadline }
            for number in watchers.keys { state.watchers[number] = nil }
            return .asleep(watchers: Array(watchers.values))
        }
        switch outcome {
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .due: continuation.resume()
        case .asleep(let watchers): for watcher in watchers { watcher.continuation.resume() }
        }
    }
}
