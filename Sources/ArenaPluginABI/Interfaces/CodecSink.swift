import ArenaCore
import ArenaJSON
import CArenaPlugin
import Synchronization

/// What a decoder found in a piece of an answer.
package enum CodecFinding: Hashable, Sendable {
    case delta(ChatPiece)
    case end(ChatCompletion)
    /// A JSON document, as the plugin wrote it.
    case value(String)
    /// A further HTTP request, as the plugin wrote it.
    case request(String)
}

/// What one call of `feed` may find [CODEC-8].
package struct CodecFeedLimits: Hashable, Sendable {
    package var events: Int
    /// Of texts, raw chunks and documents together.
    package var bytes: Int

    package init(events: Int = 4096, bytes: Int = 8 << 20) {
        self.events = events
        self.bytes = bytes
    }

    /// What bytes come in may go out again, once as text and once verbatim.
    fileprivate func allowing(_ input: Int) -> Self { Self(events: events + input, bytes: bytes + 2 * input) }
}

/// The `arena_codec_sink` of one call of `feed`.
final class CodecSink: @unchecked Sendable {
    // `raw` is written once, in init; what changes is behind `state`.
    private let raw: UnsafeMutablePointer<arena_codec_sink>
    private let call: CallContext
    private let limits: CodecFeedLimits
    private let state = Mutex(State())

    private struct State {
        var findings: [CodecFinding] = []
        var bytes = 0
        var fault: CallFailure?
    }

    init(in call: CallContext, input: Int, limits: CodecFeedLimits) {
        self.call = call
        self.limits = limits.allowing(input)
        raw = .allocate(capacity: 1)
        raw.initialize(to: arena_codec_sink())
        raw.pointee.struct_size = UInt32(MemoryLayout<arena_codec_sink>.size)
        raw.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        raw.pointee.delta = { CodecSink.of($0)?.delta($1).rawValue ?? ARENA_INVALID_ARGUMENT }
        raw.pointee.end = { CodecSink.of($0)?.end($1).rawValue ?? ARENA_INVALID_ARGUMENT }
        raw.pointee.value = { CodecSink.of($0)?.document($1, CodecFinding.value).rawValue ?? ARENA_INVALID_ARGUMENT }
        raw.pointee.request = {
            CodecSink.of($0)?.document($1, CodecFinding.request).rawValue ?? ARENA_INVALID_ARGUMENT
        }
    }

    deinit { raw.deallocate() }

    private static func of(_ sink: UnsafePointer<arena_codec_sink>?) -> CodecSink? {
        guard let context = sink?.pointee.host_context else { return nil }
        return Unmanaged<CodecSink>.fromOpaque(context).takeUnretainedValue()
    }

    func with<R>(_ body: (UnsafePointer<arena_codec_sink>) -> R) -> R {
        withExtendedLifetime(self) { body(UnsafePointer(raw)) }
    }

    /// A rule that was broken, whatever status the call returned.
    var fault: CallFailure? { state.withLock { $0.fault } }

    /// What was found, after a call that succeeded.
    var findings: [CodecFinding] { state.withLock { $0.findings } }

    private func delta(_ foreign: UnsafePointer<arena_chat_delta>?) -> StatusCode {
        guard let foreign, foreign.pointee.struct_size >= ARENA_CHAT_DELTA_MIN_SIZE,
            let channel = ChatPiece.Channel(rawValue: foreign.pointee.channel),
            let text = ForeignText.string(foreign.pointee.text, limit: limits.bytes),
            let raw = ForeignText.bytes(foreign.pointee.raw.ptr, foreign.pointee.raw.len)
        else { return refuse(.fault("A piece of the answer cannot be read.")) }
        guard raw.count <= limits.bytes else { return refuse(tooMuch) }
        let piece = ChatPiece(channel: channel, choice: foreign.pointee.choice, text: text, raw: Array(raw))
        return keep(.delta(piece), bytes: text.utf8.count + raw.count)
    }

    private func end(_ foreign: UnsafePointer<arena_chat_end>?) -> StatusCode {
        guard let foreign, foreign.pointee.struct_size >= ARENA_CHAT_END_MIN_SIZE,
            let finishReason = ForeignText.string(foreign.pointee.finish_reason, limit: 256),
            let usage = ForeignText.json(foreign.pointee.usage_json, limit: 1 << 20),
            let meta = ForeignText.json(foreign.pointee.meta_json, limit: 1 << 20)
        else { return refuse(.fault("The end of the answer cannot be read.")) }
        let end = ChatCompletion(finishReason: finishReason, usage: usage, meta: meta)
        return keep(.end(end), bytes: usage.utf8.count + meta.utf8.count)
    }

    private func document(_ foreign: arena_str, _ finding: (String) -> CodecFinding) -> StatusCode {
        guard foreign.len <= UInt64(limits.bytes) else { return refuse(tooMuch) }
        guard let text = ForeignText.string(foreign) else { return refuse(.fault("A document is not valid UTF-8.")) }
        return keep(finding(text), bytes: text.utf8.count)
    }

    private func keep(_ finding: CodecFinding, bytes: Int) -> StatusCode {
        if call.isCancelled {
            call.note(refusal: .cancelled, "The call was cancelled.")
            return .cancelled
        }
        let isKept = state.withLock { state in
            guard state.fault == nil, state.findings.count < limits.events, state.bytes + bytes <= limits.bytes else {
                return false
            }
            state.findings.append(finding)
            state.bytes += bytes
            return true
        }
        return isKept ? .ok : refuse(tooMuch)
    }

    private var tooMuch: CallFailure {
        let detail: JSONValue = [
            "code": "plugin.codec_flood", "hint": "This is a fault of the plugin: report it to its author.",
        ]
        return CallFailure(
            .resourceExhausted,
            "The codec found more than \(limits.events) events or \(limits.bytes) bytes in one piece of an answer.",
            detail: detail.text())
    }

    private func refuse(_ failure: CallFailure) -> StatusCode {
        state.withLock { $0.fault = $0.fault ?? failure }
        return failure.status
    }
}
