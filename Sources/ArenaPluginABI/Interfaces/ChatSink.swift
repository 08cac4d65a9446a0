import ArenaCore
import CArenaPlugin
import Synchronization

/// A piece of an answer as an engine gives it.
package struct ChatPiece: Hashable, Sendable {
    package enum Channel: UInt32, Sendable { case content = 0, reasoning, tool }

    package var channel: Channel
    /// The index of the choice, from 0.
    package var choice: UInt32
    package var text: String
    /// The upstream chunk verbatim, or empty.
    package var raw: [UInt8]
}

/// The end of a successful answer.
package struct ChatCompletion: Hashable, Sendable {
    package var finishReason: String
    /// JSON as the engine wrote it, or empty.
    package var usage: String
    /// JSON as the engine wrote it, or empty.
    package var meta: String
}

/// The `arena_chat_sink` of one answer.
final class ChatSink: @unchecked Sendable {
    typealias Receiver = @Sendable (ChatPiece) -> StatusCode

    // `raw` is written once, in init; what changes is behind `state`.
    private let raw: UnsafeMutablePointer<arena_chat_sink>
    private let call: CallContext
    private let receive: Receiver
    private let state = Mutex(State())

    private struct State {
        var end: ChatCompletion?
        var ends = 0
        var fault: String?
    }

    /// What is kept of usage and meta each, in bytes.
    private static let endLimit = 1 << 20

    init(in call: CallContext, receive: @escaping Receiver) {
        self.call = call
        self.receive = receive
        raw = .allocate(capacity: 1)
        raw.initialize(to: arena_chat_sink())
        raw.pointee.struct_size = UInt32(MemoryLayout<arena_chat_sink>.size)
        raw.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        raw.pointee.delta = { sink, delta in
            guard let sink = ChatSink.of(sink) else { return ARENA_INVALID_ARGUMENT }
            return sink.delta(delta).rawValue
        }
        raw.pointee.end = { sink, end in
            guard let sink = ChatSink.of(sink) else { return ARENA_INVALID_ARGUMENT }
            return sink.end(end).rawValue
        }
    }

    deinit { raw.deallocate() }

    private static func of(_ sink: UnsafePointer<arena_chat_sink>?) -> ChatSink? {
        guard let context = sink?.pointee.host_context else { return nil }
        return Unmanaged<ChatSink>.fromOpaque(context).takeUnretainedValue()
    }

    func with<R>(_ body: (UnsafePointer<arena_chat_sink>) -> R) -> R {
        withExtendedLifetime(self) { body(UnsafePointer(raw)) }
    }

    /// The end that the engine gave, after a call that succeeded [ENGINE-1].
    func completion() throws(CallFailure) -> ChatCompletion {
        let state = state.withLock { $0 }
        if let fault = state.fault { throw .fault(fault) }
        guard let end = state.end, state.ends == 1 else {
            throw .fault("The engine succeeded after \(state.ends) ends of its answer; there is exactly one.")
        }
        return end
    }

    private func delta(_ foreign: UnsafePointer<arena_chat_delta>?) -> StatusCode {
        guard let foreign, foreign.pointee.struct_size >= ARENA_CHAT_DELTA_MIN_SIZE,
            let channel = ChatPiece.Channel(rawValue: foreign.pointee.channel),
            let text = ForeignText.string(foreign.pointee.text),
            let raw = ForeignText.bytes(foreign.pointee.raw.ptr, foreign.pointee.raw.len)
        else { return refuse("A piece of the answer cannot be read.") }
        guard state.withLock({ $0.ends == 0 }) else { return refuse("A piece of the answer came after its end.") }
        if call.isCancelled {
            call.note(refusal: .cancelled, "The call was cancelled.")
            return .cancelled
        }
        let status = receive(
            ChatPiece(channel: channel, choice: foreign.pointee.choice, text: text, raw: Array(raw)))
        if status != .ok { call.note(refusal: status, "The reader of the answer has gone.") }
        return status
    }

    private func end(_ foreign: UnsafePointer<arena_chat_end>?) -> StatusCode {
        guard let foreign, foreign.pointee.struct_size >= ARENA_CHAT_END_MIN_SIZE,
            let finishReason = ForeignText.string(foreign.pointee.finish_reason, limit: 256),
            let usage = ForeignText.json(foreign.pointee.usage_json, limit: Self.endLimit),
            let meta = ForeignText.json(foreign.pointee.meta_json, limit: Self.endLimit)
        else { return refuse("The end of the answer cannot be read.") }
        state.withLock {
            $0.end = ChatCompletion(finishReason: finishReason, usage: usage, meta: meta)
            $0.ends += 1
        }
        return .ok
    }

    private func refuse(_ fault: String) -> StatusCode {
        state.withLock { $0.fault = fault }
        call.note(refusal: .invalidArgument, fault)
        return .invalidArgument
    }
}
