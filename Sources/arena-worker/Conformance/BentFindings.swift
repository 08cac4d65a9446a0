import ArenaJSON
import CArenaPlugin
import Synchronization

/// Takes what a decoder finds in one answer, over all its pieces, and may have enough after some findings.
final class BentFindings: Sendable {
    struct State: Sendable {
        /// A line a finding, equal when the finding is.
        var events: [String] = []
        /// What was added to all channels.
        var text = ""
        var ends = 0
        var values = 0
        /// The further requests since they were last taken.
        var requests: [[UInt8]] = []
        var isShut = false
    }

    private struct Piece {
        let call: BentCall
        let mostEvents: Int
        let mostBytes: Int
        var events = 0
        var bytes = 0
    }

    private let limit: Int?
    private let state = Mutex(State())
    private let piece = Mutex<Piece?>(nil)

    init(_ conditions: Conditions) { limit = conditions.sinkLimit }

    var result: State { state.withLock { $0 } }

    /// The further request that the operation needs; `nil`: none.
    func takeRequest() -> [UInt8]? { state.withLock { $0.requests.isEmpty ? nil : $0.requests.removeFirst() } }

    /// The sink for one piece of the answer.
    func table(in loan: Loan, of call: BentCall, input: Int) -> UnsafePointer<arena_codec_sink> {
        // [CODEC-8], and what comes in may go out again as text and verbatim.
        piece.withLock {
            $0 = Piece(call: call, mostEvents: 4096 + input, mostBytes: (8 << 20) + 2 * input)
        }
        var table = arena_codec_sink()
        table.host_context = Unmanaged.passUnretained(self).toOpaque()
        table.delta = { sink, delta in BentFindings.of(sink)?.delta(delta) ?? ARENA_INTERNAL }
        table.end = { sink, end in BentFindings.of(sink)?.end(end) ?? ARENA_INTERNAL }
        table.value = { sink, text in BentFindings.of(sink)?.value(text) ?? ARENA_INTERNAL }
        table.request = { sink, text in BentFindings.of(sink)?.request(text) ?? ARENA_INTERNAL }
        return UnsafePointer(loan.structure(table))
    }

    private static func of(_ sink: UnsafePointer<arena_codec_sink>?) -> BentFindings? {
        guard let context = sink?.pointee.host_context else { return nil }
        return Unmanaged<BentFindings>.fromOpaque(context).takeUnretainedValue()
    }

    private func delta(_ foreign: UnsafePointer<arena_chat_delta>?) -> arena_status {
        guard let delta = foreign?.pointee, delta.struct_size >= ARENA_CHAT_DELTA_MIN_SIZE else {
            return refuse(Fault("ABI-4", "`feed` gave a delta whose struct_size is too small"))
        }
        guard let text = Foreign.text(delta.text),
            let raw = Foreign.bytes(delta.raw.ptr.map(UnsafeRawPointer.init), delta.raw.len)
        else { return refuse(Fault("STR-3", "`feed` gave a piece of an answer that is not valid UTF-8")) }
        guard delta.channel <= 2 else {
            return refuse(Fault("CODEC-2", "`feed` gave a piece on channel \(delta.channel), which is none"))
        }
        let raws = String(decoding: raw, as: UTF8.self)
        return take("delta \(delta.channel) \(delta.choice) \(text) \(raws)", bytes: text.utf8.count + raw.count) {
            $0.text += text
        }
    }

    private func end(_ foreign: UnsafePointer<arena_chat_end>?) -> arena_status {
        guard let end = foreign?.pointee, end.struct_size >= ARENA_CHAT_END_MIN_SIZE else {
            return refuse(Fault("ABI-4", "`feed` gave an end whose struct_size is too small"))
        }
        guard let reason = Foreign.text(end.finish_reason), let usage = Foreign.text(end.usage_json),
            let meta = Foreign.text(end.meta_json)
        else { return refuse(Fault("STR-3", "`feed` gave an end that is not valid UTF-8")) }
        guard [usage, meta].allSatisfy({ $0.isEmpty || (try? JSONValue(parsing: $0)) != nil }) else {
            return refuse(Fault("CODEC-2", "`feed` gave an end whose usage or meta is no JSON"))
        }
        return take("end \(reason) \(usage) \(meta)", bytes: usage.utf8.count + meta.utf8.count) { $0.ends += 1 }
    }

    private func value(_ foreign: arena_str) -> arena_status {
        guard let text = Foreign.text(foreign) else {
            return refuse(Fault("STR-3", "`feed` gave a value that is not valid UTF-8"))
        }
        guard (try? JSONValue(parsing: text)) != nil else {
            return refuse(Fault("CODEC-13", "`feed` gave a value that is no JSON: \(text.prefix(80))"))
        }
        return take("value \(text)", bytes: text.utf8.count) { $0.values += 1 }
    }

    private func request(_ foreign: arena_str) -> arena_status {
        guard let text = Foreign.text(foreign) else {
            return refuse(Fault("STR-3", "`feed` gave a request that is not valid UTF-8"))
        }
        if let fault = RequestForm.fault(in: Array(text.utf8)) { return refuse(fault) }
        return take("request \(text)", bytes: text.utf8.count) { $0.requests.append(Array(text.utf8)) }
    }

    private func refuse(_ fault: Fault) -> arena_status {
        piece.withLock { piece in
            piece?.call.note(fault)
            piece?.call.note(refusal: ARENA_INTERNAL)
        }
        return ARENA_INTERNAL
    }

    private func take(_ event: String, bytes: Int, _ change: (inout State) -> Void) -> arena_status {
        guard let piece = count(bytes) else { return ARENA_INTERNAL }
        if piece.events > piece.mostEvents || piece.bytes > piece.mostBytes {
            piece.call.note(
                Fault("CODEC-8", "one call of `feed` found \(piece.events) events and \(piece.bytes) bytes"))
            piece.call.note(refusal: ARENA_RESOURCE_EXHAUSTED)
            return ARENA_RESOURCE_EXHAUSTED
        }
        if piece.call.isCancelled {
            piece.call.note(refusal: ARENA_CANCELLED)
            return ARENA_CANCELLED
        }
        let (wasShut, wasOver, isShut) = state.withLock { state in
            let before = (state.isShut, state.ends + state.values > 0)
            if let limit, state.events.count >= limit { state.isShut = true }
            if !state.isShut {
                state.events.append(event)
                change(&state)
            }
            return (before.0, before.1, state.isShut)
        }
        if wasShut { piece.call.note(Fault("SINK-2", "`feed` went on after its sink had refused")) }
        if wasOver, !isShut {
            piece.call.note(Fault("CODEC-2", "`feed` gave \(event.prefix(60)) after the end of the answer"))
        }
        guard isShut else { return ARENA_OK }
        piece.call.note(refusal: Conditions.refusal)
        return Conditions.refusal
    }

    private func count(_ bytes: Int) -> Piece? {
        piece.withLock { piece in
            piece?.events += 1
            piece?.bytes += bytes
            return piece
        }
    }
}

/// The form of an HTTP request that a codec writes [CODEC-9], as strict as the host is.
enum RequestForm {
    /// The host's own business [CODEC-3].
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "authorization", "proxy-authorization", "cookie",
        "expect", "upgrade", "te", "trailer",
    ]

    static func fault(in text: [UInt8]) -> Fault? {
        func fault(_ what: String) -> Fault {
            Fault("CODEC-9", "a request \(what): \(String(decoding: text.prefix(120), as: UTF8.self))")
        }
        guard let document = try? JSONValue(parsing: text), document.object != nil else {
            return fault("is no JSON object")
        }
        guard ["GET", "POST"].contains(document["method"]?.string) else { return fault("has a method of its own") }
        let path = document["path"]?.string ?? ""
        guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count <= 2048,
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") }),
            !path.split(separator: "/").contains("..")
        else { return fault("has no plain path") }
        for (name, value) in document["headers"]?.object ?? [:] {
            if reserved.contains(name.lowercased()) { return Fault("CODEC-3", "a request sets the header \(name)") }
            let isToken = name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
            guard !name.isEmpty, isToken, let text = value.string, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { return fault("has a header that is no line of text") }
        }
        if let body = document["body"], body.string == nil { return fault("has a body that is no text") }
        return nil
    }
}
