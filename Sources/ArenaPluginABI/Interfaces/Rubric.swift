import ArenaCore
import CArenaPlugin
import Synchronization

/// A rubric that a library provides, or a reader of rubrics that are documents.
package struct RubricKind: Sendable {
    /// The id in the manifest's `provides`.
    package let kind: String
    fileprivate let table: ForeignTable<arena_rubric_v1>

    /// Makes a rubric. [worker]
    ///
    /// - Parameter document: Its text; empty for one that is compiled in.
    package func load(document: [UInt8], in call: CallContext) throws(CallFailure) -> Rubric {
        var object: UnsafeMutableRawPointer?
        guard let load = table.functions.load else { throw .fault("The rubric has no `load`.") }
        try call.perform("load") { call in
            document.withUnsafeBytes { load(call, arena_bytes($0), &object) }
        }
        return Rubric(kind: self, object: object)
    }

    /// Everything that is wrong with a document, a JSON array as the plugin wrote it; `nil` when it cannot tell more than
    /// ``load(document:in:)`` does. [worker, reentrant]
    package func check(document: [UInt8], in call: CallContext) throws(CallFailure) -> String? {
        guard let check = table.functions.check else { return nil }
        let sink = CollectingSink("list of faults", limit: Rubric.descriptionLimit, in: call)
        try call.perform("check") { call in
            document.withUnsafeBytes { bytes in sink.with { check(call, arena_bytes(bytes), $0) } }
        }
        return try sink.text()
    }
}

extension PluginLibrary {
    /// The rubric, or reader of rubrics, of a kind.
    ///
    /// - Throws: ``PluginABIError`` when the library has none, or one whose table breaks the rules.
    package func rubric(_ kind: String) throws(PluginABIError) -> RubricKind {
        RubricKind(kind: kind, table: try table(.rubric, kind: kind))
    }
}

/// A rubric that was loaded. Its functions may be called by several threads at once.
package final class Rubric: @unchecked Sendable {
    // `object` is the plugin's; `isDestroyed` sees that it is given back once.
    private let kind: RubricKind
    private let object: UnsafeMutableRawPointer?
    private let isDestroyed = Atomic(false)

    /// What the host keeps of a description or a list of faults, in bytes.
    static let descriptionLimit = 1 << 20
    /// What the host keeps of the steps or the score of one item, in bytes.
    package static let itemLimit = 256 << 10

    fileprivate init(kind: RubricKind, object: UnsafeMutableRawPointer?) {
        self.kind = kind
        self.object = object
    }

    /// Gives the object back to the plugin [MEM-4]. No call follows; a second time does nothing. [worker]
    package func destroy() {
        guard !isDestroyed.exchange(true, ordering: .acquiringAndReleasing), let object else { return }
        kind.table.functions.destroy?(object)
    }

    /// What the rubric says of itself, a JSON object as the plugin wrote it.
    package func describe(in call: CallContext) throws(CallFailure) -> String {
        guard let describe = kind.table.functions.describe else { throw .fault("The rubric has no `describe`.") }
        let sink = CollectingSink("description", limit: Self.descriptionLimit, in: call)
        try call.perform("describe") { call in sink.with { describe(object, call, $0) } }
        return try sink.text()
    }

    /// The steps for each item, JSON arrays as the plugin wrote them.
    package func plan(_ batch: ScoreBatch, in call: CallContext) throws(CallFailure) -> [String] {
        guard let plan = kind.table.functions.plan else { throw .fault("The rubric has no `plan`.") }
        return try each(batch, "plan", "list of steps", call) { item, _, call, sink in plan(object, call, item, sink) }
    }

    /// The score of each item, JSON objects as the plugin wrote them.
    ///
    /// - Parameter results: for each item the results of its steps, a JSON array.
    package func combine(
        _ batch: ScoreBatch, results: [String], in call: CallContext
    ) throws(CallFailure) -> [String] {
        guard let combine = kind.table.functions.combine else { throw .fault("The rubric has no `combine`.") }
        guard results.count == batch.count else {
            throw CallFailure(.invalidArgument, "There are \(results.count) results for \(batch.count) items.")
        }
        return try each(batch, "combine", "score", call) { item, index, call, sink in
            results[index].lend { combine(object, call, item, $0, sink) }
        }
    }

    private func each(
        _ batch: ScoreBatch, _ function: String, _ output: String, _ call: CallContext,
        _ body: (UnsafePointer<arena_score_input>, Int, UnsafePointer<arena_call>, UnsafePointer<arena_sink>) ->
            arena_status
    ) throws(CallFailure) -> [String] {
        let outcome: Result<[String], CallFailure> = batch.withInputs { inputs in
            Result { () throws(CallFailure) in
                var texts: [String] = []
                for index in 0..<batch.count {
                    guard !call.isCancelled else {
                        throw call.isPastDeadline
                            ? CallFailure(.deadlineExceeded, "The call's deadline has passed.")
                            : CallFailure(.cancelled, "The call was cancelled.")
                    }
                    let sink = CollectingSink(output, limit: Self.itemLimit, in: call)
                    try call.perform(function) { call in sink.with { body(inputs + index, index, call, $0) } }
                    texts.append(try sink.text())
                }
                return texts
            }
        }
        return try outcome.get()
    }
}
