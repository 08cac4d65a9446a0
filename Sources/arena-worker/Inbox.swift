import ArenaPluginABI
import ArenaPluginWire

/// Keeps what the host says while the library is still being loaded.
final class Inbox: Sendable {
    private struct State {
        var worker: Worker?
        var waiting: [HostMessage] = []
    }

    private let state = Gate(State())

    /// A message has come. On the reader's thread.
    func receive(_ message: HostMessage) {
        let worker = state.withLock { state in
            if state.worker == nil { state.waiting.append(message) }
            return state.worker
        }
        worker?.receive(message)
    }

    /// The library is loaded: what has come goes to the worker first, in its order.
    func open(_ worker: Worker) {
        state.withLock { state in
            for message in state.waiting { worker.receive(message) }
            state.waiting = []
            state.worker = worker
        }
    }
}
