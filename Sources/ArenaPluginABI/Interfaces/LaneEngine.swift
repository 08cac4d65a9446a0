package import ArenaCore
import CArenaPlugin
import Synchronization

/// A lane engine that a library provides.
package struct LaneEngineKind: Sendable {
    /// The id in the manifest's `provides`.
    package let kind: String
    fileprivate let table: ForeignTable<arena_lane_engine_v1>

    /// Makes an engine. [worker]
    ///
    /// - Parameter config: A JSON object that was checked against the manifest's schema, or empty.
    package func create(config: String, in call: CallContext) throws(CallFailure) -> LaneEngine {
        var object: UnsafeMutableRawPointer?
        guard let create = table.functions.create else { throw .fault("The engine has no `create`.") }
        try call.perform("create") { call in config.lend { create(call, $0, &object) } }
        return LaneEngine(kind: self, object: object)
    }
}

extension PluginLibrary {
    /// The lane engine of a kind.
    ///
    /// - Throws: ``PluginABIError`` when the library has none, or one whose table breaks the rules.
    package func laneEngine(_ kind: String) throws(PluginABIError) -> LaneEngineKind {
        LaneEngineKind(kind: kind, table: try table(.laneEngine, kind: kind))
    }
}

/// An engine that was made. Making, starting, stopping and destroying exclude each other and everything else; the other
/// calls may be concurrent.
package final class LaneEngine: @unchecked Sendable {
    // `object` is the plugin's; the callers keep to the thread rule, and `isDestroyed` sees that it is given back once.
    private let kind: LaneEngineKind
    private let object: UnsafeMutableRawPointer?
    private let isDestroyed = Atomic(false)

    /// What the host keeps of a health report or a list of models, in bytes.
    private static let documentLimit = 1 << 20
    /// What the host keeps of embeddings or relevances, in bytes.
    private static let rowsLimit = 15 << 20

    fileprivate init(kind: LaneEngineKind, object: UnsafeMutableRawPointer?) {
        self.kind = kind
        self.object = object
    }

    /// Gives the object back to the plugin [MEM-4]. No call follows; a second time does nothing.
    package func destroy() {
        guard !isDestroyed.exchange(true, ordering: .acquiringAndReleasing), let object else { return }
        kind.table.functions.destroy?(object)
    }

    /// Loads the model. Idempotent.
    package func start(in call: CallContext) throws(CallFailure) {
        guard let start = kind.table.functions.start else { throw .fault("The engine has no `start`.") }
        try call.perform("start") { start(object, $0) }
    }

    /// Gives the memory back. Idempotent.
    package func stop(in call: CallContext) throws(CallFailure) {
        guard let stop = kind.table.functions.stop else { throw .fault("The engine has no `stop`.") }
        try call.perform("stop") { stop(object, $0) }
    }

    /// `{"ok", "reason"}`, as the engine wrote it.
    package func health(in call: CallContext) throws(CallFailure) -> String {
        guard let health = kind.table.functions.health else { throw .fault("The engine has no `health`.") }
        let sink = CollectingSink("health report", limit: Self.documentLimit, in: call)
        try call.perform("health") { call in sink.with { health(object, call, $0) } }
        return try sink.text()
    }

    /// A JSON array of models, as the engine wrote it.
    package func models(in call: CallContext) throws(CallFailure) -> String {
        guard let models = kind.table.functions.models else { throw .fault("The engine has no `models`.") }
        let sink = CollectingSink("list of models", limit: Self.documentLimit, in: call)
        try call.perform("models") { call in sink.with { models(object, call, $0) } }
        return try sink.text()
    }

    /// Answers a chat-completions request.
    ///
    /// - Parameter receive: Takes each piece as it comes, on the engine's thread; another status than ok ends the
    ///   answer.
    package func chat(
        request: String, in call: CallContext, receive: @escaping @Sendable (ChatPiece) -> StatusCode
    ) throws(CallFailure) -> ChatCompletion {
        guard let chat = kind.table.functions.chat else { throw .fault("The engine has no `chat`.") }
        let sink = ChatSink(in: call, receive: receive)
        try call.perform("chat") { call in request.lend { text in sink.with { chat(object, call, text, $0) } } }
        return try sink.completion()
    }

    /// One row of little-endian f32 a text.
    ///
    /// - Throws: ``CallFailure`` with ``StatusCode/unimplemented`` for an engine that makes no embeddings.
    package func embed(
        model: String, texts: [String], in call: CallContext
    ) throws(CallFailure) -> (dimensions: UInt32, rows: [UInt8]) {
        guard let embed = kind.table.functions.embed else {
            throw CallFailure(.unimplemented, "The engine \(kind.kind) makes no embeddings.")
        }
        let sink = CollectingSink("embeddings", limit: Self.rowsLimit, in: call)
        var dimensions: UInt32 = 0
        try call.perform("embed") { call in
            model.lend { model in
                texts.lend { base, count in sink.with { embed(object, call, model, count, base, &dimensions, $0) } }
            }
        }
        let rows = try sink.bytes()
        guard dimensions <= 1 << 20, rows.count == texts.count * Int(dimensions) * 4 else {
            throw .fault("The engine wrote \(rows.count) bytes for \(texts.count) rows of \(dimensions) numbers.")
        }
        return (dimensions, rows)
    }

    /// How relevant each document is: little-endian f64 in input order, all finite.
    ///
    /// - Throws: ``CallFailure`` with ``StatusCode/unimplemented`` for an engine that does not rerank.
    package func rerank(
        model: String, query: String, documents: [String], in call: CallContext
    ) throws(CallFailure) -> [UInt8] {
        guard let rerank = kind.table.functions.rerank else {
            throw CallFailure(.unimplemented, "The engine \(kind.kind) does not rerank.")
        }
        let sink = CollectingSink("relevances", limit: Self.rowsLimit, in: call)
        try call.perform("rerank") { call in
            model.lend { model in
                query.lend { query in
                    documents.lend { base, count in
                        sink.with { rerank(object, call, model, query, count, base, $0) }
                    }
                }
            }
        }
        let scores = try sink.bytes()
        let finite = scores.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count - 7, by: 8).allSatisfy {
                raw.loadUnaligned(fromByteOffset: $0, as: Double.self).isFinite
            }
        }
        guard scores.count == documents.count * 8, finite else {
            throw .fault("The engine did not write one finite number for each of \(documents.count) documents.")
        }
        return scores
    }
}
