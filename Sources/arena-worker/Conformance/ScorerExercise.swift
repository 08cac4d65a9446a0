import ArenaPluginABI
import CArenaPlugin

/// Makes a scorer, has it judge every item alone, then all in one batch, and gives it back.
struct ScorerExercise: Exercise, @unchecked Sendable {
    // The functions of a library that is never unloaded.
    let table: arena_scorer_v1
    let material: Material
    var isReentrant: Bool { material.isReentrant }

    func open(_ conditions: Conditions, _ performance: inout Performance) -> ForeignObject? {
        guard let create = table.create else { return nil }
        let trial = Trial(conditions)
        let slot = trial.loan.slot()
        let config = trial.loan.text(material.config)
        var object: UnsafeMutableRawPointer?
        let status = trial.run("create", &performance) {
            object = slot.pointee
            return ""
        } _: {
            create(trial.table, config, slot)
        }
        return status == ARENA_OK ? ForeignObject(pointer: object) : nil
    }

    func use(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        for item in material.items { judge(item, object, conditions, &performance) }
        judge(material.items, object, conditions, &performance)
        judge([], object, conditions, &performance)
    }

    func close(_ object: ForeignObject) {
        // A scorer without state wrote no object.
        if object.pointer != nil { table.destroy?(object.pointer) }
    }

    private func judge(
        _ item: ScoreItem, _ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance
    ) {
        guard let score = table.score else { return }
        let trial = Trial(conditions)
        let input = trial.loan.structure(trial.loan.input(item, conditions))
        let output = trial.loan.structure(arena_score_output(), isWritable: true)
        let explanations = BentExplanations(1, in: trial.call)
        let explain = explanations.table(in: trial.loan)
        _ = trial.run("score", on: "the output \(item.output.prefix(200).debugDescription)", &performance) {
            "\(item.itemID): \(Self.line(output.pointee, explanations[0]))"
        } _: {
            withExtendedLifetime(explanations) { score(object.pointer, trial.table, input, output, explain) }
        }
    }

    private func judge(
        _ items: [ScoreItem], _ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance
    ) {
        guard let scoreBatch = table.score_batch else { return }
        let trial = Trial(conditions)
        let inStride = MemoryLayout<arena_score_input>.size + conditions.surplus + conditions.gap
        let outStride = MemoryLayout<arena_score_output>.size + conditions.surplus + conditions.gap
        let inputs = trial.loan.array(
            items.map { trial.loan.input($0, conditions) }, stride: inStride)
        let outputs = trial.loan.array(
            items.map { _ in arena_score_output() }, stride: outStride, isWritable: true)
        let explanations = BentExplanations(items.count, in: trial.call)
        let explain = explanations.table(in: trial.loan)
        _ = trial.run("score_batch", on: "\(items.count) items", &performance) {
            items.indices.map { index in
                let output = (UnsafeRawPointer(outputs) + index * outStride).load(as: arena_score_output.self)
                return "\(items[index].itemID): \(Self.line(output, explanations[index]))"
            }.joined(separator: "; ")
        } _: {
            withExtendedLifetime(explanations) {
                scoreBatch(
                    object.pointer, trial.table, UInt64(items.count), inputs, UInt64(inStride), outputs,
                    UInt64(outStride), explain)
            }
        }
    }

    private static func line(_ output: arena_score_output, _ explanation: String) -> String {
        "\(output.status) \(output.value) flags \(output.flags) reason \(output.reason) \(explanation)"
    }
}

extension Loan {
    /// An item as scorers, rubrics and aggregates are given it.
    func input(_ item: ScoreItem, _ conditions: Conditions) -> arena_score_input {
        var input = arena_score_input()
        let stride = MemoryLayout<arena_str>.size + conditions.gap
        input.item_id = text(item.itemID)
        input.input = text(item.input)
        input.output = text(item.output)
        input.references = references(item.references.map(text), stride: stride)
        input.reference_count = UInt32(item.references.count)
        input.reference_stride = UInt32(stride)
        input.meta_json = text(item.metaJSON)
        return input
    }
}
