import ArenaCore
import CArenaPlugin
import Synchronization

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

/// A codec that was made. Destroying excludes everything else and comes after its decoders [CODEC-6]; the other calls
/// may be concurrent.
package final class LaneCodec: @unchecked Sendable {
    // `object` is the plugin's; the callers keep to the thread rule, and `isDestroyed` sees that it is given back once.
    private let kind: LaneCodecKind
    private let object: UnsafeMutableRawPointer?
    private let isDestroyed = Atomic(false)

    /// What the host keeps of a request, in bytes.
    private static let requestLimit = 12 << 20

    fileprivate init(kind: LaneCodecKind, object: UnsafeMutableRawPointer?) {
        self.kind = kind
        self.object = object
    }

    /// Gives the object back to the plugin [MEM-4]. No call follows; a second time does nothing.
    package func destroy() {
        guard !isDestroyed.exchange(true, ordering: .acquiringAndReleasing), let object else { return }
        kind.table.functions.destroy?(object)
    }

    /// The HTTP request that an operation begins with, as the codec wrote it.
    package func encode(
        _ operation: CodecOperation, request: String, in call: CallContext
    ) throws(CallFailure) -> String {
        guard let encode = kind.table.functions.encode else { throw .fault("The codec has no `encode`.") }
        let sink = CollectingSink("HTTP request", limit: Self.requestLimit, in: call)
        try call.perform("encode") { call in
            request.lend { text in sink.with { encode(object, call, operation.rawValue, text, $0) } }
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
        var decoder: UnsafeMutableRawPointer?
        try call.perform("decoder_create") { call in
            request.lend { create(object, call, operation.rawValue, $0, &decoder) }
        }
        return CodecDecoder(kind: kind, object: decoder)
    }
}

/// What reads the answer to one operation. Calls on it are never concurrent.
package final class CodecDecoder: @unchecked Sendable {
    // As with the codec.
    private let kind: LaneCodecKind
    private let object: UnsafeMutableRawPointer?
    private let isDestroyed = Atomic(false)

    fileprivate init(kind: LaneCodecKind, object: UnsafeMutableRawPointer?) {
        self.kind = kind
        self.object = object
    }

    /// Gives the object back to the plugin [MEM-4]. No call follows; a second time does nothing.
    package func destroy() {
        guard !isDestroyed.exchange(true, ordering: .acquiringAndReleasing), let object else { return }
        kind.table.functions.decoder_destroy?(object)
    }

    /// Reads the next bytes of the answer and gives what is found in them.
    ///
    /// - Parameter headers: a JSON object of the answer's headers, their names in lower case.
    /// - Throws: ``CallFailure``: what the server's failure means, or that the codec broke a rule.
    package func feed(
        status: UInt32, headers: String, bytes: [UInt8], isLast: Bool, in call: CallContext,
        limits: CodecFeedLimits = CodecFeedLimits()
    ) throws(CallFailure) -> [CodecFinding] {
        guard let feed = kind.table.functions.feed else { throw .fault("The codec has no `feed`.") }
        let sink = CodecSink(in: call, input: bytes.count, limits: limits)
        let outcome: Result<Void, CallFailure> = bytes.withUnsafeBytes { bytes in
            Result { () throws(CallFailure) in
                try call.perform("feed") { call in
                    headers.lend { headers in
                        sink.with { feed(object, call, status, headers, arena_bytes(bytes), isLast ? 1 : 0, $0) }
                    }
                }
            }
        }
        if let fault = sink.fault { throw fault }
        try outcome.get()
        return sink.findings
    }
}
