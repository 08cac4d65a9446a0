import ArenaCore
import ArenaPluginABI
import ArenaPluginWire
import Synchronization

/// A call of the host that is in progress: what the plugin reports goes out, what the host adds comes in.
final class RunningCall: CallObserver {
    let message: CallMessage
    private let connection: Connection
    private let cancelled = Atomic(false)
    private let state: Gate<State>

    private struct State {
        /// Bytes that `data` frames may still hold; negative after one that overdrew it.
        var credit: Int
        /// Service calls that are waited for, and their answers once they are there.
        var replies: [UInt64: ReplyMessage?] = [:]
    }

    init(_ message: CallMessage, connection: Connection) {
        self.message = message
        self.connection = connection
        state = Gate(State(credit: Int(message.credit)))
    }

    /// The context to call the plugin with.
    func context() -> CallContext {
        CallContext(id: message.id, deadlineNanoseconds: message.deadlineNanoseconds, observer: self)
    }

    // MARK: From the host

    /// Everything that waits for this call returns at once.
    func cancel() {
        state.update { _ in cancelled.store(true, ordering: .releasing) }
    }

    func add(credit: UInt32) {
        state.update { $0.credit += Int(credit) }
    }

    func deliver(_ reply: ReplyMessage) {
        state.update { state in
            // Of no use to a caller that has gone.
            if state.replies[reply.id] != nil { state.replies[reply.id] = .some(reply) }
        }
    }

    // MARK: From the plugin

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func progress(done: UInt64, total: UInt64, phase: String, fields: String) {
        let progress = ProgressMessage(call: message.id, done: done, total: total, phase: phase, fields: fields)
        try? connection.send(.progress(progress))
    }

    func log(_ level: PluginLogLevel, _ text: String, fields: String) {
        try? connection.send(
            .log(LogMessage(call: message.id, level: level.rawValue, message: text, fields: fields)))
    }

    /// Sends a piece of output once the host has given credit for it.
    ///
    /// A piece is sent while any credit is left, so that one larger than the whole window can pass too.
    func send(data bytes: [UInt8]) -> StatusCode {
        let mayGo = state.wait(
            until: message.deadlineNanoseconds,
            while: { state in
                state.credit <= 0 && !isCancelled
            }
        ) { state in
            state.credit -= bytes.count
            return true
        }
        guard mayGo != nil else { return .deadlineExceeded }
        guard !isCancelled else { return .cancelled }
        do {
            try connection.send(.data(call: message.id, bytes: bytes))
            return .ok
        } catch {
            return .resourceExhausted
        }
    }

    /// Waits for the answer to a service call whose question `send` sends.
    func reply(to service: UInt64, send: () throws(WireError) -> Void) throws(ServiceFailure) -> ReplyMessage {
        state.withLock { $0.replies[service] = .some(nil) }
        defer { state.withLock { $0.replies[service] = nil } }
        guard !isCancelled else { throw ServiceFailure(.cancelled, "The call was cancelled.") }
        do {
            try send()
        } catch {
            throw ServiceFailure(.resourceExhausted, error.message)
        }
        let reply = state.wait(
            until: message.deadlineNanoseconds,
            while: { state in
                !isCancelled && state.replies[service] == .some(nil)
            }
        ) { $0.replies[service] ?? nil }
        guard let reply else { throw ServiceFailure(.deadlineExceeded, "The call's deadline has passed.") }
        guard let reply, !isCancelled else { throw ServiceFailure(.cancelled, "The call was cancelled.") }
        return reply
    }
}
