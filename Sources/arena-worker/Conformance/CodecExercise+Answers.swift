import ArenaCore
import ArenaPluginABI
import CArenaPlugin

/// Answers that are cut, that end too early, and that are no answers.
extension CodecExercise {
    /// How long the cuts of one test may take together; a body that is too large for it is cut at fewer places.
    private static let time: UInt64 = 1_500_000_000

    /// [CODEC-4]: whole, a byte at a time, and in two pieces cut at every byte.
    func splits(_ object: ForeignObject, _ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        var wholes: [String] = []
        for recording in recordings {
            announce("\(recording.name), whole")
            let whole = decode(recording, cuts: [], object, Conditions(), &performance)
            wholes.append(whole.outcome)
            announce("\(recording.name), a byte at a time")
            let bytes = Array(1..<max(1, recording.body.count))
            compare(
                decode(recording, cuts: bytes, object, Conditions(), &performance), with: whole.outcome,
                "a byte at a time", recording, &performance)
        }
        guard performance.faults.isEmpty else { return Findings(faults: performance.faults) }
        let count = eachByte { recording, index, cut in
            let decoding = decode(recording, cuts: [cut], object, Conditions(), &performance)
            compare(decoding, with: wholes[index], "cut at byte \(cut)", recording, &performance)
            performance.lines = []
            return performance.faults.isEmpty
        }
        return Findings(faults: performance.faults, note: Self.note(count, "cut in two"))
    }

    private func compare(
        _ decoding: Decoding, with whole: String, _ how: String, _ recording: Recording,
        _ performance: inout Performance
    ) {
        guard decoding.outcome != whole else { return }
        performance.faults.append(
            Fault(
                "CODEC-4",
                "\(recording.name), \(how), gives \(decoding.outcome.prefix(160)) instead of \(whole.prefix(160))"))
    }

    /// [CODEC-12]: what an answer says is not taken for whole when it ends in the middle.
    func endings(_ object: ForeignObject, _ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        var texts: [String?] = []
        for recording in recordings {
            announce("\(recording.name), whole")
            let whole = decode(recording, cuts: [], object, Conditions(), &performance)
            texts.append(whole.status == ARENA_OK && whole.found.ends > 0 ? whole.found.text : nil)
        }
        guard texts.contains(where: { $0 != nil }) else {
            return .skipped("it reads no answer of those that there are; ship some in the folder recordings")
        }
        let count = eachByte { recording, index, end in
            guard let text = texts[index] else { return true }
            let short = recording.with(body: Array(recording.body[..<end]))
            let decoding = decode(short, cuts: [], object, Conditions(), &performance)
            performance.lines = []
            if decoding.status == ARENA_OK, decoding.found.text != text {
                performance.faults.append(
                    Fault(
                        "CODEC-12",
                        "\(recording.name), whose body ends after \(end) of \(recording.body.count) bytes, is taken for "
                            + "the whole answer \"\(decoding.found.text.suffix(60))\""))
            }
            return performance.faults.isEmpty
        }
        return Findings(faults: performance.faults, note: Self.note(count, "ended"))
    }

    /// Every place inside of every body, or evenly chosen ones where that would take too long.
    ///
    /// - Parameter body: `false` ends it.
    /// - Returns: how many places there were, of how many.
    private func eachByte(_ body: (Recording, _ index: Int, _ place: Int) -> Bool) -> (done: Int, of: Int) {
        let total = recordings.reduce(0) { $0 + max(0, $1.body.count - 1) }
        let begin = monotonicNanoseconds()
        var done = 0
        var passed = 0
        for (index, recording) in recordings.enumerated() {
            let start = monotonicNanoseconds()
            var here: UInt64 = 0
            var place = 1
            while place < recording.body.count {
                guard body(recording, index, place) else { return (done, total) }
                done += 1
                here += 1
                // At this body's pace, all that is left must fit into what is left of the time.
                let now = monotonicNanoseconds()
                let left = now - begin < Self.time ? Self.time - (now - begin) : 0
                let affordable = Int(left / max(1, (now - start) / here))
                let remaining = total - passed - place
                place += affordable >= remaining ? 1 : max(1, remaining / max(1, affordable))
            }
            passed += max(0, recording.body.count - 1)
        }
        return (done, total)
    }

    private static func note(_ count: (done: Int, of: Int), _ what: String) -> String? {
        count.done < count.of
            ? "\(what) at \(count.done) of \(count.of) bytes, since more would take too long" : nil
    }

    /// [CODEC-7] [CODEC-8] [STR-3]: failures of the server are failures, and whatever comes is read or refused.
    func damage(_ object: ForeignObject, _ announce: (String) -> Void) -> Findings {
        var performance = Performance()
        for recording in recordings where recording.operation != .health && recording.operation != .identify {
            for status in [UInt32(301), 400, 401, 404, 429, 500, 503] {
                announce("\(recording.name), with status \(status)")
                let answer = recording.with(status: status, body: Array("<html>no</html>".utf8))
                if decode(answer, cuts: [], object, Conditions(), &performance).status == ARENA_OK {
                    performance.faults.append(
                        Fault("CODEC-7", "an answer with status \(status) to \(recording.operation) is no failure"))
                }
            }
        }
        var state: UInt64 = 0x9E37_79B9
        func lot(_ end: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, end)
        }
        for recording in recordings {
            announce("\(recording.name), with bytes changed at random")
            for round in 0..<40 {
                var body = recording.body
                for _ in 0...(round % 4) where !body.isEmpty {
                    body[lot(body.count)] = round % 3 == 0 ? 0xFF : UInt8(truncatingIfNeeded: lot(256))
                }
                _ = decode(recording.with(body: body), cuts: [body.count / 3], object, Conditions(), &performance)
                performance.lines = []
            }
            announce("\(recording.name), noise in its stead")
            let noise = (0..<4096).map { _ in UInt8(truncatingIfNeeded: lot(256)) }
            for body in [noise, [], [UInt8](repeating: 0, count: 4096), Array(repeating: 0x5B, count: 100_000)] {
                _ = decode(recording.with(body: body), cuts: [], object, Conditions(), &performance)
            }
        }
        for recording in Self.oneOfEachForm(recordings) {
            announce("\(recording.name), with a line of 20 MB")
            endless(
                recording, Array(#"data: {"x":"#.utf8), [UInt8](repeating: 0x78, count: 1 << 16), 320, object,
                &performance)
            announce("\(recording.name), again and again, without an end")
            let piece = Array(recording.body[..<(recording.body.count / 2)])
            endless(recording, [], piece, 400, object, &performance)
        }
        return Findings(faults: performance.faults)
    }

    private static func oneOfEachForm(_ recordings: [Recording]) -> [Recording] {
        var seen: Set<String> = []
        return recordings.filter { seen.insert("\($0.operation) \($0.headers)").inserted && $0.body.count > 1 }
    }

    /// A body of the same piece many times, and then its end.
    private func endless(
        _ recording: Recording, _ first: [UInt8], _ piece: [UInt8], _ count: Int, _ object: ForeignObject,
        _ performance: inout Performance
    ) {
        guard let decoder = decoder(for: recording, object, Conditions(), &performance) else { return }
        defer { table.decoder_destroy?(decoder.pointer) }
        let end = monotonicNanoseconds() + 500_000_000
        let findings = BentFindings(Conditions())
        var status = feed(first[...], isLast: false, of: recording, to: decoder, findings, Conditions(), &performance)
        for _ in 0..<count where status == ARENA_OK && monotonicNanoseconds() < end {
            status = feed(piece[...], isLast: false, of: recording, to: decoder, findings, Conditions(), &performance)
            performance.lines = []
        }
        guard status == ARENA_OK else { return }
        status = feed([], isLast: true, of: recording, to: decoder, findings, Conditions(), &performance)
        let found = findings.result
        if status == ARENA_OK, found.ends == 0, found.values == 0, found.requests.isEmpty {
            performance.faults.append(
                Fault("CODEC-7", "an answer without an end gave no failure once its body had ended"))
        }
    }
}
