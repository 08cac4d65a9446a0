import ArenaJSON
import ArenaPluginABI
import CArenaPlugin

/// What a server answered to a request: recorded, or made up by the host.
struct Recording: Sendable {
    let name: String
    let operation: CodecOperation
    /// What was asked, as JSON.
    let request: String
    let status: UInt32
    /// A JSON object, names in lower case.
    let headers: String
    let body: [UInt8]

    init(
        _ name: String, _ operation: CodecOperation, request: String, status: UInt32, headers: String, body: [UInt8]
    ) {
        self.name = name
        self.operation = operation
        self.request = request
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The body is written in hexadecimal digits, for it may be no text.
    init?(_ json: JSONValue) {
        guard let operation = (json["operation"]?.int).flatMap({ CodecOperation(rawValue: UInt32(clamping: $0)) })
        else { return nil }
        let digits = Array((json["body"]?.string ?? "").utf8)
        func digit(_ byte: UInt8) -> UInt8 { byte <= UInt8(ascii: "9") ? byte & 0xF : (byte & 0xF) + 9 }
        self.init(
            json["name"]?.string ?? "", operation, request: json["request"]?.string ?? "{}",
            status: UInt32(clamping: json["status"]?.int ?? 200), headers: json["headers"]?.string ?? "{}",
            body: stride(from: 0, to: digits.count - 1, by: 2).map { digit(digits[$0]) << 4 | digit(digits[$0 + 1]) })
    }

    /// Another answer to the same request.
    func with(status: UInt32? = nil, body: [UInt8]) -> Recording {
        Recording(
            name, operation, request: request, status: status ?? self.status, headers: headers, body: body)
    }
}

/// Makes a codec, has it write every request and read every recording in two pieces, and gives it back.
struct CodecExercise: Exercise, @unchecked Sendable {
    // The functions of a library that is never unloaded.
    let table: arena_lane_codec_v1
    let material: Material
    let recordings: [Recording]
    let isReentrant = true
    let sharingRule = "CODEC-11"

    init(table: arena_lane_codec_v1, material: Material) {
        self.table = table
        self.material = material
        recordings = (material.special["recordings"]?.array ?? []).compactMap(Recording.init)
    }

    /// A request for every operation, as the header gives its form.
    var requests: [(operation: UInt32, request: String)] {
        (material.special["requests"]?.array ?? []).compactMap { json in
            guard let operation = json["operation"]?.int, let request = json["request"]?.string else { return nil }
            return (UInt32(clamping: operation), request)
        }
    }

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
        for (operation, request) in requests { _ = encode(operation, request, object, conditions, &performance) }
        for recording in recordings {
            _ = decode(recording, cuts: [recording.body.count / 2], object, conditions, &performance)
        }
    }

    func close(_ object: ForeignObject) {
        if object.pointer != nil { table.destroy?(object.pointer) }
    }

    /// The request that the codec wrote; `nil` when it refused.
    func encode(
        _ operation: UInt32, _ request: String, _ object: ForeignObject, _ conditions: Conditions,
        _ performance: inout Performance
    ) -> [UInt8]? {
        guard let encode = table.encode else { return nil }
        let trial = Trial(conditions)
        let text = trial.loan.text(request)
        let sink = BentSink(conditions, in: trial.call)
        let place = sink.table(in: trial.loan)
        let status = trial.run("encode", &performance) {
            String(decoding: sink.bytes, as: UTF8.self)
        } _: {
            withExtendedLifetime(sink) { encode(object.pointer, trial.table, operation, text, place) }
        }
        performance.written["encode"] = max(performance.written["encode"] ?? 0, sink.bytes.count)
        guard status == ARENA_OK else { return nil }
        if let fault = RequestForm.fault(in: sink.bytes) { performance.faults.append(fault) }
        return sink.bytes
    }

    /// How one answer was read.
    struct Decoding {
        var status: arena_status
        var found: BentFindings.State

        /// What must be the same however the answer was cut. Where it fails, what came before counts no more.
        var outcome: String {
            status == ARENA_OK ? "\(found.events.joined(separator: " | "))" : "status \(status)"
        }
    }

    /// Has one answer read, in the pieces between `cuts`.
    func decode(
        _ recording: Recording, cuts: [Int], _ object: ForeignObject, _ conditions: Conditions,
        _ performance: inout Performance
    ) -> Decoding {
        let findings = BentFindings(conditions)
        guard let decoder = decoder(for: recording, object, conditions, &performance) else {
            return Decoding(status: ARENA_UNKNOWN, found: findings.result)
        }
        defer { table.decoder_destroy?(decoder.pointer) }
        var start = 0
        var status = ARENA_OK
        for end in cuts + [recording.body.count] where status == ARENA_OK {
            status = feed(
                recording.body[start..<end], isLast: end == recording.body.count, of: recording, to: decoder, findings,
                conditions, &performance)
            start = end
        }
        performance.written["feed"] = max(performance.written["feed"] ?? 0, findings.result.events.count)
        let decoding = Decoding(status: status, found: findings.result)
        performance.faults += Self.faults(decoding, of: recording)
        return decoding
    }

    func decoder(
        for recording: Recording, _ object: ForeignObject, _ conditions: Conditions, _ performance: inout Performance
    ) -> ForeignObject? {
        guard let create = table.decoder_create else { return nil }
        let trial = Trial(conditions)
        let slot = trial.loan.slot()
        let request = trial.loan.text(recording.request)
        var decoder: UnsafeMutableRawPointer?
        let status = trial.run("decoder_create", &performance) {
            decoder = slot.pointee
            return ""
        } _: {
            create(object.pointer, trial.table, recording.operation.rawValue, request, slot)
        }
        return status == ARENA_OK ? ForeignObject(pointer: decoder) : nil
    }

    func feed(
        _ bytes: ArraySlice<UInt8>, isLast: Bool, of recording: Recording, to decoder: ForeignObject,
        _ findings: BentFindings, _ conditions: Conditions, _ performance: inout Performance
    ) -> arena_status {
        guard let feed = table.feed else { return ARENA_INTERNAL }
        let trial = Trial(conditions)
        let headers = trial.loan.text(recording.headers)
        let data = trial.loan.bytes(Array(bytes))
        let sink = findings.table(in: trial.loan, of: trial.call, input: bytes.count)
        let before = findings.result.events.count
        return trial.run("feed", &performance) {
            findings.result.events.dropFirst(before).joined(separator: " | ")
        } _: {
            withExtendedLifetime(findings) {
                feed(decoder.pointer, trial.table, recording.status, headers, data, isLast ? 1 : 0, sink)
            }
        }
    }

    /// [CODEC-7], once the body has ended.
    private static func faults(_ decoding: Decoding, of recording: Recording) -> [Fault] {
        guard decoding.status == ARENA_OK else { return [] }
        let found = decoding.found
        let what = "the body of \(recording.name) has ended"
        if found.ends == 0, found.values == 0, found.requests.isEmpty {
            return [Fault("CODEC-7", "\(what), and there was no end, no value, no further request and no failure")]
        }
        if recording.operation.isAnswer ? found.values > 0 : found.ends > 0 {
            let given = found.values > 0 ? "a value" : "an end"
            return [Fault("CODEC-13", "\(what), and there was \(given), which is none of \(recording.operation)'s")]
        }
        return []
    }
}
