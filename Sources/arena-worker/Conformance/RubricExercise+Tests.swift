import ArenaJSON
import ArenaPluginABI
import CArenaPlugin

/// What a rubric alone promises.
extension RubricExercise {
    func examine(_ test: String, _ announce: (String) -> Void) -> Findings? {
        if test == "documents" { return readings(announce) }
        var performance = Performance()
        announce("a rubric is loaded")
        guard let rubric = open(Conditions(), &performance) else {
            return .skipped(
                isReader
                    ? "it reads none of the documents that there are; ship one as a rubric of this plugin"
                    : "the rubric cannot be loaded")
        }
        defer { close(rubric) }
        switch test {
        case "description": _ = checks(of: rubric, &performance)
        case "steps": steps(rubric, announce, &performance)
        case "scores": scores(rubric, announce, &performance)
        case "missing": missing(rubric, announce, &performance)
        case "strange": strange(rubric, announce, &performance)
        case "same": same(rubric, announce, &performance)
        default: return nil
        }
        return Findings(faults: performance.faults)
    }

    /// The checks that the rubric names, by name [RUB-2] [RUB-3] [RUB-7].
    private func checks(of rubric: ForeignObject, _ performance: inout Performance) -> [String: JSONValue] {
        guard let description = describe(rubric, Conditions(), &performance) else { return [:] }
        guard description["id"]?.string?.isEmpty == false, let list = description["checks"]?.array, !list.isEmpty else {
            performance.faults.append(Fault("RUB-2", "`describe` wrote no object with `id` and `checks`"))
            return [:]
        }
        var checks: [String: JSONValue] = [:]
        for check in list {
            let name = check["name"]?.string ?? ""
            if name.isEmpty || checks[name] != nil {
                performance.faults.append(
                    Fault("RUB-7", "`describe` names the check \"\(name)\" \(name.isEmpty ? "not at all" : "twice")"))
            }
            if check["why"]?.string?.isEmpty != false {
                performance.faults.append(
                    Fault("RUB-7", "`describe` gives no reason (`why`) for the check \"\(name)\" and its weight"))
            }
            checks[name] = check
        }
        performance.faults += Self.weightFaults(list, "describe")
        return checks
    }

    /// [RUB-3]
    private static func weightFaults(_ list: [JSONValue], _ function: String) -> [Fault] {
        let weights = list.map { $0["weight"]?.double }
        if let bad = weights.first(where: { ($0 ?? -1) < 0 }) {
            let shown = bad.map { "\($0)" } ?? "no finite number"
            return [Fault("RUB-3", "`\(function)` gives a weight that is \(shown)")]
        }
        guard list.isEmpty || weights.contains(where: { ($0 ?? 0) > 0 }) else {
            return [Fault("RUB-3", "`\(function)` gives no weight above 0")]
        }
        return []
    }

    private func steps(
        _ rubric: ForeignObject, _ announce: (String) -> Void, _ performance: inout Performance
    ) {
        let known = checks(of: rubric, &performance)
        for item in material.items {
            announce("the plan for \(item.output.debugDescription)")
            guard let plan = plan(item, rubric, Conditions(), &performance) else { continue }
            guard let steps = plan.array, steps.count <= 64 else {
                performance.faults.append(Fault("RUB-3", "`plan` wrote no array of at most 64 steps"))
                return
            }
            let names = steps.map { $0["name"]?.string ?? "" }
            if Set(names).count < names.count || names.contains("") {
                performance.faults.append(Fault("RUB-3", "`plan` gives two steps one name: \(names)"))
            }
            if let stranger = names.first(where: { known[$0] == nil }) {
                performance.faults.append(
                    Fault("RUB-2", "`plan` asks for the step \"\(stranger)\", which `describe` does not name"))
            }
            for step in steps {
                let isScorer = step["scorer"]?.string?.isEmpty == false
                let isJudge = step["judge"]?.array?.isEmpty == false
                if isScorer == isJudge {
                    performance.faults.append(
                        Fault("RUB-3", "a step has not just one of `scorer` and `judge`: \(step.text().prefix(160))"))
                }
            }
            performance.faults += Self.weightFaults(steps, "plan")
            if !performance.faults.isEmpty { return }
        }
    }

    // MARK: Scores

    /// Combines the results of every item's steps, which `result` makes of the step and its place.
    private func combineAll(
        _ rubric: ForeignObject, _ announce: (String) -> Void, _ what: String, _ performance: inout Performance,
        _ result: (JSONValue, Int) -> StepResult, then look: (JSONValue, [JSONValue], [StepResult]) -> Fault?
    ) {
        for item in material.items where performance.faults.isEmpty {
            guard let steps = plan(item, rubric, Conditions(), &performance)?.array else { continue }
            announce("\(item.output.debugDescription) with \(what)")
            let results = steps.enumerated().map { result($1, $0) }
            let text = JSONValue.array(zip(steps, results).map { $1.json(of: $0) }).text()
            guard let score = combine(item, text, rubric, Conditions(), &performance) else {
                performance.faults.append(Fault("RUB-4", "`combine` fails with \(what): \(text.prefix(160))"))
                return
            }
            if let fault = Self.fault(in: score) ?? look(score, steps, results) { performance.faults.append(fault) }
        }
    }

    /// [RUB-4] [RUB-7]
    private static func fault(in score: JSONValue) -> Fault? {
        guard let total = score["total"], total.isNull || total.double.map((0...1).contains) == true else {
            return Fault("RUB-4", "`combine` gave the total \(score["total"]?.text() ?? "none"), not one from 0 to 1")
        }
        guard let checks = score["checks"]?.array else { return Fault("RUB-4", "`combine` wrote no `checks`") }
        if let pass = score["pass"], pass.bool == nil, !pass.isNull {
            return Fault("RUB-4", "`combine` gave a `pass` that is neither true nor false: \(pass.text())")
        }
        for check in checks {
            let name = check["name"]?.string ?? ""
            guard let ok = check["ok"], ok.isNull || ok.bool != nil else {
                return Fault("RUB-4", "`ok` of the check \"\(name)\" is none of true, false and null")
            }
            if check["why"]?.string?.isEmpty != false, ok.bool == false {
                return Fault("RUB-7", "`combine` does not say why the check \"\(name)\" failed")
            }
            if (check["weight"]?.double ?? -1) < 0 {
                return Fault("RUB-3", "`combine` gives the check \"\(name)\" no finite weight of 0 or more")
            }
        }
        if !total.isNull, checks.allSatisfy({ $0["ok"]?.isNull == true }) {
            return Fault("RUB-4", "the total is \(total.text()) although no check applied")
        }
        return nil
    }

    private func scores(
        _ rubric: ForeignObject, _ announce: (String) -> Void, _ performance: inout Performance
    ) {
        let names = Set(checks(of: rubric, &performance).keys)
        for (what, value) in [
            ("results of 0", { _ in 0.0 }), ("results of 1", { _ in 1.0 }), ("results of 0.5", { _ in 0.5 }),
            ("mixed results", { $0 % 2 == 0 ? 1.0 : 0.0 }),
        ] as [(String, (Int) -> Double)] {
            combineAll(rubric, announce, what, &performance) { _, place in
                .value(value(place))
            } then: { score, _, _ in
                let given = (score["checks"]?.array ?? []).map { $0["name"]?.string ?? "" }
                guard Set(given).count == given.count, Set(given) == names else {
                    return Fault("RUB-7", "`combine` names the checks \(given.sorted()), `describe` \(names.sorted())")
                }
                return nil
            }
        }
    }

    private func missing(
        _ rubric: ForeignObject, _ announce: (String) -> Void, _ performance: inout Performance
    ) {
        for (what, isMissing) in [("no results", { _ in true }), ("every second result missing", { $0 % 2 == 0 })]
            as [(String, (Int) -> Bool)]
        {
            combineAll(rubric, announce, what, &performance) { _, place in
                isMissing(place) ? .skipped : .value(1)
            } then: { score, steps, results in
                for (step, result) in zip(steps, results) {
                    guard case .skipped = result, let name = step["name"]?.string else { continue }
                    let check = score["checks"]?.array?.first { $0["name"]?.string == name }
                    if let check, check["ok"]?.isNull != true {
                        return Fault(
                            "RUB-4", "`ok` of the check \"\(name)\" is not null although there was nobody to ask")
                    }
                }
                return nil
            }
        }
    }

    /// Numbers that are none and results that fit no plan are refused with a reason, or leave the total in its range.
    private func strange(
        _ rubric: ForeignObject, _ announce: (String) -> Void, _ performance: inout Performance
    ) {
        guard let item = material.items.first,
            let steps = plan(item, rubric, Conditions(), &performance)?.array
        else { return }
        let odd: [JSONValue] = [.null, "NaN", "", true, [], [:], -5, 7, 1e300, JSONValue(Int.max)]
        var texts = odd.map { value in JSONValue.array(steps.map { StepResult.odd(value).json(of: $0) }).text() }
        for number in ["NaN", "Infinity", "-1e999", "1e999"] {
            texts.append("[" + steps.map { _ in "{\"value\":\(number),\"pass\":true}" }.joined(separator: ",") + "]")
        }
        texts += ["", "[", "null", "{}", "[]", "[null]", "\"x\"", "[[[[]]]]"]
        texts.append(JSONValue.array((steps + steps + [.null]).map { _ in ["value": 1] }).text())
        for text in texts {
            announce("the results \(text.prefix(200))")
            var one = Performance()
            let score = combine(item, text, rubric, Conditions(), &one)
            performance.faults += one.faults
            guard let score, let total = score["total"] else { continue }
            if !total.isNull, total.double.map((0...1).contains) != true {
                performance.faults.append(
                    Fault("RUB-4", "the results \(text.prefix(120)) give the total \(total.text())"))
            }
        }
    }

    /// [RUB-5]
    private func same(
        _ rubric: ForeignObject, _ announce: (String) -> Void, _ performance: inout Performance
    ) {
        announce("all items, again, and again with another rubric in the opposite order")
        func all(_ rubric: ForeignObject, _ items: [ScoreItem]) -> [String: String] {
            var scores: [String: String] = [:]
            for item in items {
                guard let steps = plan(item, rubric, Conditions(), &performance)?.array else { continue }
                let results = JSONValue.array(
                    steps.enumerated().map { StepResult.value(Double($0 % 3) / 2).json(of: $1) })
                let score = combine(item, results.text(), rubric, Conditions(), &performance)
                scores[item.itemID] = JSONValue.array(steps).text() + (score?.text() ?? "nothing")
            }
            return scores
        }
        let first = all(rubric, material.items)
        var others = [all(rubric, material.items)]
        if let other = open(Conditions(), &performance) {
            others.append(all(other, material.items.reversed()))
            close(other)
        }
        for other in others {
            for (item, score) in first where other[item] != score {
                performance.faults.append(
                    Fault("RUB-5", "item \(item) gives \((other[item] ?? "").suffix(120)), before \(score.suffix(120))")
                )
                return
            }
        }
    }

    // MARK: Documents

    /// [RUB-1] [RUB-6]: what is no rubric is refused, with its place.
    private func readings(_ announce: (String) -> Void) -> Findings {
        guard isReader else { return .skipped("it is compiled in and reads no documents") }
        var performance = Performance()
        var all = documents
        for text in (material.special["hostile"]?.array ?? []).compactMap(\.string) { all.append(Array(text.utf8)) }
        // What no JSON text can carry.
        all += [[0xFF, 0xFE, 0x00], Array("id: a\nchecks: ".utf8) + [0xC3, 0x28], [UInt8](repeating: 0, count: 4096)]
        for document in documents {
            for end in stride(from: 0, to: document.count, by: max(1, document.count / 64)) {
                all.append(Array(document[..<end]))
            }
        }
        for document in all where performance.faults.count < 5 {
            announce("the document \(String(decoding: document.prefix(200), as: UTF8.self).debugDescription)")
            let object = load(document, Conditions(), &performance)
            if let object { close(object) }
            let shown = String(decoding: document.suffix(60), as: UTF8.self).debugDescription
            if object == nil, let failure = performance.failure, !Self.namesPlace(failure) {
                performance.faults.append(
                    Fault("RUB-1", "`load` of …\(shown) fails without line and column: \(failure.prefix(160))"))
            }
            guard let faults = check(document, Conditions(), &performance) else { continue }
            guard let list = faults.array, list.allSatisfy(Self.isPlaced) else {
                performance.faults.append(
                    Fault("RUB-6", "`check` of …\(shown) wrote no array of {\"line\", \"column\", \"message\"}"))
                continue
            }
            if list.isEmpty != (object != nil) {
                let other = object == nil ? "`load` refuses it" : "`load` takes it"
                performance.faults.append(
                    Fault("RUB-6", "`check` finds \(list.count) faults in …\(shown), and \(other)"))
            }
        }
        return Findings(faults: performance.faults)
    }

    private static func namesPlace(_ message: String) -> Bool {
        let words = message.lowercased()
        return Foreign.holds(words, "line") && Foreign.holds(words, "column")
    }

    private static func isPlaced(_ fault: JSONValue) -> Bool {
        (fault["line"]?.int ?? 0) > 0 && (fault["column"]?.int ?? 0) > 0 && fault["message"]?.string?.isEmpty == false
    }
}
