package import ArenaCore
import ArenaPluginABI
package import ArenaPluginWire
import CLinux
import Synchronization

/// Hears what a call says while it runs. Called on the child's I/O thread: copy and return.
package protocol CallListener: Sendable {
    func delta(_ bytes: [UInt8])
    /// Takes a piece of the call's output and says whether the child may send as much again at once. A listener that
    /// needs time for it says no, and later calls ``PluginChild/grantCredit(_:to:)`` itself.
    func received(_ bytes: [UInt8], of call: UInt64, from child: PluginChild) -> Bool
    func progressed(_ progress: ProgressMessage)
    func logged(_ line: LogMessage)
    /// A service request; answered later through ``PluginChild/reply(_:)``.
    func requested(_ message: ServiceMessage, of child: PluginChild)
    /// The call has ended, well or badly; nothing is heard afterwards.
    func ended()
}

/// A listener that does nothing, and refuses every service.
extension CallListener {
    package func delta(_ bytes: [UInt8]) {}
    package func received(_ bytes: [UInt8], of call: UInt64, from child: PluginChild) -> Bool {
        delta(bytes)
        return true
    }
    package func progressed(_ progress: ProgressMessage) {}
    package func logged(_ line: LogMessage) {}
    package func requested(_ message: ServiceMessage, of child: PluginChild) {
        child.reply(
            ReplyMessage(
                id: message.id, status: .failedPrecondition, message: "This call has no services.",
                detail: #"{"code":"service.not_here"}"#))
    }
    package func ended() {}
}

/// One child process with at most one plugin in it, and the calls that are open on it.
///
/// Every call ends exactly once: with the child's result, or with the fault that ended the child. Safe in any thread.
package final class PluginChild: Sendable {
    struct OpenCall {
        let operation: Operation
        let listener: (any CallListener)?
        let startedAt: UInt64
        /// When the child is ended for not answering.
        var killAt: UInt64?
        let resume: @Sendable (Result<ResultMessage, PluginFault>) -> Void
    }
    struct State {
        var calls: [UInt64: OpenCall] = [:]
        var nextCall: UInt64 = 1
        var handshake: (@Sendable (Result<Ready, PluginFault>) -> Void)?
        var handshakeStartedAt: UInt64 = 0
        var handshakeKillAt: UInt64?
        /// When the I/O thread wakes by itself to look at the deadlines.
        var wakesAt: UInt64?
        var plugin = ""
        var tail = OutputTail()
        var fault: PluginFault.Kind?
        var isOver = false
        /// How the process ended, once it has.
        var end: ProcessEnd = .exited(0)
        var waitingForEnd: [CheckedContinuation<ProcessEnd, Never>] = []
        var memoryLimit: ByteCount?
        var openServices = 0
        var onPrint: (@Sendable (String) -> Void)?
    }

    /// A child that has this many service requests unanswered is broken.
    static let mostServiceRequests = 1024
    /// What a call may overrun its deadline, and how long it may ignore a cancellation, before its child is ended.
    package static let grace: Duration = .milliseconds(300)

    package let process: WorkerProcess
    /// A folder that only this child may write to; removed when it has ended.
    package let scratch: String
    let link: ChildLink
    let state = Mutex(State())

    init(process: WorkerProcess, link: ChildLink, scratch: String) {
        self.process = process
        self.link = link
        self.scratch = scratch
    }

    /// Lines that the child prints from now on. Called on the I/O thread.
    package func onPrint(_ action: @escaping @Sendable (String) -> Void) {
        state.withLock { $0.onPrint = action }
    }

    /// Ends the child once it holds more than this, whatever it is doing.
    package func limitMemory(to limit: ByteCount) {
        state.withLock { $0.memoryLimit = limit }
        link.nudge()
    }

    /// Ends the process at once. Open calls end with the fault.
    package func kill() { process.kill() }

    /// Lets the plugin shut down and ends. The process is ended by force if it does not within ``grace``.
    package func dismiss() {
        // The socket stays open: its end would tell the child that its host is gone, and to exit at once.
        if let bytes = try? HostMessage.bye.encode() { link.send(bytes) }
        state.withLock { state in
            if !state.isOver { state.handshakeKillAt = monotonicNanoseconds() + Self.grace.nanoseconds }
        }
        link.nudge()
    }

    /// How it ended; waits until it has, and all that it printed was read.
    package func end() async -> ProcessEnd {
        await withCheckedContinuation { continuation in
            let end: ProcessEnd? = state.withLock { state in
                if state.isOver { return state.end }
                state.waitingForEnd.append(continuation)
                return nil
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    package var isOver: Bool { state.withLock { $0.isOver || $0.fault != nil } }

    /// Loads the plugin behind its fences.
    package func load(_ hello: Hello, within limit: Duration) async throws(PluginFault) -> Ready {
        let bytes: [UInt8]
        do { bytes = try HostMessage.hello(hello.json).encode() } catch {
            throw PluginFault(.wireViolation(error.message))
        }
        let result: Result<Ready, PluginFault> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let end: ProcessEnd? = state.withLock { state in
                    state.plugin = hello.plugin.id
                    if state.isOver { return state.end }
                    state.handshake = { continuation.resume(returning: $0) }
                    state.handshakeStartedAt = monotonicNanoseconds()
                    state.handshakeKillAt = state.handshakeStartedAt + limit.nanoseconds
                    return nil
                }
                if let end {
                    continuation.resume(returning: .failure(PluginFault(.crashed(end, during: "start"))))
                } else {
                    link.send(bytes)
                    link.nudge()
                }
            }
        } onCancel: {
            kill()
        }
        let ready: Ready
        do throws(PluginFault) { ready = try result.get() } catch {
            // The cancellation ended the child, not the plugin.
            throw Task.isCancelled ? PluginFault(.cancelled, plugin: hello.plugin.id) : error
        }
        guard ready.nonce == hello.nonce else {
            kill()
            throw PluginFault(.wireViolation("the nonce of ready is not that of hello"), plugin: hello.plugin.id)
        }
        return ready
    }

    /// Makes a call and waits for its end. Cancelling the task cancels the call; the plugin then has ``grace``.
    ///
    /// - Parameter deadline: CLOCK_MONOTONIC in nanoseconds; `nil`: none.
    /// - Throws: also ``PluginFault/Kind/failed(_:_:retry:)`` for a status other than OK.
    package func call(
        _ request: CallRequest, deadline: UInt64?, listener: (any CallListener)? = nil
    ) async throws(PluginFault) -> [UInt8] {
        let id = state.withLock { state in
            defer { state.nextCall += 1 }
            return state.nextCall
        }
        let result = await withTaskCancellationHandler {
            await open(id, request, deadline, listener)
        } onCancel: {
            cancel(id)
        }
        listener?.ended()
        let message = try result.get()
        guard message.status != .ok else { return message.payload }
        if message.status == .cancelled, Task.isCancelled { throw PluginFault(.cancelled) }
        let failure = CallFailure(message.status, message.message, detail: message.detail)
        throw PluginFault(failure, plugin: state.withLock { $0.plugin })
    }

    /// Answers a service request.
    package func reply(_ message: ReplyMessage) {
        state.withLock { $0.openServices -= 1 }
        let answer: ReplyMessage
        if message.data.count > WireFormat.maximumBody - (64 << 10) {
            answer = ReplyMessage(
                id: message.id, status: .resourceExhausted, message: "The answer does not fit into a frame of 16 MiB.")
        } else {
            answer = message
        }
        if let bytes = try? HostMessage.reply(answer).encode() { link.send(bytes) }
    }

    /// Gives a call's output more room.
    package func grantCredit(_ bytes: Int, to call: UInt64) {
        guard let bytes = try? HostMessage.credit(call: call, bytes: UInt32(clamping: bytes)).encode() else { return }
        link.send(bytes)
    }

    private func open(
        _ id: UInt64, _ request: CallRequest, _ deadline: UInt64?, _ listener: (any CallListener)?
    ) async -> Result<ResultMessage, PluginFault> {
        let bytes: [UInt8]
        do {
            bytes = try HostMessage.call(
                CallMessage(id: id, deadlineNanoseconds: deadline ?? 0, request: request)
            ).encode()
        } catch {
            let failure = Failure(
                code: error.code, category: .resourceExhausted, message: error.message, hint: error.hint)
            return .failure(PluginFault(.failed(.resourceExhausted, failure, retry: false)))
        }
        return await withCheckedContinuation { continuation in
            let now = monotonicNanoseconds()
            let call = OpenCall(
                operation: request.operation, listener: listener, startedAt: now,
                killAt: deadline.map { $0 + Self.grace.nanoseconds },
                resume: { continuation.resume(returning: $0) })
            var wakesTooLate = false
            let fault: PluginFault? = state.withLock { state in
                if state.isOver || state.fault != nil {
                    return PluginFault(
                        state.fault ?? .crashed(state.end, during: "\(call.operation)"), plugin: state.plugin,
                        output: state.tail.summary)
                }
                state.calls[id] = call
                wakesTooLate = call.killAt.map { $0 < state.wakesAt ?? .max } ?? false
                return nil
            }
            if let fault { return continuation.resume(returning: .failure(fault)) }
            link.send(bytes)
            if wakesTooLate { link.nudge() }
            if Task.isCancelled { cancel(id) }
        }
    }

    private func cancel(_ id: UInt64) {
        let open = state.withLock { state in
            guard var call = state.calls[id] else { return false }
            call.killAt = min(call.killAt ?? .max, monotonicNanoseconds() + Self.grace.nanoseconds)
            state.calls[id] = call
            return true
        }
        guard open, let bytes = try? HostMessage.cancel(call: id).encode() else { return }
        link.send(bytes)
        link.nudge()
    }
}
