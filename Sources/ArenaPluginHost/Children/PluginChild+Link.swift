import ArenaCore
import ArenaPluginWire
import Synchronization

/// What the I/O thread tells: frames, prints, time, the end. Everything in a frame is the child's word and untrusted.
extension PluginChild: ChildLinkOwner {
    func received(_ frame: Frame) {
        // What follows a violation, or the decision to end the child, counts for nothing, a result least of all.
        guard state.withLock({ $0.fault == nil }) else { return }
        do {
            switch try ChildMessage(frame) {
            case .ready(let json): settleHandshake(.success(try Ready(json)))
            case .refused(let json):
                let failure = try Refusal.failure(json)
                settleHandshake(.failure(PluginFault(.refused(failure), plugin: state.withLock { $0.plugin })))
            case .result(let message): settle(message)
            case .data(let call, let bytes):
                if listener(of: call)?.received(bytes, of: call, from: self) ?? true {
                    grantCredit(bytes.count, to: call)
                }
            case .progress(let progress): listener(of: progress.call)?.progressed(progress)
            case .log(let line):
                if let listener = listener(of: line.call) {
                    listener.logged(line)
                } else {
                    state.withLock { $0.onPrint }?(line.message)
                }
            case .service(let message): serve(message)
            }
        } catch {
            end(.wireViolation(error.message))
        }
    }

    func printed(_ bytes: ArraySlice<UInt8>) {
        let (lines, action) = state.withLock { ($0.tail.append(bytes), $0.onPrint) }
        for line in lines { action?(line) }
    }

    func disconnected(_ error: WireError?) {
        if let error { end(.wireViolation(error.message)) }
    }

    func finished() {
        let rest = state.withLock { ($0.tail.finish(), $0.onPrint) }
        for line in rest.0 { rest.1?(line) }
        Task { await bury() }
    }

    func tick(_ now: UInt64) -> UInt64? {
        var late: PluginFault.Kind?
        let next: UInt64? = state.withLock { state in
            guard !state.isOver, state.fault == nil else { return nil }
            // A time that is set stays, even if its call has ended: the next call then needs no wake-up.
            var next = state.wakesAt.flatMap { $0 > now ? $0 : nil } ?? .max
            next = min(next, state.handshakeKillAt ?? .max)
            if let limit = state.memoryLimit {
                next = min(next, now + MemoryWatch.interval)
                if let held = MemoryWatch.residentBytes(of: process.pid), held > limit.bytes {
                    late = .outOfMemory(limit: limit)
                }
            }
            if next <= now {
                let spent = Int64((now - min(now, state.handshakeStartedAt)) / 1_000_000)
                late = .unresponsive(during: "loading", afterMilliseconds: spent)
            }
            for call in state.calls.values {
                guard let at = call.killAt else { continue }
                if at <= now {
                    let spent = Int64((now - call.startedAt) / 1_000_000)
                    late = .unresponsive(during: "\(call.operation)", afterMilliseconds: spent)
                }
                next = min(next, at)
            }
            state.wakesAt = next == .max ? nil : next
            return state.wakesAt
        }
        if let late { end(late) }
        return late == nil ? next : nil
    }

    private func listener(of call: UInt64) -> (any CallListener)? {
        state.withLock { $0.calls[call]?.listener }
    }

    private func serve(_ message: ServiceMessage) {
        let (listener, isFlood) = state.withLock { state in
            state.openServices += 1
            return (state.calls[message.call]?.listener, state.openServices > Self.mostServiceRequests)
        }
        if isFlood { return end(.wireViolation("more than \(Self.mostServiceRequests) open service requests")) }
        guard let listener else {
            return reply(
                ReplyMessage(id: message.id, status: .cancelled, message: "The call of this request has ended."))
        }
        listener.requested(message, of: self)
    }

    private func settle(_ message: ResultMessage) {
        let call = state.withLock { $0.calls.removeValue(forKey: message.id) }
        guard let call else { return end(.wireViolation("a result for call \(message.id), which is not open")) }
        call.resume(.success(message))
    }

    private func settleHandshake(_ result: Result<Ready, PluginFault>) {
        let resume = state.withLock { state in
            state.handshakeKillAt = nil
            defer { state.handshake = nil }
            return state.handshake
        }
        guard let resume else { return end(.wireViolation("a second ready or refused")) }
        resume(result)
    }

    /// Ends the process for a reason of the host's own, which the open calls are told once it is gone.
    private func end(_ fault: PluginFault.Kind) {
        state.withLock { if $0.fault == nil { $0.fault = fault } }
        process.kill()
    }

    /// After the last byte: waits for the process, then ends whatever is still open.
    private func bury() async {
        let end = await process.end()
        let last = state.withLock { state in
            state.isOver = true
            state.end = end
            defer {
                state.calls = [:]
                state.handshake = nil
                state.waitingForEnd = []
            }
            return state
        }
        func fault(during activity: String) -> PluginFault {
            PluginFault(
                last.fault ?? .crashed(end, during: activity), plugin: last.plugin, output: last.tail.summary)
        }
        for call in last.calls.values { call.resume(.failure(fault(during: "\(call.operation)"))) }
        last.handshake?(.failure(fault(during: "loading")))
        ScratchFolder.remove(scratch)
        for continuation in last.waitingForEnd { continuation.resume(returning: end) }
    }
}
