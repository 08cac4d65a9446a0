import ArenaCore
import ArenaPluginABI
import ArenaPluginWire
import Synchronization

/// The calls on lane codecs and their decoders, each decoder an instance of its own.
extension Worker {
    /// See ``turn(for:)``.
    func codecTurn(for request: CallRequest) throws(CallFailure) -> Turn? {
        switch request {
        case .codecCreate(let id, _, _), .codecDecoderCreate(_, let id, _, _):
            guard let turn = instances.turn(id, isExclusive: true, creating: true) else {
                throw CallFailure(.alreadyExists, "There is an instance \(id) already.")
            }
            return turn
        case .codecEncode(let id, _, _): return try turn(id, isExclusive: false)
        case .codecDestroy(let id), .codecDecoderDestroy(let id): return try turn(id, isExclusive: true)
        case .codecFeed(let piece): return try turn(piece.decoder, isExclusive: true)
        default: return nil
        }
    }

    func performCodec(
        _ request: CallRequest, on instance: Instance, _ context: CallContext
    ) throws(CallFailure) -> [UInt8] {
        switch request {
        case .codecCreate(_, let kind, let config):
            try create(instance) { () throws(CallFailure) in
                .codec(
                    try loaded { () throws(PluginABIError) in try library.laneCodec(kind) }
                        .create(config: config, in: context))
            }
            return []
        case .codecEncode(_, let number, let request):
            let operation = try operation(number)
            return Array(try codec(instance).encode(operation, request: request, in: context).utf8)
        case .codecDecoderCreate(let codecID, _, let number, let request):
            try create(instance) { () throws(CallFailure) in
                guard let owner = instances.instance(codecID) else {
                    throw CallFailure(.notFound, "There is no instance \(codecID).")
                }
                return .decoder(
                    try codec(owner).decoder(try operation(number), request: request, in: context))
            }
            return []
        case .codecFeed(let piece):
            guard case .decoder(let decoder) = instance.object.withLock({ $0 }) else {
                throw CallFailure(.notFound, "Instance \(instance.id) is no decoder.")
            }
            let findings = try decoder.feed(
                status: piece.status, headers: piece.headers, bytes: piece.bytes, isLast: piece.isLast, in: context)
            return CodecEvent.encode(findings.map(CodecEvent.init))
        default:
            destroy(instance)
            return []
        }
    }

    private func codec(_ instance: Instance) throws(CallFailure) -> LaneCodec {
        guard case .codec(let codec) = instance.object.withLock({ $0 }) else {
            throw CallFailure(.notFound, "Instance \(instance.id) is no lane codec.")
        }
        return codec
    }

    private func operation(_ number: UInt32) throws(CallFailure) -> CodecOperation {
        guard let operation = CodecOperation(rawValue: number) else {
            throw CallFailure(.invalidArgument, "There is no operation \(number) of a lane.")
        }
        return operation
    }
}

extension CodecEvent {
    fileprivate init(_ finding: CodecFinding) {
        switch finding {
        case .delta(let piece):
            self = .delta(
                ChatDelta(channel: piece.channel.rawValue, choice: piece.choice, text: piece.text, raw: piece.raw))
        case .end(let end):
            self = .end(ChatEnd(finishReason: end.finishReason, usage: end.usage, meta: end.meta))
        case .value(let text): self = .value(text)
        case .request(let text): self = .request(text)
        }
    }
}
