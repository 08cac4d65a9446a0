import ArenaCore
import CArenaPlugin

/// What a request to a lane is for, with the numbers of `arena/lane_codec.h`.
package enum CodecOperation: UInt32, CaseIterable, Sendable {
    case identify = 0
    case chat, complete, embed, rerank, models, health, load, unload

    /// Whether its answer is deltas and an end rather than a document.
    package var isAnswer: Bool { self == .chat || self == .complete }
}

/// A lane codec that a library provides.
package struct LaneCodecKind: Sendable {
    /// The id in the manifest's `provides`.
    package let kind: String
    fileprivate let table: ForeignTable<arena_lane_codec_v1>

    /// Makes a codec. [worker]
    ///
    /// - Parameter config: A JSON object that was checked against the manifest's schema, or empty.
    package func create(config: String, in call: CallContext) throws(CallFailure) -> LaneCodec {
        var object: UnsafeMutableRawPointer?
        guard let create = table.functions.create else { throw .fault("The codec has no `create`.") }
        try call.perform("create") { call in config.lend { create(call, $0, &object) } }
        return LaneCodec(kind: self, object: object)
    }
}

extension PluginLibrary {
    /// The lane codec of a kind.
    ///
    /// - Throws: ``PluginABIError`` when the library has none, or one whose table breaks the rules.
    package func laneCodec(_ kind: String) throws(PluginABIError) -> LaneCodecKind {
        LaneCodecKind(kind: kind, table: try table(.laneCodec, kind: kind))
    }
}

/// A codec that was made. Calls may be concurrent.
package final class LaneCodec: Sendable {
    private let kind: LaneCodecKind
    private let slot: ForeignObjectSlot

    /// What the host keeps of a request, in bytes.
    private static let requestLimit = 12 << 20

    fileprivate init(kind: LaneCodecKind, object: UnsafeMutableRawPointer?) {
        self.kind = kind
        slot = ForeignObjectSlot(ForeignObject(object) { kind.table.functions.destroy?($0) })
    }

    /// Gives the object back to the plugin once its calls have returned and its decoders are gone [CODEC-6]; later calls
    /// fail.
    package func destroy() { slot.giveBack() }

    /// The HTTP request that an operation begins with, as the codec wrote it.
    package func encode(
        _ operation: CodecOperation, request: String, in call: CallContext
    ) throws(CallFailure) -> String {
        guard let encode = kind.table.functions.encode else { throw .fault("The codec has no `encode`.") }
        let object = try slot.object()
        let sink = CollectingSink("HTTP request", limit: Self.requestLimit, in: call)
        try call.perform("encode") { call in
            request.lend { text in sink.with { encode(object.pointer, call, operation.rawValue, text, $0) } }
        }
        return try sink.text()
    }

    /// Makes what reads the answer to one operation.
    package func decoder(
        _ operation: CodecOperation, request: String, in call: CallContext
    ) throws(CallFailure) -> CodecDecoder {
        guard let create = kind.table.functions.decoder_create else {
            throw .fault("The codec has no `decoder_create`.")
        }
        let object = try slot.object()
        var decoder: UnsafeMutableRawPointer?
        try call.perform("decoder_create") { call in
            request.lend { create(object.pointer, call, operation.rawValue, $0, &decoder) }
        }
        return CodecDecoder(kind: kind, codec: object, object: decoder)
    }
}

/// What reads the answer to one operation. Calls on it are never concurrent.
package final class CodecDecoder: Sendable {
    private let kind: LaneCodecKind
    private let slot: ForeignObjectSlot

    /// - Parameter codec: Goes after its decoders.
    fileprivate init(kind: LaneCodecKind, codec: ForeignObject, object: UnsafeMutableRawPointer?) {
        self.kind = kind
        slot = ForeignObjectSlot(
            ForeignObject(object) { decoder in
                withExtendedLifetime(codec) { kind.table.functions.decoder_destroy?(decoder) }
            })
    }

    /// Gives the object back to the plugin once a call that uses it has returned; later ones fail.
    package func destroy() { slot.giveBack() }

    /// Reads the next bytes of the answer and gives what is found in them.
    ///
    /// - Parameter headers: a JSON object of the answer's headers, their names in lower case.
    /// - Throws: ``CallFailure``: what the server's failure means, or that the codec broke a rule.
    package func feed(
        status: UInt32, headers: String, bytes: [UInt8], isLast: Bool, in call: CallContext,
        limits: CodecFeedLimits = CodecFeedLimits()
    ) throws(CallFailure) -> [CodecFinding] {
        guard let feed = kind.table.functions.feed else { throw .fault("The codec has no `feed`.") }
        let object = try slot.object()
        let sink = CodecSink(in: call, input: bytes.count, limits: limits)
        let outcome: Result<Void, CallFailure> = bytes.withUnsafeBytes { bytes in
            Result { () throws(CallFailure) in
                try call.perform("feed") { call in
                    headers.lend { headers in
                        sink.with {
                            feed(object.pointer, call, status, headers, arena_bytes(bytes), isLast ? 1 : 0, $0)
                        }
                    }
                }
            }
        }
        if let fault = sink.fault { throw fault }
        try outcome.get()
        return sink.findings
    }
}
