import Synchronization

/// The loop of a client, which starts with its first request: most runs of a program make none.
final class LazyLoop: Sendable {
    private enum State: Sendable {
        case idle
        case running(CurlLoop)
        case closed
    }

    private let state = Mutex(State.idle)

    /// - Returns: `nil` once the client was closed.
    func running() -> CurlLoop? {
        state.withLock { state in
            switch state {
            case .idle:
                let loop = CurlLoop()
                state = .running(loop)
                return loop
            case .running(let loop): return loop
            case .closed: return nil
            }
        }
    }

    /// - Returns: the loop that ran; no other will.
    func end() -> CurlLoop? {
        state.withLock { state in
            guard case .running(let loop) = state else {
                state = .closed
                return nil
            }
            return loop
        }
    }
}
