import ArenaCore
import ArenaPluginABI
import ArenaPluginWire
import CArenaPlugin

/// One test of `arena plugin check`, on the main thread of a child of its own; it ends with the plugin's `shutdown`.
///
/// What hangs or crashes here is seen by the host, which is told before each step what is about to be done.
struct Conformance {
    let worker: Worker
    let call: RunningCall

    func run() -> Result<[UInt8], CallFailure> {
        guard case .conformance(let test, let arguments) = call.message.request else {
            return .failure(CallFailure(.invalidArgument, "What to test is not told."))
        }
        // A bent call is nothing that a service of this process could attribute.
        guard test == "entry" || worker.hello.services.isEmpty else {
            return .failure(CallFailure(.failedPrecondition, "A test is made without services."))
        }
        let findings: Findings
        switch test {
        case "entry": findings = entry(arguments)
        case "state": findings = state(arguments)
        default:
            guard let material = Material(arguments) else {
                return .failure(CallFailure(.invalidArgument, "What to test with is not told."))
            }
            do {
                guard let exercise = try exercise(of: material) else {
                    return .failure(CallFailure(.invalidArgument, "There is no interface \(material.interface)."))
                }
                findings = run(test, exercise)
            } catch {
                return .failure(CallFailure(StatusCode(error.category), error.message))
            }
            worker.library.shutdown()
        }
        return .success(findings.report())
    }

    private func run(_ test: String, _ exercise: some Exercise) -> Findings {
        switch test {
        case "contract": contract(exercise)
        case "evolution": evolution(exercise)
        case "memory": memory(exercise)
        case "threads": threads(exercise)
        case "cancellation": cancellation(exercise)
        case "sinks": sinks(exercise)
        default: exercise.examine(test, announce) ?? .skipped("this arena-worker has no test \(test)")
        }
    }

    /// What makes a kind work.
    ///
    /// - Throws: for a kind that the library does not have, or a table that breaks the rules.
    func exercise(of material: Material) throws(PluginABIError) -> (any Exercise)? {
        let (library, kind) = (worker.library, material.kind)
        switch PluginInterface(rawValue: material.interface) {
        case .scorer: return ScorerExercise(table: try library.scorerTable(kind), material: material)
        case .aggregate: return AggregateExercise(table: try library.aggregateTable(kind), material: material)
        case .rubric: return RubricExercise(table: try library.rubricTable(kind), material: material)
        case .jobKind: return JobExercise(table: try library.jobKindTable(kind), material: material)
        case .laneCodec: return CodecExercise(table: try library.laneCodecTable(kind), material: material)
        case .laneEngine: return EngineExercise(table: try library.laneEngineTable(kind), material: material)
        case .exporter: return ExporterExercise(table: try library.exporterTable(kind), material: material)
        case nil: return nil
        }
    }

    /// Tells the host what comes next, so that it can say what a crash interrupted.
    func announce(_ step: String) { call.progress(done: 0, total: 0, phase: step, fields: "") }
}

extension CallRequest {
    /// Whether it is done on the main thread, with no other call beside it.
    var belongsToMain: Bool {
        switch self {
        case .probe, .conformance: true
        default: false
        }
    }
}

extension Worker {
    func examine(_ call: RunningCall) -> Result<[UInt8], CallFailure> {
        if case .probe = call.message.request { return Probe(worker: self, call: call).run() }
        return Conformance(worker: self, call: call).run()
    }
}
