import CArenaPlugin
import Synchronization

/// A sink that may have enough after some bytes.
final class BentSink: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var count = 0
        var isShut = false
        var ends = 0
    }

    private let call: BentCall
    private let limit: Int?
    private let keepsBytes: Bool
    private let state = Mutex(State())

    /// - Parameter keepsBytes: or only counts them.
    init(_ conditions: Conditions, in call: BentCall, keepsBytes: Bool = true) {
        self.call = call
        limit = conditions.sinkLimit
        self.keepsBytes = keepsBytes
    }

    var bytes: [UInt8] { state.withLock { $0.bytes } }
    var count: Int { state.withLock { $0.count } }
    var ends: Int { state.withLock { $0.ends } }

    /// A file ends; nothing is written behind that [EXP-4].
    func end() { state.withLock { $0.ends += 1 } }

    func table(in loan: Loan) -> UnsafePointer<arena_sink> {
        var table = arena_sink()
        table.host_context = Unmanaged.passUnretained(self).toOpaque()
        table.write = { sink, data, count in
            guard let context = sink?.pointee.host_context else { return ARENA_INVALID_ARGUMENT }
            return Unmanaged<BentSink>.fromOpaque(context).takeUnretainedValue().write(data, count)
        }
        return UnsafePointer(loan.structure(table))
    }

    private func write(_ data: UnsafeRawPointer?, _ count: UInt64) -> arena_status {
        guard let new = Foreign.bytes(data, count) else {
            call.note(Fault("BYTES-1", "\(count) bytes were written to a sink from nowhere"))
            return ARENA_INVALID_ARGUMENT
        }
        let (wasShut, isShut, isOver) = state.withLock { state in
            let wasShut = state.isShut
            if let limit, state.count + new.count > limit { state.isShut = true }
            if !state.isShut {
                state.count += new.count
                if keepsBytes { state.bytes += new }
            }
            return (wasShut, state.isShut, state.ends > 0)
        }
        if isOver { call.note(Fault("EXP-4", "the plugin wrote to a file that it had ended")) }
        if wasShut { call.note(Fault("SINK-2", "the plugin went on writing to a sink that had refused")) }
        guard isShut else { return ARENA_OK }
        call.note(refusal: Conditions.refusal)
        return Conditions.refusal
    }
}

/// Hears explanations.
final class BentExplanations: Sendable {
    private let call: BentCall
    private let count: Int
    private let texts = Mutex<[Int: String]>([:])

    init(_ count: Int, in call: BentCall) {
        self.count = count
        self.call = call
    }

    subscript(index: Int) -> String { texts.withLock { $0[index] ?? "" } }

    func table(in loan: Loan) -> UnsafePointer<arena_explain_sink> {
        var table = arena_explain_sink()
        table.host_context = Unmanaged.passUnretained(self).toOpaque()
        table.explain = { sink, index, text in
            guard let context = sink?.pointee.host_context else { return }
            Unmanaged<BentExplanations>.fromOpaque(context).takeUnretainedValue().explain(index, text)
        }
        return UnsafePointer(loan.structure(table))
    }

    private func explain(_ index: UInt64, _ text: arena_str) {
        guard index < UInt64(count) else {
            return call.note(Fault("SCORER-3", "item \(index) was explained, of \(count) that were given"))
        }
        guard let text = Foreign.text(text) else {
            return call.note(Fault("STR-3", "an explanation is not valid UTF-8"))
        }
        texts.withLock { $0[Int(index)] = text }
    }
}

/// Takes an answer, and may have enough after some pieces.
final class BentChat: Sendable {
    private let call: BentCall
    private let limit: Int?
    private let state = Mutex(State())

    struct State: Sendable {
        var pieces = 0
        var text = ""
        var ends = 0
        var isShut = false
    }

    init(_ conditions: Conditions, in call: BentCall) {
        self.call = call
        limit = conditions.sinkLimit
    }

    var result: State { state.withLock { $0 } }

    func table(in loan: Loan) -> UnsafePointer<arena_chat_sink> {
        var table = arena_chat_sink()
        table.host_context = Unmanaged.passUnretained(self).toOpaque()
        table.delta = { sink, delta in BentChat.of(sink)?.take(delta?.pointee.text, isEnd: false) ?? ARENA_INTERNAL }
        table.end = { sink, end in BentChat.of(sink)?.take(end?.pointee.finish_reason, isEnd: true) ?? ARENA_INTERNAL }
        return UnsafePointer(loan.structure(table))
    }

    private static func of(_ sink: UnsafePointer<arena_chat_sink>?) -> BentChat? {
        guard let context = sink?.pointee.host_context else { return nil }
        return Unmanaged<BentChat>.fromOpaque(context).takeUnretainedValue()
    }

    private func take(_ foreign: arena_str?, isEnd: Bool) -> arena_status {
        let text = foreign.flatMap(Foreign.text)
        let (before, after) = state.withLock { state in
            let before = state
            if let limit, state.pieces >= limit { state.isShut = true }
            if !state.isShut {
                state.pieces += 1
                state.text += text ?? ""
                if isEnd { state.ends += 1 }
            }
            return (before, state)
        }
        if text == nil { call.note(Fault("STR-3", "a piece of an answer is not valid UTF-8")) }
        if before.isShut { call.note(Fault("SINK-2", "`chat` went on after its sink had refused")) }
        if before.ends > 0, !after.isShut {
            call.note(Fault("ENGINE-1", "`chat` gave \(isEnd ? "a second end" : "a piece after the end")"))
        }
        guard after.isShut else { return ARENA_OK }
        call.note(refusal: Conditions.refusal)
        return Conditions.refusal
    }
}
