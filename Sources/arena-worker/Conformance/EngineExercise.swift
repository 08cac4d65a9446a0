import CArenaPlugin

/// Makes an engine, asks it before and after its start, has it answer every request, stops it, and gives it back.
struct EngineExercise: Exercise, @unchecked Sendable {
    // The functions of a library that is never unloaded.
    let table: arena_lane_engine_v1
    let material: Material
    let isReentrant = true

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
        guard status == ARENA_OK else { return nil }
        let engine = ForeignObject(pointer: object)
        health(engine, conditions, &performance)
        // [ENGINE-3] Twice is as good as once, also after stop [ENGINE-4].
        change("start", table.start, engine, conditions, &performance)
        change("start", table.start, engine, conditions, &performance)
        change("stop", table.stop, engine, conditions, &performance)
        change("stop", table.stop, engine, conditions, &performance)
        change("start", table.start, engine, conditions, &performance)
        return engine
    }

    func use(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        health(object, conditions, &performance)
        if let models = table.models {
            let trial = Trial(conditions)
            trial.run("models", writing: "ENGINE-2", conditions, &performance) {
                models(object.pointer, trial.table, $0)
            }
        }
        for request in material.documents { chat(request, object, conditions, &performance) }
        embed(object, conditions, &performance)
        rerank(object, conditions, &performance)
    }

    func close(_ object: ForeignObject) {
        var performance = Performance()
        change("stop", table.stop, object, Conditions(), &performance)
        if object.pointer != nil { table.destroy?(object.pointer) }
    }

    private func health(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        guard let health = table.health else { return }
        let trial = Trial(conditions)
        // What it says may change from call to call.
        trial.run("health", writing: "ENGINE-2", conditions, &performance, compares: false) {
            health(object.pointer, trial.table, $0)
        }
    }

    private func change(
        _ name: String, _ function: (@convention(c) (UnsafeMutableRawPointer?, UnsafePointer<arena_call>?) -> Int32)?,
        _ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance
    ) {
        guard let function else { return }
        let trial = Trial(conditions)
        _ = trial.run(name, &performance) { function(object.pointer, trial.table) }
    }

    private func chat(
        _ request: String, _ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance
    ) {
        guard let chat = table.chat else { return }
        let trial = Trial(conditions)
        let text = trial.loan.text(request)
        let answer = BentChat(conditions, in: trial.call)
        let sink = answer.table(in: trial.loan)
        let status = trial.run("chat", &performance) {
            answer.result.text
        } _: {
            withExtendedLifetime(answer) { chat(object.pointer, trial.table, text, sink) }
        }
        performance.written["chat"] = max(performance.written["chat"] ?? 0, answer.result.pieces)
        if status == ARENA_OK, answer.result.ends != 1 {
            performance.faults.append(
                Fault("ENGINE-1", "`chat` returned 0 and called `end` \(answer.result.ends) times"))
        }
    }

    private func embed(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        guard let embed = table.embed else { return }
        let trial = Trial(conditions)
        let texts = trial.loan.references(["one", ""].map(trial.loan.text), stride: MemoryLayout<arena_str>.size)
        let (model, dimensions) = (trial.loan.text(""), trial.loan.number())
        trial.run("embed", writing: nil, conditions, &performance) {
            embed(
                object.pointer, trial.table, model, 2, texts?.assumingMemoryBound(to: arena_str.self), dimensions, $0)
        }
    }

    private func rerank(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        guard let rerank = table.rerank else { return }
        let trial = Trial(conditions)
        let texts = trial.loan.references(["one", ""].map(trial.loan.text), stride: MemoryLayout<arena_str>.size)
        let (model, query) = (trial.loan.text(""), trial.loan.text("which?"))
        trial.run("rerank", writing: nil, conditions, &performance) {
            rerank(
                object.pointer, trial.table, model, query, 2, texts?.assumingMemoryBound(to: arena_str.self), $0)
        }
    }
}
