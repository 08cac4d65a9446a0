import ArenaCore
import CArenaPlugin

/// How the items of a batch were judged, in their order.
///
/// Whatever made them, they keep the rules: values are finite and within 0 to 1, statuses and reasons are known ones. A
/// value that is not is a fault of that item alone.
///
/// Layout of ``encode()``, little-endian: u32 count; for each item i32 status, f64 value, u32 flags, u32 reason and u32
/// length of its explanation; then the explanations.
package struct ScoreResults: Sendable {
    /// What is kept of an explanation, in bytes.
    package static let explainLimit = 1 << 10
    static let entryBytes = 24

    /// As the plugin wrote them, put right.
    private var outputs: [arena_score_output]
    private var explanations: ExplanationStore

    package init(_ results: [ScoreResult]) {
        outputs = []
        explanations = ExplanationStore(count: results.count)
        outputs.reserveCapacity(results.count)
        for (index, result) in results.enumerated() {
            outputs.append(
                arena_score_output(
                    struct_size: Self.outputSize, status: result.status.rawValue, value: result.value,
                    flags: result.flags.rawValue, reason: result.reason.rawValue))
            explanations.replace(index, with: Array(result.explain.utf8))
        }
        normalize()
    }

    /// What a plugin wrote.
    init(_ outputs: [arena_score_output], explanations: ExplanationStore) {
        self.outputs = outputs
        self.explanations = explanations
        normalize()
    }

    /// Outputs for a plugin to fill in.
    static func blank(_ count: Int) -> [arena_score_output] {
        Array(
            repeating: arena_score_output(struct_size: outputSize, status: ARENA_OK, value: 0, flags: 0, reason: 0),
            count: count)
    }

    private static let outputSize = UInt32(MemoryLayout<arena_score_output>.size)

    /// Reads bytes that came from a child.
    ///
    /// - Parameter count: The number of items of the batch that they answer.
    package init(decoding bytes: [UInt8], count: Int) throws(ScoreBatchError) {
        outputs = Self.blank(count)
        explanations = ExplanationStore(count: count)
        guard bytes.count >= 4 + count * Self.entryBytes, bytes.withUnsafeBytes({ $0.u32(at: 0) }) == count else {
            throw ScoreBatchError("Results do not have the number of items that their batch has.")
        }
        try bytes.withUnsafeBytes { raw in Result { () throws(ScoreBatchError) in try read(raw) } }.get()
        normalize()
    }

    private mutating func read(_ raw: UnsafeRawBufferPointer) throws(ScoreBatchError) {
        var text = 4 + outputs.count * Self.entryBytes
        for index in outputs.indices {
            let place = 4 + index * Self.entryBytes
            outputs[index] = arena_score_output(raw, at: place)
            let length = raw.u32(at: place + 20)
            guard length > 0 else { continue }
            guard length <= Self.explainLimit, length <= raw.count - text else {
                throw ScoreBatchError("An explanation is longer than it may be.")
            }
            let explain = UnsafeRawBufferPointer(rebasing: raw[text..<(text + length)])
            guard ForeignText.isUTF8(explain) else { throw ScoreBatchError("An explanation is not valid UTF-8.") }
            explanations.replace(index, with: explain)
            text += length
        }
        guard text == raw.count else { throw ScoreBatchError("Results have bytes after their last item.") }
    }

    /// The bytes as they travel.
    package func encode() -> [UInt8] {
        let total = 4 + outputs.count * Self.entryBytes + explanations.totalLength
        return [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
            initialized = total
            guard let base = buffer.baseAddress.map({ UnsafeMutableRawPointer($0) }) else { return }
            base.storeBytes(of: UInt32(clamping: outputs.count).littleEndian, as: UInt32.self)
            var text = base + 4 + outputs.count * Self.entryBytes
            for (index, output) in outputs.enumerated() {
                let explain = explanations[index]
                output.store(to: base + 4 + index * Self.entryBytes, explainLength: explain.count)
                for byte in explain {
                    text.storeBytes(of: byte, as: UInt8.self)
                    text += 1
                }
            }
        }
    }

    /// Puts right what breaks the rules. Usually nothing does, which one pass without a branch finds out.
    private mutating func normalize() {
        let areNormal = outputs.withUnsafeBufferPointer { outputs in
            var odd: UInt64 = 0
            for output in outputs { odd |= output.oddity }
            return odd == 0
        }
        guard !areNormal else { return }
        for index in outputs.indices where outputs[index].oddity != 0 { normalize(index) }
    }

    private mutating func normalize(_ index: Int) {
        var output = outputs[index]
        output.flags &= ScoreFlags.known.rawValue
        output.status = StatusCode(foreign: output.status).rawValue
        let value = output.value
        if output.status != ARENA_OK || output.flags & ARENA_SCORE_SKIPPED != 0 {
            output.value = 0
        } else if !(value >= 0 && value <= 1) {  // [SCORER-1]; NaN is neither
            let text = "Fault of the scorer: its value \(value) is not between 0 and 1."
            output.status = ARENA_INTERNAL
            output.value = 0
            explanations.replace(index, with: Array(text.utf8))
        }
        outputs[index] = output
    }
}

extension arena_score_output {
    /// 0 for the usual case, an item that was judged within the rules. Without a branch: the bits of a double between 0
    /// and 1 are those of a number up to that of 1, and ARENA_OK is 0.
    fileprivate var oddity: UInt64 {
        let beyondOne = value.bitPattern > 1.0.bitPattern ? UInt64(1) : 0
        let unknownFlags = flags & ~UInt32(ARENA_SCORE_PASS_KNOWN | ARENA_SCORE_PASS)
        return beyondOne | UInt64(UInt32(bitPattern: status) | unknownFlags)
    }

    fileprivate init(_ raw: UnsafeRawBufferPointer, at place: Int) {
        self.init(
            struct_size: UInt32(MemoryLayout<Self>.size), status: Int32(truncatingIfNeeded: raw.u32(at: place)),
            value: Double(
                bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place + 4, as: UInt64.self))),
            flags: UInt32(raw.u32(at: place + 12)), reason: UInt32(raw.u32(at: place + 16)))
    }

    fileprivate func store(to place: UnsafeMutableRawPointer, explainLength: Int) {
        place.storeBytes(of: status.littleEndian, as: Int32.self)
        (place + 4).storeBytes(of: value.bitPattern.littleEndian, as: UInt64.self)
        (place + 12).storeBytes(of: flags.littleEndian, as: UInt32.self)
        (place + 16).storeBytes(of: reason.littleEndian, as: UInt32.self)
        (place + 20).storeBytes(of: UInt32(explainLength).littleEndian, as: UInt32.self)
    }
}

extension ScoreResults: RandomAccessCollection, Hashable {
    package var startIndex: Int { 0 }
    package var endIndex: Int { outputs.count }

    package subscript(position: Int) -> ScoreResult {
        let output = outputs[position]
        let explain = explanations[position]
        return ScoreResult(
            status: StatusCode(foreign: output.status), value: output.value, flags: ScoreFlags(rawValue: output.flags),
            reason: ScoreReason(foreign: output.reason, value: output.value),
            explain: explain.isEmpty ? "" : String(decoding: explain, as: UTF8.self))
    }

    package static func == (a: ScoreResults, b: ScoreResults) -> Bool { a.elementsEqual(b) }

    package func hash(into hasher: inout Hasher) {
        for result in self { hasher.combine(result) }
    }
}
