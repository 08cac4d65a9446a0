import Synchronization
package import Testing

/// For suites that start processes: a few of them run at the same time, the others wait for their turn.
///
/// All tests begin at once otherwise, and on a small machine what one of them waits for comes after the processes of all
/// the others: time limits would then measure the whole run.
package struct StartsProcesses: SuiteTrait, TestScoping {
    private static let turns = Turns(3)

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        await Self.turns.take()
        defer { Self.turns.giveBack() }
        try await function()
    }
}

extension Trait where Self == StartsProcesses {
    /// The suite starts processes, and runs beside few others that do.
    package static var startsProcesses: Self { Self() }
}

/// A number of turns, handed on in the order of asking.
private final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func take() async {
        await withCheckedContinuation { continuation in
            let isMine = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isMine { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() as CheckedContinuation? }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
