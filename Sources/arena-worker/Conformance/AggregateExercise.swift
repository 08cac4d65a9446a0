import ArenaJSON
import ArenaPluginABI
import CArenaPlugin

/// An item with its score, as an aggregate is given them.
struct ScoredItem: Sendable {
    let item: ScoreItem
    var value: Double
    var status = ARENA_OK
    var flags: UInt32 = 0
}

/// Adds all items of a run at once, and has it finished.
struct AggregateExercise: Exercise, @unchecked Sendable {
    // The functions of a library that is never unloaded.
    let table: arena_scorer_aggregate_v1
    let material: Material
    let isReentrant = false

    /// Values between 0 and 1, some skipped or failed.
    var items: [ScoredItem] {
        material.items.enumerated().map { index, item in
            ScoredItem(
                item: item, value: Double(index % 5) / 4,
                status: index % 11 == 10 ? ARENA_INVALID_ARGUMENT : ARENA_OK,
                flags: index % 7 == 6 ? ARENA_SCORE_SKIPPED : 0)
        }
    }

    func open(_ conditions: Conditions, _ performance: inout Performance) -> ForeignObject? {
        guard let open = table.open else { return nil }
        let trial = Trial(conditions)
        let slot = trial.loan.slot()
        let config = trial.loan.text(material.config)
        var object: UnsafeMutableRawPointer?
        let status = trial.run("open", &performance) {
            object = slot.pointee
            return ""
        } _: {
            open(trial.table, config, slot)
        }
        return status == ARENA_OK ? ForeignObject(pointer: object) : nil
    }

    func use(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        if add(items[...], object, conditions, &performance) == ARENA_OK {
            _ = finish(object, conditions, &performance)
        }
    }

    func close(_ object: ForeignObject) {
        if object.pointer != nil { table.close?(object.pointer) }
    }

    private func add(
        _ items: ArraySlice<ScoredItem>, _ object: ForeignObject, _ conditions: Conditions,
        _ performance: inout Performance
    ) -> arena_status {
        guard let add = table.add else { return ARENA_INTERNAL }
        let trial = Trial(conditions)
        let inStride = MemoryLayout<arena_score_input>.size + conditions.surplus + conditions.gap
        let scoreStride = MemoryLayout<arena_score_output>.size + conditions.surplus + conditions.gap
        let inputs = trial.loan.array(items.map { trial.loan.input($0.item, conditions) }, stride: inStride)
        let scores = trial.loan.array(
            items.map { item in
                var score = arena_score_output()
                score.value = item.value
                score.status = item.status
                score.flags = item.flags
                return score
            }, stride: scoreStride)
        return trial.run("add", &performance) {
            add(
                object.pointer, trial.table, UInt64(items.count), inputs, UInt64(inStride), scores, UInt64(scoreStride))
        }
    }

    private func finish(
        _ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance
    ) -> JSONValue? {
        guard let finish = table.finish else { return nil }
        let trial = Trial(conditions)
        let sink = BentSink(conditions, in: trial.call)
        let place = sink.table(in: trial.loan)
        let status = trial.run("finish", &performance) {
            String(decoding: sink.bytes, as: UTF8.self)
        } _: {
            withExtendedLifetime(sink) { finish(object.pointer, trial.table, place) }
        }
        performance.written["finish"] = sink.bytes.count
        guard status == ARENA_OK else { return nil }
        let result = try? JSONValue(parsing: sink.bytes)
        guard let result, let value = result["value"], value.isNull || value.double != nil,
            (result["n"]?.int ?? -1) >= 0
        else {
            performance.faults.append(
                Fault(
                    "AGG-2",
                    "`finish` wrote no {\"value\": number or null, \"n\": integer}: "
                        + String(decoding: sink.bytes.prefix(120), as: UTF8.self)))
            return nil
        }
        return result
    }
}

/// What an aggregate alone promises.
extension AggregateExercise {
    func examine(_ test: String, _ announce: (String) -> Void) -> Findings? {
        switch test {
        case "split": split(announce)
        case "same": same(announce)
        case "empty": empty(announce)
        case "odd": odd(announce)
        default: nil
        }
    }

    /// The result of a run to which the parts are added one after the other.
    private func result(_ parts: [ArraySlice<ScoredItem>], _ performance: inout Performance) -> JSONValue? {
        guard let object = open(Conditions(), &performance) else { return nil }
        defer { close(object) }
        for part in parts where add(part, object, Conditions(), &performance) != ARENA_OK { return nil }
        return finish(object, Conditions(), &performance)
    }

    /// [AGG-1]
    private func split(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        let items = items
        announce("all items at once")
        guard let whole = result([items[...]], &performance) else {
            return performance.faults.isEmpty
                ? .skipped("it gives no result for the items of a check") : Findings(faults: performance.faults)
        }
        let (half, third) = (items.count / 2, items.count / 3)
        let splits: [(String, [ArraySlice<ScoredItem>])] = [
            ("one by one", items.indices.map { items[$0...$0] }), ("in halves", [items[..<half], items[half...]]),
            ("with an empty part between", [items[..<third], [], items[third...]]),
        ]
        for (name, parts) in splits {
            announce("the items \(name)")
            guard let other = result(parts, &performance), Self.isClose(other, whole) else {
                performance.faults.append(
                    Fault("AGG-1", "the items \(name) do not give what they give at once, \(whole.text().prefix(120))"))
                continue
            }
        }
        return Findings(faults: performance.faults)
    }

    /// [AGG-3]: and whether the order of the items matters is said.
    private func same(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        let items = items
        guard let first = result([items[...]], &performance) else {
            return .skipped("it gives no result for the items of a check")
        }
        announce("the same run again")
        if let again = result([items[...]], &performance), again != first {
            performance.faults.append(
                Fault("AGG-3", "the same items give \(again.text().prefix(120)) and \(first.text().prefix(120))"))
        }
        announce("two runs in turn")
        if let other = open(Conditions(), &performance) {
            _ = add(items[...(items.count / 2)], other, Conditions(), &performance)
            if let beside = result([items[...]], &performance), beside != first {
                performance.faults.append(Fault("MEM-4", "beside another run the same items give another result"))
            }
            close(other)
        }
        announce("the items in the opposite order")
        let backwards = result([Array(items.reversed())[...]], &performance)
        let isOrdered = backwards.map { !Self.isClose($0, first) } ?? false
        return Findings(
            faults: performance.faults, note: isOrdered ? "the result depends on the order of the items" : nil)
    }

    /// [AGG-2]
    private func empty(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        for parts in [[], [[]]] as [[ArraySlice<ScoredItem>]] {
            announce(parts.isEmpty ? "a run without a call of add" : "a run of no items")
            guard let object = open(Conditions(), &performance) else { return .skipped("no run can be begun") }
            for part in parts { _ = add(part, object, Conditions(), &performance) }
            if let result = finish(object, Conditions(), &performance), result["n"]?.int != 0 {
                performance.faults.append(
                    Fault("AGG-2", "a run of no items has \(result["n"]?.text() ?? "no") of them"))
            }
            close(object)
        }
        announce("a run that is given back before its end")
        if let object = open(Conditions(), &performance) {
            _ = add(items[...], object, Conditions(), &performance)
            close(object)
        }
        return Findings(faults: performance.faults)
    }

    /// [AGG-2]: values that no scorer may give leave the result a number or null.
    private func odd(_ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        for value in [Double.nan, .infinity, -.infinity, -1, 2, .greatestFiniteMagnitude] {
            announce("items with the value \(value)")
            for scored in [
                items.map { ScoredItem(item: $0.item, value: value) },
                items + [ScoredItem(item: ScoreItem(itemID: "odd", output: ""), value: value)],
            ] {
                _ = result([scored[...]], &performance)
            }
        }
        announce("items that were all skipped, or all failed")
        for (flags, status) in [(ARENA_SCORE_SKIPPED, ARENA_OK), (0, ARENA_INTERNAL)] {
            let scored = items.map { ScoredItem(item: $0.item, value: .nan, status: status, flags: flags) }
            _ = result([scored[...]], &performance)
        }
        return Findings(faults: performance.faults)
    }

    /// Sums may differ in their last digits by where they were split.
    private static func isClose(_ a: JSONValue, _ b: JSONValue) -> Bool {
        switch (a, b) {
        case (.object(let x), .object(let y)):
            x.count == y.count && x.allSatisfy { name, value in y[name].map { isClose(value, $0) } ?? false }
        case (.array(let x), .array(let y)): x.count == y.count && zip(x, y).allSatisfy(isClose)
        case (.number, .number):
            abs((a.double ?? 0) - (b.double ?? 0)) <= 1e-9 * max(1, abs(a.double ?? 0), abs(b.double ?? 0))
        default: a == b
        }
    }
}
