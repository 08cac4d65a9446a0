import ArenaCore
import ArenaPluginABI
import ArenaPluginWire
import Synchronization

/// Takes the service calls of the plugin to the host and their answers back.
final class ServiceDesk: Sendable {
    private let connection: Connection
    private let state = Mutex(State())

    private struct State {
        var calls: [UInt64: RunningCall] = [:]
        var lastService: UInt64 = 0
        /// Whose service call each is.
        var waiting: [UInt64: RunningCall] = [:]
    }

    init(_ connection: Connection) { self.connection = connection }

    /// A call has begun. Returns `false` when its id is in use.
    func add(_ call: RunningCall) -> Bool {
        state.withLock { state in
            guard state.calls[call.message.id] == nil else { return false }
            state.calls[call.message.id] = call
            return true
        }
    }

    /// A call has ended. Returns how many go on.
    func remove(_ call: RunningCall) -> Int {
        state.withLock { state in
            state.calls[call.message.id] = nil
            return state.calls.count
        }
    }

    var runningCalls: Int { state.withLock { $0.calls.count } }

    func call(_ id: UInt64) -> RunningCall? { state.withLock { $0.calls[id] } }

    /// The host has answered. An answer that nobody waits for any more is dropped.
    func deliver(_ reply: ReplyMessage) {
        let call = state.withLock { $0.waiting.removeValue(forKey: reply.id) }
        call?.deliver(reply)
    }

    /// Asks the host on behalf of a call and waits.
    func ask(_ request: ServiceRequest, in context: CallContext) throws(ServiceFailure) -> [UInt8] {
        guard let call = call(context.id) else {
            throw ServiceFailure(
                .failedPrecondition, "The service \(request.method.serviceID) can be used during a call only.")
        }
        let id = state.withLock { state in
            state.lastService += 1
            state.waiting[state.lastService] = call
            return state.lastService
        }
        defer { state.withLock { $0.waiting[id] = nil } }
        let reply = try call.reply(to: id) { () throws(WireError) in
            try connection.send(.service(ServiceMessage(id: id, call: call.message.id, request: request)))
        }
        guard reply.status == .ok else { throw ServiceFailure(reply.status, reply.message, detail: reply.detail) }
        return reply.data
    }
}
