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

    /// Everything that is wrong with a document [RUB-6].
    static func faults(in document: [UInt8]) -> [RubricFault]
}

/// The table of the rubric number `slot`.
func rubricTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_rubric_v1()
    table.struct_size = UInt32(MemoryLayout<arena_rubric_v1>.size)
    table.load = loaders[slot]
    table.destroy = { Box<any RubricPlugin>.release($0) }
    table.describe = { pointer, call, sink in
        PluginCall.run(call) { _ throws(PluginError) in write(try rubric(pointer).description, to: sink) }
    }
    table.plan = { pointer, call, item, sink in
        PluginCall.run(call) { call throws(PluginError) in
            try call.checkCancellation()
            return write(try rubric(pointer).plan(try answer(item)), to: sink)
        }
    }
    table.combine = { pointer, call, item, results, sink in
        PluginCall.run(call) { call throws(PluginError) in
            try call.checkCancellation()
            let list = try results.json("The results").array ?? []
            return write(try rubric(pointer).combine(try answer(item), results: list), to: sink)
        }
    }
    table.check = checkers[slot]
    return UnsafeRawPointer(permanent(table))
}

private let missingRubric = PluginError(.internalError, code: "plugin.no_rubric", "There is no such rubric.")

private func rubric(_ pointer: UnsafeMutableRawPointer?) throws(PluginError) -> any RubricPlugin {
    guard let pointer else { throw missingRubric }
    return Box<any RubricPlugin>.from(pointer).value
}

private func answer(_ item: UnsafePointer<arena_score_input>?) throws(PluginError) -> ScoreItem {
    guard let item else { throw missingRubric }
    return try ScoreItem(item)
}

private func type(_ slot: Int) throws(PluginError) -> any RubricPlugin.Type {
    guard let rubrics = PluginLibrary.current?.rubrics, slot < rubrics.count else { throw missingRubric }
    return rubrics[slot]
}

private typealias Loader =
    @convention(c) (UnsafePointer<arena_call>?, arena_bytes, UnsafeMutablePointer<UnsafeMutableRawPointer?>?)
    -> arena_status
private typealias Checker =
    @convention(c) (UnsafePointer<arena_call>?, arena_bytes, UnsafePointer<arena_sink>?) -> arena_status

// A C function knows its kind only by being the function of that kind: one of each for every slot.
private let loaders: [Loader] = [
    { load(0, $0, $1, $2) }, { load(1, $0, $1, $2) }, { load(2, $0, $1, $2) }, { load(3, $0, $1, $2) },
    { load(4, $0, $1, $2) }, { load(5, $0, $1, $2) }, { load(6, $0, $1, $2) }, { load(7, $0, $1, $2) },
]
private let checkers: [Checker] = [
    { check(0, $0, $1, $2) }, { check(1, $0, $1, $2) }, { check(2, $0, $1, $2) }, { check(3, $0, $1, $2) },
    { check(4, $0, $1, $2) }, { check(5, $0, $1, $2) }, { check(6, $0, $1, $2) }, { check(7, $0, $1, $2) },
]

private func load(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ document: arena_bytes,
    _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        guard let out else { throw missingRubric }
        out.pointee = Box<any RubricPlugin>(try type(slot).init(document: document.array)).retained()
        return ARENA_OK
    }
}

private func check(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ document: arena_bytes, _ sink: UnsafePointer<arena_sink>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        let faults = try type(slot).faults(in: document.array).map { fault -> JSONValue in
            [
                "line": JSONValue(fault.line), "column": JSONValue(fault.column), "message": .string(fault.message),
                "hint": fault.hint.map(JSONValue.string) ?? .null,
            ]
        }
        return write(.array(faults), to: sink)
    }
}
