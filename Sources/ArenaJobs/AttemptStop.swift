import Synchronization

/// The wish that an attempt should stop: said once, by its dispatcher, and heard by whoever works on it. The first
/// reason stays. Any thread.
final class AttemptStop: Sendable {
    private let state = Mutex(State())

    private struct State {
        var reason: AttemptCancellation?
        var handlers: [@Sendable (AttemptCancellation) -> Void] = []
    }

    var reason: AttemptCancellation? { state.withLock { $0.reason } }

    func request(_ reason: AttemptCancellation) {
        let handlers = state.withLock { state -> [@Sendable (AttemptCancellation) -> Void] in
            guard state.reason == nil else { return [] }
            state.reason = reason
            defer { state.handlers = [] }
            return state.handlers
        }
        for handler in handlers { handler(reason) }
    }

    func onRequest(_ handler: @escaping @Sendable (AttemptCancellation) -> Void) {
        let reason = state.withLock { state in
            if state.reason == nil { state.handlers.append(handler) }
            return state.reason
        }
        if let reason { handler(reason) }
    }
}
