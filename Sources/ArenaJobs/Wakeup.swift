import Synchronization

/// A bell for one listener: rung any number of times before it is heard, it is heard once.
final class Wakeup: Sendable {
    private let state = Mutex(State.silent)

    private enum State {
        case silent
        case rung
        case awaited(CheckedContinuation<Void, Never>)
    }

    /// Any thread.
    func ring() {
        let listener = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .awaited(let continuation) = state else {
                state = .rung
                return nil
            }
            state = .silent
            return continuation
        }
        listener?.resume()
    }

    /// Returns once it has been rung since the last time. Pays no regard to cancellation: whoever cancels rings.
    func heard() async {
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state -> Bool in
                if case .rung = state {
                    state = .silent
                    return true
                }
                state = .awaited(continuation)
                return false
            }
            if isRung { continuation.resume() }
        }
    }
}
