import ArenaJSON
import CArenaPlugin

/// The functions of tables that have no object yet, and so nothing that says whose they are: a C function knows its
/// kind only by being the function of that kind. There is one of each for every slot, and the kind in the slot says
/// which Swift type is meant.
enum KindSlots {
    /// How many kinds one library can have.
    static let count = 16

    typealias Object = UnsafeMutablePointer<UnsafeMutableRawPointer?>
    typealias Create = @convention(c) (UnsafePointer<arena_call>?, arena_str, Object?) -> arena_status
    typealias Open =
        @convention(c) (UnsafePointer<arena_call>?, UnsafePointer<arena_job_open>?, Object?) -> arena_status
    typealias Load = @convention(c) (UnsafePointer<arena_call>?, arena_bytes, Object?) -> arena_status
    typealias ReadPayload =
        @convention(c) (UnsafePointer<arena_call>?, arena_str, UnsafePointer<arena_sink>?) -> arena_status
    typealias ReadDocument =
        @convention(c) (UnsafePointer<arena_call>?, arena_bytes, UnsafePointer<arena_sink>?) -> arena_status
    typealias Export =
        @convention(c) (
            UnsafePointer<arena_call>?, arena_str, UnsafePointer<arena_record_reader>?,
            UnsafePointer<arena_file_writer>?
        ) -> arena_status

    /// Objects made of a config: scorers, aggregates, codecs and engines.
    static let create: [Create] = [
        { createObject(0, $0, $1, $2) }, { createObject(1, $0, $1, $2) }, { createObject(2, $0, $1, $2) },
        { createObject(3, $0, $1, $2) }, { createObject(4, $0, $1, $2) }, { createObject(5, $0, $1, $2) },
        { createObject(6, $0, $1, $2) }, { createObject(7, $0, $1, $2) }, { createObject(8, $0, $1, $2) },
        { createObject(9, $0, $1, $2) }, { createObject(10, $0, $1, $2) }, { createObject(11, $0, $1, $2) },
        { createObject(12, $0, $1, $2) }, { createObject(13, $0, $1, $2) }, { createObject(14, $0, $1, $2) },
        { createObject(15, $0, $1, $2) },
    ]
    /// Attempts of job kinds.
    static let open: [Open] = [
        { openAttempt(0, $0, $1, $2) }, { openAttempt(1, $0, $1, $2) }, { openAttempt(2, $0, $1, $2) },
        { openAttempt(3, $0, $1, $2) }, { openAttempt(4, $0, $1, $2) }, { openAttempt(5, $0, $1, $2) },
        { openAttempt(6, $0, $1, $2) }, { openAttempt(7, $0, $1, $2) }, { openAttempt(8, $0, $1, $2) },
        { openAttempt(9, $0, $1, $2) }, { openAttempt(10, $0, $1, $2) }, { openAttempt(11, $0, $1, $2) },
        { openAttempt(12, $0, $1, $2) }, { openAttempt(13, $0, $1, $2) }, { openAttempt(14, $0, $1, $2) },
        { openAttempt(15, $0, $1, $2) },
    ]
    static let validate: [ReadPayload] = [
        { validatePayload(0, $0, $1, $2) }, { validatePayload(1, $0, $1, $2) }, { validatePayload(2, $0, $1, $2) },
        { validatePayload(3, $0, $1, $2) }, { validatePayload(4, $0, $1, $2) }, { validatePayload(5, $0, $1, $2) },
        { validatePayload(6, $0, $1, $2) }, { validatePayload(7, $0, $1, $2) }, { validatePayload(8, $0, $1, $2) },
        { validatePayload(9, $0, $1, $2) }, { validatePayload(10, $0, $1, $2) }, { validatePayload(11, $0, $1, $2) },
        { validatePayload(12, $0, $1, $2) }, { validatePayload(13, $0, $1, $2) }, { validatePayload(14, $0, $1, $2) },
        { validatePayload(15, $0, $1, $2) },
    ]
    static let estimate: [ReadPayload] = [
        { estimatePayload(0, $0, $1, $2) }, { estimatePayload(1, $0, $1, $2) }, { estimatePayload(2, $0, $1, $2) },
        { estimatePayload(3, $0, $1, $2) }, { estimatePayload(4, $0, $1, $2) }, { estimatePayload(5, $0, $1, $2) },
        { estimatePayload(6, $0, $1, $2) }, { estimatePayload(7, $0, $1, $2) }, { estimatePayload(8, $0, $1, $2) },
        { estimatePayload(9, $0, $1, $2) }, { estimatePayload(10, $0, $1, $2) }, { estimatePayload(11, $0, $1, $2) },
        { estimatePayload(12, $0, $1, $2) }, { estimatePayload(13, $0, $1, $2) }, { estimatePayload(14, $0, $1, $2) },
        { estimatePayload(15, $0, $1, $2) },
    ]
    /// Rubrics.
    static let load: [Load] = [
        { loadRubric(0, $0, $1, $2) }, { loadRubric(1, $0, $1, $2) }, { loadRubric(2, $0, $1, $2) },
        { loadRubric(3, $0, $1, $2) }, { loadRubric(4, $0, $1, $2) }, { loadRubric(5, $0, $1, $2) },
        { loadRubric(6, $0, $1, $2) }, { loadRubric(7, $0, $1, $2) }, { loadRubric(8, $0, $1, $2) },
        { loadRubric(9, $0, $1, $2) }, { loadRubric(10, $0, $1, $2) }, { loadRubric(11, $0, $1, $2) },
        { loadRubric(12, $0, $1, $2) }, { loadRubric(13, $0, $1, $2) }, { loadRubric(14, $0, $1, $2) },
        { loadRubric(15, $0, $1, $2) },
    ]
    static let check: [ReadDocument] = [
        { checkRubric(0, $0, $1, $2) }, { checkRubric(1, $0, $1, $2) }, { checkRubric(2, $0, $1, $2) },
        { checkRubric(3, $0, $1, $2) }, { checkRubric(4, $0, $1, $2) }, { checkRubric(5, $0, $1, $2) },
        { checkRubric(6, $0, $1, $2) }, { checkRubric(7, $0, $1, $2) }, { checkRubric(8, $0, $1, $2) },
        { checkRubric(9, $0, $1, $2) }, { checkRubric(10, $0, $1, $2) }, { checkRubric(11, $0, $1, $2) },
        { checkRubric(12, $0, $1, $2) }, { checkRubric(13, $0, $1, $2) }, { checkRubric(14, $0, $1, $2) },
        { checkRubric(15, $0, $1, $2) },
    ]
    static let export: [Export] = [
        { exportRecords(0, $0, $1, $2, $3) }, { exportRecords(1, $0, $1, $2, $3) },
        { exportRecords(2, $0, $1, $2, $3) }, { exportRecords(3, $0, $1, $2, $3) },
        { exportRecords(4, $0, $1, $2, $3) }, { exportRecords(5, $0, $1, $2, $3) },
        { exportRecords(6, $0, $1, $2, $3) }, { exportRecords(7, $0, $1, $2, $3) },
        { exportRecords(8, $0, $1, $2, $3) }, { exportRecords(9, $0, $1, $2, $3) },
        { exportRecords(10, $0, $1, $2, $3) }, { exportRecords(11, $0, $1, $2, $3) },
        { exportRecords(12, $0, $1, $2, $3) }, { exportRecords(13, $0, $1, $2, $3) },
        { exportRecords(14, $0, $1, $2, $3) }, { exportRecords(15, $0, $1, $2, $3) },
    ]
}

/// Makes the object of the kind in a slot. `make` gives `nil` for a kind that has none of this sort.
private func makeObject(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ out: KindSlots.Object?,
    _ make: (PluginLibrary.Kind) throws(PluginError) -> UnsafeMutableRawPointer?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        guard let out, let object = try make(PluginLibrary.kind(slot)) else { throw PluginError.noKind }
        out.pointee = object
        return ARENA_OK
    }
}

private func createObject(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ config: arena_str, _ out: KindSlots.Object?
) -> arena_status {
    makeObject(slot, call, out) { kind throws(PluginError) in
        let config = try config.json("The config")
        switch kind {
        case .scorer(_, let type): return Box<any ScorerPlugin>(try type.init(config: config)).retained()
        case .aggregate(_, let type): return Box<any AggregatePlugin>(try type.init(config: config)).retained()
        case .laneCodec(_, let type): return Box<any LaneCodec>(try type.init(config: config)).retained()
        case .laneEngine(_, let type): return Box<any LaneEngine>(try type.init(config: config)).retained()
        case .jobKind, .rubric, .exporter: return nil
        }
    }
}

private func openAttempt(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ start: UnsafePointer<arena_job_open>?, _ out: KindSlots.Object?
) -> arena_status {
    makeObject(slot, call, out) { kind throws(PluginError) in
        guard case .jobKind(_, let type) = kind, let start else { return nil }
        return Box<any JobKind>(try type.init(JobStart(start))).retained()
    }
}

private func loadRubric(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ document: arena_bytes, _ out: KindSlots.Object?
) -> arena_status {
    makeObject(slot, call, out) { kind throws(PluginError) in
        guard case .rubric(_, let type) = kind else { return nil }
        return Box<any RubricPlugin>(try type.init(document: document.array)).retained()
    }
}

private func validatePayload(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ payload: arena_str, _ sink: UnsafePointer<arena_sink>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        let issues = try jobKind(slot).issues(in: payload.json("The payload"))
        return write(.array(issues.map(\.json)), to: sink)
    }
}

private func estimatePayload(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ payload: arena_str, _ sink: UnsafePointer<arena_sink>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        write(try jobKind(slot).estimate(payload.json("The payload")) ?? .object([:]), to: sink)
    }
}

private func jobKind(_ slot: Int) throws(PluginError) -> any JobKind.Type {
    guard case .jobKind(_, let type) = try PluginLibrary.kind(slot) else { throw PluginError.noKind }
    return type
}

private func checkRubric(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ document: arena_bytes, _ sink: UnsafePointer<arena_sink>?
) -> arena_status {
    PluginCall.run(call) { _ throws(PluginError) in
        guard case .rubric(_, let type) = try PluginLibrary.kind(slot) else { throw PluginError.noKind }
        return write(.array(type.faults(in: document.array).map(\.json)), to: sink)
    }
}

private func exportRecords(
    _ slot: Int, _ call: UnsafePointer<arena_call>?, _ params: arena_str, _ reader: UnsafePointer<arena_record_reader>?,
    _ files: UnsafePointer<arena_file_writer>?
) -> arena_status {
    PluginCall.run(call) { call throws(PluginError) in
        guard case .exporter(_, let type) = try PluginLibrary.kind(slot), let reader, let files else {
            throw PluginError.noKind
        }
        try type.export(
            params.json("The parameters"), RecordReader(call: call, table: reader),
            FileWriter(call: call, table: files), call)
        return ARENA_OK
    }
}
