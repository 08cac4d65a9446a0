import ArenaCore
import CArenaPlugin
import Synchronization

/// A scorer that a library provides.
package struct ScorerKind: Sendable {
    /// The id in the manifest's `provides`.
    package let kind: String
    fileprivate let table: ForeignTable<arena_scorer_v1>

    /// Makes a scorer. [worker]
    ///
    /// - Parameter config: A JSON object that was checked against the manifest's schema, or empty.
    package func create(config: String, in call: CallContext) throws(CallFailure) -> Scorer {
        var object: UnsafeMutableRawPointer?
        guard let create = table.functions.create else { throw .fault("The scorer has no `create`.") }
        try call.perform("create") { call in config.lend { create(call, $0, &object) } }
        return Scorer(kind: self, object: object)
    }
}

extension PluginLibrary {
    /// The scorer of a kind.
    ///
    /// - Throws: ``PluginABIError`` when the library has none, or one whose table breaks the rules.
    package func scorer(_ kind: String) throws(PluginABIError) -> ScorerKind {
        ScorerKind(kind: kind, table: try table(.scorer, kind: kind))
    }
}

/// A scorer that was made. Calls on it are never concurrent, unless its manifest says that it is reentrant.
package final class Scorer: @unchecked Sendable {
    // `object` is the plugin's; the callers keep to the thread rule, and `isDestroyed` sees that it is given back once.
    private let kind: ScorerKind
    private let object: UnsafeMutableRawPointer?
    private let isDestroyed = Atomic(false)

    fileprivate init(kind: ScorerKind, object: UnsafeMutableRawPointer?) {
        self.kind = kind
        self.object = object
    }

    /// Gives the object back to the plugin [MEM-4]. No call follows; a second time does nothing. [worker]
    package func destroy() {
        guard !isDestroyed.exchange(true, ordering: .acquiringAndReleasing), let object else { return }
        kind.table.functions.destroy?(object)
    }

    /// Judges a batch.
    ///
    /// An item's own fault is in its result: a value that is not between 0 and 1 too. [worker]
    ///
    /// - Throws: ``CallFailure`` for a fault of the call as a whole.
    package func score(_ batch: ScoreBatch, in call: CallContext) throws(CallFailure) -> ScoreResults {
        let explain = ExplainSink(count: batch.count, in: call)
        var outputs = ScoreResults.blank(batch.count)
        let outcome: Result<Void, CallFailure> = batch.withInputs { inputs in
            outputs.withUnsafeMutableBufferPointer { outputs in
                Result { () throws(CallFailure) in
                    guard let outputs = outputs.baseAddress else { return }
                    try judge(batch.count, inputs, outputs, explain, call)
                }
            }
        }
        try outcome.get()
        return ScoreResults(outputs, explanations: explain.store)
    }

    private func judge(
        _ count: Int, _ inputs: UnsafePointer<arena_score_input>, _ outputs: UnsafeMutablePointer<arena_score_output>,
        _ explain: ExplainSink, _ call: CallContext
    ) throws(CallFailure) {
        guard let scoreBatch = kind.table.functions.score_batch else {
            return try judgeEach(count, inputs, outputs, explain, call)
        }
        try call.perform("score_batch") { call in
            explain.with { explain in
                scoreBatch(
                    object, call, UInt64(count), inputs, UInt64(MemoryLayout<arena_score_input>.stride), outputs,
                    UInt64(MemoryLayout<arena_score_output>.stride), explain)
            }
        }
    }

    private func judgeEach(
        _ count: Int, _ inputs: UnsafePointer<arena_score_input>, _ outputs: UnsafeMutablePointer<arena_score_output>,
        _ explain: ExplainSink, _ call: CallContext
    ) throws(CallFailure) {
        guard let score = kind.table.functions.score else { throw .fault("The scorer has no `score`.") }
        for index in 0..<count {
            if call.isCancelled {
                throw call.isPastDeadline
                    ? CallFailure(.deadlineExceeded, "The call's deadline has passed.")
                    : CallFailure(.cancelled, "The call was cancelled.")
            }
            explain.setBase(index)
            try call.perform("score") { call in
                explain.with { score(object, call, inputs + index, outputs + index, $0) }
            }
        }
    }
}
