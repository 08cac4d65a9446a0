import ArenaJSON
import ArenaPluginABI
import CArenaPlugin

/// Loads a rubric, has it described, plans and combines every item with several results, and gives it back.
struct RubricExercise: Exercise, @unchecked Sendable {
    // The functions of a library that is never unloaded.
    let table: arena_rubric_v1
    let material: Material
    let isReentrant = true
    let sharingRule = "RUB-5"

    /// Whether it is no rubric itself but reads documents.
    var isReader: Bool { material.special["reads"]?.bool == true }

    /// What a reader may be able to read: the plugin's own first. For a compiled rubric the empty document.
    var documents: [[UInt8]] {
        isReader ? (material.special["documents"]?.array ?? []).compactMap(\.string).map { Array($0.utf8) } : [[]]
    }

    func open(_ conditions: Conditions, _ performance: inout Performance) -> ForeignObject? {
        for document in documents {
            if let object = load(document, conditions, &performance) { return object }
        }
        return nil
    }

    func use(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        _ = describe(object, conditions, &performance)
        for item in material.items {
            guard let steps = plan(item, object, conditions, &performance)?.array else { continue }
            for value in [0.0, 1] {
                let results = JSONValue.array(steps.map { StepResult.value(value).json(of: $0) }).text()
                _ = combine(item, results, object, conditions, &performance)
            }
        }
        for document in documents { _ = check(document, conditions, &performance) }
    }

    func close(_ object: ForeignObject) {
        // A rubric without state wrote no object.
        if object.pointer != nil { table.destroy?(object.pointer) }
    }

    // MARK: The calls

    func load(
        _ document: [UInt8], _ conditions: Conditions, _ performance: inout Performance
    ) -> ForeignObject? {
        guard let load = table.load else { return nil }
        let trial = Trial(conditions)
        let slot = trial.loan.slot()
        let bytes = trial.loan.bytes(document)
        var object: UnsafeMutableRawPointer?
        let status = trial.run("load", &performance) {
            object = slot.pointee
            return ""
        } _: {
            load(trial.table, bytes, slot)
        }
        performance.failure = status == ARENA_OK ? nil : trial.call.failure
        return status == ARENA_OK ? ForeignObject(pointer: object) : nil
    }

    func describe(
        _ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance
    ) -> JSONValue? {
        guard let describe = table.describe else { return nil }
        return written("describe", "RUB-2", conditions, &performance) { call, sink, _, _ in
            describe(object.pointer, call, sink)
        }
    }

    func plan(
        _ item: ScoreItem, _ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance
    ) -> JSONValue? {
        guard let plan = table.plan else { return nil }
        return written("plan", "RUB-3", conditions, &performance, lending: item) { call, sink, item, _ in
            plan(object.pointer, call, item, sink)
        }
    }

    func combine(
        _ item: ScoreItem, _ results: String, _ object: ForeignObject, _ conditions: Conditions,
        _ performance: inout Performance
    ) -> JSONValue? {
        guard let combine = table.combine else { return nil }
        return written("combine", "RUB-4", conditions, &performance, lending: item, results) {
            call, sink, item, results in
            combine(object.pointer, call, item, results, sink)
        }
    }

    /// What it says is wrong with a document; `nil` when it cannot tell.
    func check(
        _ document: [UInt8], _ conditions: Conditions, _ performance: inout Performance
    ) -> JSONValue? {
        guard let check = table.check else { return nil }
        let trial = Trial(conditions)
        let bytes = trial.loan.bytes(document)
        return written("check", "RUB-6", trial, conditions, &performance) { check(trial.table, bytes, $0) }
    }

    private typealias Writing = (
        UnsafePointer<arena_call>, UnsafePointer<arena_sink>, UnsafePointer<arena_score_input>, arena_str
    ) -> arena_status

    private func written(
        _ function: String, _ rule: String, _ conditions: Conditions, _ performance: inout Performance,
        lending item: ScoreItem = ScoreItem(itemID: "", output: ""), _ text: String = "", _ body: Writing
    ) -> JSONValue? {
        let trial = Trial(conditions)
        let input = UnsafePointer(trial.loan.structure(trial.loan.input(item, conditions)))
        let text = trial.loan.text(text)
        return written(function, rule, trial, conditions, &performance) { body(trial.table, $0, input, text) }
    }

    /// The document that a call wrote; `nil` when it failed.
    private func written(
        _ function: String, _ rule: String, _ trial: Trial, _ conditions: Conditions, _ performance: inout Performance,
        _ body: (UnsafePointer<arena_sink>) -> arena_status
    ) -> JSONValue? {
        let sink = BentSink(conditions, in: trial.call)
        let place = sink.table(in: trial.loan)
        let status = trial.run(function, &performance) {
            String(decoding: sink.bytes, as: UTF8.self)
        } _: {
            withExtendedLifetime(sink) { body(place) }
        }
        performance.written[function] = max(performance.written[function] ?? 0, sink.bytes.count)
        guard status == ARENA_OK else { return nil }
        guard let value = try? JSONValue(parsing: sink.bytes) else {
            performance.faults.append(Fault(rule, "`\(function)` wrote what is no JSON document"))
            return nil
        }
        return value
    }
}

/// What a check says came of a step.
enum StepResult {
    /// A scorer's value, or a judge's score.
    case value(Double)
    /// There was nobody to ask.
    case skipped
    /// What no scorer gives: a number beyond all bounds, a text, nothing.
    case odd(JSONValue)

    func json(of step: JSONValue) -> JSONValue {
        let isJudge = step["judge"] != nil
        return switch self {
        case .value(let value) where isJudge: ["text": .string("{\"score\": \(value), \"why\": \"so\"}")]
        case .value(let value):
            [
                "value": JSONValue(value), "pass": .bool(value >= 0.5), "reason": value >= 0.5 ? "ok" : "wrong",
                "explain": "It is so.", "skipped": false, "status": 0,
            ]
        case .skipped: ["skipped": true, "explain": "There was nobody to ask."]
        case .odd(let value) where isJudge: ["text": value]
        case .odd(let value): ["value": value, "pass": value, "reason": value, "explain": value, "status": 0]
        }
    }
}
