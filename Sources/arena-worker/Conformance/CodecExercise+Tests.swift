import ArenaCore
import ArenaJSON
import ArenaPluginABI
import CArenaPlugin

/// What a codec alone promises.
extension CodecExercise {
    func examine(_ test: String, _ announce: (String) -> Void) -> Findings? {
        var performance = Performance()
        announce("a codec is made")
        guard let object = open(Conditions(), &performance) else {
            return .skipped("no codec can be made of the configuration \(material.config)")
        }
        defer { close(object) }
        return switch test {
        case "requests": writes(object, announce)
        case "dialogues": dialogues(object, announce)
        case "splits": splits(object, announce)
        case "endings": endings(object, announce)
        case "damage": damage(object, announce)
        case "objects": objects(object, announce)
        default: nil
        }
    }

    // MARK: Requests

    /// [CODEC-3] [CODEC-9] [CODEC-10]
    private func writes(_ object: ForeignObject, _ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        for (operation, request) in requests {
            announce("the request of operation \(operation)")
            guard let written = encode(operation, request, object, Conditions(), &performance) else { continue }
            guard CodecOperation(rawValue: operation)?.isAnswer == true else { continue }
            let body = (try? JSONValue(parsing: written))?["body"]?.string ?? ""
            if !Foreign.holds(body, Self.stranger) {
                performance.faults.append(
                    Fault("CODEC-10", "the member \"\(Self.stranger)\" of a request is not in its body"))
            }
        }
        for hostile in (material.special["hostile"]?.array ?? []).compactMap(\.string) {
            for operation in CodecOperation.allCases.map(\.rawValue) + [99] {
                announce("operation \(operation) with the request \(hostile.prefix(200))")
                _ = encode(operation, hostile, object, Conditions(), &performance)
                if let kind = CodecOperation(rawValue: operation) {
                    let recording = Recording("", kind, request: hostile, status: 200, headers: "{}", body: [])
                    let decoder = decoder(for: recording, object, Conditions(), &performance)
                    if let decoder { table.decoder_destroy?(decoder.pointer) }
                }
                if !performance.faults.isEmpty { return Findings(faults: performance.faults) }
            }
        }
        return Findings(faults: performance.faults)
    }

    /// The host's requests have it, and no dialect does.
    private static let stranger = "arena_check_unknown"

    // MARK: Operations of several requests

    /// [CODEC-1] [CODEC-5] [CODEC-7]: what is asked further, whatever a server answers.
    private func dialogues(_ object: ForeignObject, _ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        let answers: [(UInt32, String)] = [
            (200, "{}"), (200, ""), (200, #"{"data":[]}"#), (404, "not found"), (401, #"{"error":"no"}"#),
            (500, "<html>"), (200, #"{"version":"1.0","models":[],"data":[{"id":"m","owned_by":"x"}]}"#),
        ]
        for operation in CodecOperation.allCases where !operation.isAnswer {
            for (status, body) in answers {
                announce("\(operation), answered with status \(status) and \(body)")
                converse(operation, status, Array(body.utf8), object, &performance)
            }
        }
        return Findings(faults: performance.faults)
    }

    private func converse(
        _ operation: CodecOperation, _ status: UInt32, _ body: [UInt8], _ object: ForeignObject,
        _ performance: inout Performance
    ) {
        let request = requests.first { $0.operation == operation.rawValue }?.request ?? "{}"
        guard let first = encode(operation.rawValue, request, object, Conditions(), &performance) else { return }
        let answer = Recording(
            "\(operation)", operation, request: request, status: status,
            headers: #"{"content-type":"application/json"}"#, body: body)
        guard let decoder = decoder(for: answer, object, Conditions(), &performance) else { return }
        defer { table.decoder_destroy?(decoder.pointer) }
        let findings = BentFindings(Conditions())
        var next: [UInt8]? = first
        var count = 0
        while let request = next {
            if operation == .identify, (try? JSONValue(parsing: request))?["method"]?.string != "GET" {
                performance.faults.append(
                    Fault("CODEC-1", "to identify a server it sends what may make it work: POST"))
            }
            count += 1
            guard count <= 16 else {
                performance.faults.append(Fault("CODEC-5", "\(operation) asks for more than 15 further requests"))
                return
            }
            let status = feed(
                body[...], isLast: true, of: answer, to: decoder, findings, Conditions(), &performance)
            guard status == ARENA_OK else { return }
            next = findings.takeRequest()
        }
        if findings.result.values == 0 {
            performance.faults.append(Fault("CODEC-7", "\(operation) ended without a value and without a failure"))
        }
    }

    // MARK: Objects

    /// [CODEC-11]: decoders that are fed in turn, and a second codec, do what one alone does.
    private func objects(_ object: ForeignObject, _ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        let alone = recordings.map { decode($0, cuts: [], object, Conditions(), &performance).outcome }
        announce("another codec of the same configuration")
        if let other = open(Conditions(), &performance) {
            for (recording, expected) in zip(recordings, alone) {
                let outcome = decode(recording, cuts: [], other, Conditions(), &performance).outcome
                if outcome != expected {
                    performance.faults.append(
                        Fault("CODEC-11", "a second codec reads \(recording.name) as \(outcome.prefix(160))"))
                }
            }
            close(other)
        }
        announce("decoders that are fed in turn, and one that is given back in the middle")
        performance.faults += interleaved(object, alone)
        return Findings(faults: performance.faults)
    }

    private func interleaved(_ object: ForeignObject, _ alone: [String]) -> [Fault] {
        var performance = Performance()
        let decoders = recordings.map { decoder(for: $0, object, Conditions(), &performance) }
        let findings = recordings.map { _ in BentFindings(Conditions()) }
        var statuses = recordings.map { _ in ARENA_OK }
        let pieces = 8
        for piece in 0..<pieces {
            for (index, recording) in recordings.enumerated() where statuses[index] == ARENA_OK {
                guard let decoder = decoders[index] else { continue }
                let (start, end) = (
                    recording.body.count * piece / pieces, recording.body.count * (piece + 1) / pieces
                )
                statuses[index] = feed(
                    recording.body[start..<end], isLast: piece == pieces - 1, of: recording, to: decoder,
                    findings[index], Conditions(), &performance)
            }
        }
        for (index, recording) in recordings.enumerated() {
            guard let decoder = decoders[index] else { continue }
            table.decoder_destroy?(decoder.pointer)
            let outcome = Decoding(status: statuses[index], found: findings[index].result).outcome
            if outcome != alone[index] {
                performance.faults.append(
                    Fault("CODEC-11", "beside other decoders \(recording.name) reads as \(outcome.prefix(160))"))
            }
        }
        if let recording = recordings.first(where: { $0.body.count > 1 }),
            let decoder = decoder(for: recording, object, Conditions(), &performance)
        {
            _ = feed(
                recording.body[..<(recording.body.count / 2)], isLast: false, of: recording, to: decoder,
                BentFindings(Conditions()), Conditions(), &performance)
            table.decoder_destroy?(decoder.pointer)
        }
        return performance.faults
    }
}
