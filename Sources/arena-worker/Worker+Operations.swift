import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginWire
import Synchronization

extension Worker {
    /// The place of a request among those on its instance; `nil` for one that has none. On the reader's thread, so that
    /// places follow the order of arrival.
    func turn(for request: CallRequest) throws(CallFailure) -> Turn? {
        switch request {
        case .scorerCreate(let id, _, _), .engineCreate(let id, _, _), .rubricLoad(let id, _, _):
            guard let turn = instances.turn(id, isExclusive: true, creating: true) else {
                throw CallFailure(.alreadyExists, "There is an instance \(id) already.")
            }
            return turn
        case .scorerDestroy(let id), .scorerScore(let id, _), .engineDestroy(let id), .engineStart(let id),
            .engineStop(let id), .rubricDestroy(let id):
            return try turn(id, isExclusive: true)
        case .engineHealth(let id), .engineModels(let id), .engineChat(let id, _), .engineEmbed(let id, _, _),
            .engineRerank(let id, _, _, _), .rubricDescribe(let id), .rubricPlan(let id, _),
            .rubricCombine(let id, _, _):
            return try turn(id, isExclusive: false)
        case .codecCreate, .codecDestroy, .codecEncode, .codecDecoderCreate, .codecDecoderDestroy, .codecFeed:
            return try codecTurn(for: request)
        case .probe, .conformance, .jobValidate, .jobEstimate, .jobRun, .exporterRun, .rubricCheck:
            return nil
        }
    }

    func turn(_ id: UInt64, isExclusive: Bool) throws(CallFailure) -> Turn {
        guard let turn = instances.turn(id, isExclusive: isExclusive, creating: false) else {
            throw CallFailure(.notFound, "There is no instance \(id).")
        }
        return turn
    }

    /// Does what a call asks and gives the payload of its result. On the call's thread, in its turn.
    func perform(_ call: RunningCall, on instance: Instance?) throws(CallFailure) -> [UInt8] {
        let context = call.context()
        if context.isCancelled, !call.message.request.changesInstances {
            throw CallFailure(.cancelled, "The call was cancelled before it began.")
        }
        switch call.message.request {
        case .jobValidate, .jobEstimate, .jobRun, .probe, .conformance:
            return try performJob(call.message.request, context)
        case .exporterRun(let kind, let params):
            try export(kind, params, call, context)
            return []
        case .scorerCreate, .scorerDestroy, .scorerScore:
            guard let instance else { throw CallFailure(.internalError, "The call has no instance.") }
            return try performScorer(call.message.request, on: instance, context)
        case .codecCreate, .codecDestroy, .codecEncode, .codecDecoderCreate, .codecDecoderDestroy, .codecFeed:
            guard let instance else { throw CallFailure(.internalError, "The call has no instance.") }
            return try performCodec(call.message.request, on: instance, context)
        case .rubricLoad, .rubricDestroy, .rubricDescribe, .rubricPlan, .rubricCombine, .rubricCheck:
            return try performRubric(call.message.request, on: instance, context)
        default:
            guard let instance else { throw CallFailure(.internalError, "The call has no instance.") }
            return try performEngine(call, on: instance, context)
        }
    }

    private func performJob(_ request: CallRequest, _ context: CallContext) throws(CallFailure) -> [UInt8] {
        switch request {
        case .jobValidate(let kind, let payload):
            return Array(try jobKind(kind).validate(payload: payload, in: context).utf8)
        case .jobEstimate(let kind, let payload):
            return Array(try jobKind(kind).estimate(payload: payload, in: context).utf8)
        case .jobRun(let start):
            let result = try jobKind(start.kind).run(
                JobKind.Start(
                    jobID: start.jobID, attempt: start.attempt, payload: start.payload, checkpoint: start.checkpoint,
                    sequence: start.sequence),
                in: context)
            return Array(result.utf8)
        default:
            throw CallFailure(.unimplemented, "The operation is not one of a job kind.")
        }
    }

    private func performScorer(
        _ request: CallRequest, on instance: Instance, _ context: CallContext
    ) throws(CallFailure) -> [UInt8] {
        switch request {
        case .scorerCreate(_, let kind, let config):
            try create(instance) { () throws(CallFailure) in
                .scorer(
                    try loaded { () throws(PluginABIError) in try library.scorer(kind) }
                        .create(config: config, in: context))
            }
            return []
        case .scorerScore(_, let bytes):
            guard case .scorer(let scorer) = instance.object.withLock({ $0 }) else { throw noScorer(instance) }
            return try scorer.score(try batch(bytes), in: context).encode()
        default:
            destroy(instance)
            return []
        }
    }

    private func performEngine(
        _ call: RunningCall, on instance: Instance, _ context: CallContext
    ) throws(CallFailure) -> [UInt8] {
        if case .engineCreate(_, let kind, let config) = call.message.request {
            try create(instance) { () throws(CallFailure) in
                .engine(
                    try loaded { () throws(PluginABIError) in try library.laneEngine(kind) }
                        .create(config: config, in: context))
            }
            return []
        }
        guard case .engine(let engine) = instance.object.withLock({ $0 }) else {
            throw CallFailure(.notFound, "Instance \(instance.id) is no lane engine.")
        }
        switch call.message.request {
        case .engineStart: try engine.start(in: context)
        case .engineStop: try engine.stop(in: context)
        case .engineHealth: return Array(try engine.health(in: context).utf8)
        case .engineModels: return Array(try engine.models(in: context).utf8)
        case .engineChat(_, let request): return try chat(engine, request, call, context)
        case .engineEmbed(_, let model, let texts):
            let (dimensions, rows) = try engine.embed(model: model, texts: texts, in: context)
            return EmbeddingRows(dimensions: dimensions, rows: rows).encode()
        case .engineRerank(_, let model, let query, let documents):
            return try engine.rerank(model: model, query: query, documents: documents, in: context)
        default: destroy(instance)
        }
        return []
    }

    private func chat(
        _ engine: LaneEngine, _ request: String, _ call: RunningCall, _ context: CallContext
    ) throws(CallFailure) -> [UInt8] {
        let end = try engine.chat(request: request, in: context) { piece in
            let delta = ChatDelta(
                channel: piece.channel.rawValue, choice: piece.choice, text: piece.text, raw: piece.raw)
            return call.send(data: delta.encode())
        }
        return ChatEnd(finishReason: end.finishReason, usage: end.usage, meta: end.meta).encode()
    }

    func create(
        _ instance: Instance, _ make: () throws(CallFailure) -> Instance.Object
    ) throws(CallFailure) {
        do {
            let object = try make()
            instance.object.withLock { $0 = object }
        } catch {
            instances.remove(instance)
            throw error
        }
    }

    func destroy(_ instance: Instance) {
        instance.destroy()
        instances.remove(instance)
    }

    private func noScorer(_ instance: Instance) -> CallFailure {
        CallFailure(.notFound, "Instance \(instance.id) is no scorer.")
    }

    private func jobKind(_ kind: String) throws(CallFailure) -> JobKind {
        try loaded { () throws(PluginABIError) in try library.jobKind(kind) }
    }

    func batch(_ bytes: [UInt8]) throws(CallFailure) -> ScoreBatch {
        do {
            return try ScoreBatch(decoding: bytes)
        } catch {
            throw CallFailure(.invalidArgument, error.message)
        }
    }

    /// A table of the library; what is wrong with it fails the call.
    func loaded<T>(_ body: () throws(PluginABIError) -> T) throws(CallFailure) -> T {
        do {
            return try body()
        } catch {
            throw CallFailure(StatusCode(error.category), error.message, detail: Detail.json(error))
        }
    }
}

extension CallRequest {
    /// Whether it begins or ends an instance: then it is done even when its result is no longer wanted.
    fileprivate var changesInstances: Bool {
        switch self {
        case .scorerCreate, .scorerDestroy, .engineCreate, .engineDestroy, .codecCreate, .codecDestroy,
            .codecDecoderCreate, .codecDecoderDestroy, .rubricLoad, .rubricDestroy:
            true
        default: false
        }
    }
}

extension CallFailure {
    /// The detail as it goes to the host: a fault of the plugin is told apart by its code.
    var wireDetail: String { isPluginFault ? Detail.json(self) : detail }
}

/// The JSON object that accompanies a failure of this process's own making.
enum Detail {
    static func json(_ error: some ArenaError) -> String {
        let detail: JSONValue = [
            "code": .string(error.code), "hint": error.hint.map(JSONValue.string) ?? .null,
        ]
        return detail.text()
    }
}
