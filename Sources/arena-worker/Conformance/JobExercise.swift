import CArenaPlugin

/// Validates and estimates every payload, then opens, runs and closes a job with it.
struct JobExercise: Exercise, @unchecked Sendable {
    // The functions of a library that is never unloaded.
    let table: arena_job_kind_v1
    let material: Material
    /// `validate` and `estimate` are, for every job kind.
    let isReentrant = true

    func open(_ conditions: Conditions, _ performance: inout Performance) -> ForeignObject? {
        ForeignObject(pointer: nil)
    }

    func use(_ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance) {
        for payload in material.documents {
            if let validate = table.validate {
                let trial = Trial(conditions)
                let text = trial.loan.text(payload)
                trial.run("validate", writing: "JOB-1", conditions, &performance) { validate(trial.table, text, $0) }
            }
            if let estimate = table.estimate {
                let trial = Trial(conditions)
                let text = trial.loan.text(payload)
                trial.run("estimate", writing: "JOB-1", conditions, &performance) { estimate(trial.table, text, $0) }
            }
            run(payload, conditions, &performance)
        }
    }

    func close(_ object: ForeignObject) {}

    /// The child has no services, so most jobs end soon and say why; those that need none do their work.
    private func run(_ payload: String, _ conditions: Conditions, _ performance: inout Performance) {
        guard let open = table.open, let run = table.run else { return }
        let trial = Trial(conditions)
        var start = arena_job_open()
        start.attempt = 1
        start.job_id = trial.loan.text("check")
        start.payload_json = trial.loan.text(payload)
        start.checkpoint = trial.loan.bytes([])
        let job = trial.loan.structure(start)
        let slot = trial.loan.slot()
        var object: UnsafeMutableRawPointer?
        let status = trial.run("open", &performance) {
            object = slot.pointee
            return ""
        } _: {
            open(trial.table, job, slot)
        }
        guard status == ARENA_OK else { return }
        defer { table.close?(object) }
        var conditions = conditions
        if conditions.deadlineAfter == nil, conditions.cancelsAfter == nil {
            // One that goes on all the same is stopped here.
            conditions.cancelsAfter = 500_000_000
        }
        let attempt = Trial(conditions)
        attempt.run("run", writing: "JOB-1", conditions, &performance) { run(object, attempt.table, $0) }
    }
}
