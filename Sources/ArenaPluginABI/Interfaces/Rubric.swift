import ArenaCore
import CArenaPlugin

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
package final class Rubric: Sendable {
    private let kind: RubricKind
    private let slot: ForeignObjectSlot

    /// What the host keeps of a description or a list of faults, in bytes.
    static let descriptionLimit = 1 << 20
    /// What the host keeps of the steps or the score of one item, in bytes.
    package static let itemLimit = 256 << 10

    fileprivate init(kind: RubricKind, object: UnsafeMutableRawPointer?) {
        self.kind = kind
        slot = ForeignObjectSlot(ForeignObject(object) { kind.table.functions.destroy?($0) })
    }

    /// Gives the object back to the plugin once the calls that use it have returned; later ones fail. [worker]
    package func destroy() { slot.giveBack() }

    /// What the rubric says of itself, a JSON object as the plugin wrote it.
    package func describe(in call: CallContext) throws(CallFailure) -> String {
        guard let describe = kind.table.functions.describe else { throw .fault("The rubric has no `describe`.") }
        let object = try slot.object()
        let sink = CollectingSink("description", limit: Self.descriptionLimit, in: call)
        try call.perform("describe") { call in sink.with { describe(object.pointer, call, $0) } }
        return try sink.text()
    }

    /// The steps for each item, JSON arrays as the plugin wrote them.
    package func plan(_ batch: ScoreBatch, in call: CallContext) throws(CallFailure) -> [String] {
        guard let plan = kind.table.functions.plan else { throw .fault("The rubric has no `plan`.") }
        let object = try slot.object()
        return try each(batch, "plan", "list of steps", call) { item, _, call, sink in
            plan(object.pointer, call, item, sink)
        }
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
        let object = try slot.object()
        return try each(batch, "combine", "score", call) { item, index, call, sink in
            results[index].lend { combine(object.pointer, call, item, $0, sink) }
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
