package import ArenaJSON
import CArenaPlugin

/// Something wrong with a rubric's document.
package struct RubricFault: Hashable, Sendable {
    /// From 1.
    package var line: Int
    /// From 1.
    package var column: Int
    /// One sentence.
    package var message: String
    /// What to do.
    package var hint: String?

    package init(line: Int, column: Int, _ message: String, hint: String? = nil) {
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }

    var json: JSONValue {
        [
            "line": JSONValue(line), "column": JSONValue(column), "message": .string(message),
            "hint": hint.map(JSONValue.string) ?? .null,
        ]
    }
}

/// A rubric, or a reader of rubrics that are documents. Pure; several threads may use one value at once.
package protocol RubricPlugin: Sendable, SendableMetatype {
    /// - Parameter document: empty for a rubric that is compiled in.
    init(document: [UInt8]) throws(PluginError)

    /// `{"id", "title", "description", "checks"}` [RUB-2].
    var description: JSONValue { get }

    /// The steps for one answer [RUB-3].
    func plan(_ item: ScoreItem) throws(PluginError) -> JSONValue

    /// One score of the results of its steps, which are in the order of the plan [RUB-4].
    func combine(_ item: ScoreItem, results: [JSONValue]) throws(PluginError) -> JSONValue

    /// Everything that is wrong with a document [RUB-6]. Default: why ``init(document:)`` does not take it.
    static func faults(in document: [UInt8]) -> [RubricFault]
}

extension RubricPlugin {
    package static func faults(in document: [UInt8]) -> [RubricFault] {
        do throws(PluginError) {
            _ = try Self(document: document)
            return []
        } catch {
            return [RubricFault(line: 1, column: 1, error.message, hint: error.hint)]
        }
    }
}

/// The table of the rubric number `slot`.
func rubricTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_rubric_v1()
    table.struct_size = UInt32(MemoryLayout<arena_rubric_v1>.size)
    table.load = KindSlots.load[slot]
    table.destroy = { Box<any RubricPlugin>.release($0) }
    table.describe = { pointer, call, sink in
        PluginCall.run(call) { _ throws(PluginError) in
            write(try Box<any RubricPlugin>.at(pointer).value.description, to: sink)
        }
    }
    table.plan = { pointer, call, item, sink in
        PluginCall.run(call) { call throws(PluginError) in
            try call.checkCancellation()
            return write(try Box<any RubricPlugin>.at(pointer).value.plan(try answer(item)), to: sink)
        }
    }
    table.combine = { pointer, call, item, results, sink in
        PluginCall.run(call) { call throws(PluginError) in
            try call.checkCancellation()
            let list = try results.json("The results").array ?? []
            return write(try Box<any RubricPlugin>.at(pointer).value.combine(try answer(item), results: list), to: sink)
        }
    }
    table.check = KindSlots.check[slot]
    return UnsafeRawPointer(permanent(table))
}

private func answer(_ item: UnsafePointer<arena_score_input>?) throws(PluginError) -> ScoreItem {
    guard let item else { throw PluginError.noKind }
    return try ScoreItem(item)
}
