package import ArenaJSON
import CArenaPlugin

/// One answer to judge.
package struct ScoreItem: Sendable {
    package var id: String
    package var input: String
    package var output: String
    package var references: [String]
    /// The item's own members, `finish_reason` among them.
    package var meta: JSONValue

    package init(id: String, input: String, output: String, references: [String], meta: JSONValue = .object([:])) {
        self.id = id
        self.input = input
        self.output = output
        self.references = references
        self.meta = meta
    }
}

/// Why a value is what it is. The numbers are those of `arena/scorer.h`, the texts those of records and the wire.
package enum ScoreReason: UInt32, CaseIterable, Sendable {
    case ok = 0
    case wrong, noAnswer, length, refused, unparsable, timeout, infrastructure

    package var name: String {
        switch self {
        case .ok: "ok"
        case .wrong: "wrong"
        case .noAnswer: "no_answer"
        case .length: "length"
        case .refused: "refused"
        case .unparsable: "unparsable"
        case .timeout: "timeout"
        case .infrastructure: "infrastructure"
        }
    }
}

/// What a scorer says of one answer.
package struct Score: Sendable {
    /// 0 (worst) to 1 (best).
    package var value: Double
    /// `ok` names no fault: a value too low to pass may have it; `wrong` says that the answer is not the right one.
    package var reason: ScoreReason
    /// `nil`: a value of at least 0.5 passes.
    package var pass: Bool?
    /// A sentence for a person.
    package var explanation: String
    /// The scorer does not apply to this item.
    package var isSkipped = false
    /// The item itself cannot be judged; its status. `ok` by default.
    package var status = PluginStatus.ok

    package init(_ value: Double, _ reason: ScoreReason, pass: Bool? = nil, _ explanation: String = "") {
        self.value = value
        self.reason = reason
        self.pass = pass
        self.explanation = explanation
    }
}

/// A scorer. One value is made per config; the host calls it from one thread at a time.
package protocol ScorerPlugin: SendableMetatype {
    /// `config`: checked against the manifest's schema.
    init(config: JSONValue) throws(PluginError)

    /// Judges one answer. Does no I/O [SCORER-4].
    func score(_ item: ScoreItem) -> Score
}

/// The table of the scorer number `slot`.
func scorerTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_scorer_v1()
    table.struct_size = UInt32(MemoryLayout<arena_scorer_v1>.size)
    table.create = KindSlots.create[slot]
    table.destroy = { Box<any ScorerPlugin>.release($0) }
    table.score = { pointer, call, input, output, explain in
        scoreBatch(pointer, call, 1, input, 0, output, 0, explain)
    }
    table.score_batch = { scoreBatch($0, $1, $2, $3, $4, $5, $6, $7) }
    return UnsafeRawPointer(permanent(table))
}

private func scoreBatch(
    _ pointer: UnsafeMutableRawPointer?, _ call: UnsafePointer<arena_call>?, _ count: UInt64,
    _ inputs: UnsafeRawPointer?, _ inputStride: UInt64, _ outputs: UnsafeMutableRawPointer?, _ outputStride: UInt64,
    _ explain: UnsafePointer<arena_explain_sink>?
) -> arena_status {
    PluginCall.run(call) { call throws(PluginError) in
        guard let inputs, let outputs else { throw PluginError.noKind }
        let scorer = try Box<any ScorerPlugin>.at(pointer).value
        for index in 0..<Int(count) {
            try call.checkCancellation()
            let input = (inputs + index * Int(inputStride)).assumingMemoryBound(to: arena_score_input.self)
            let output = (outputs + index * Int(outputStride)).assumingMemoryBound(to: arena_score_output.self)
            let score = scorer.score(try ScoreItem(input))
            score.write(to: output)
            if let explain, !score.explanation.isEmpty {
                withText(score.explanation) { explain.pointee.explain?(explain, UInt64(index), $0) }
            }
        }
        return ARENA_OK
    }
}

extension ScoreItem {
    /// Reads only the members of the struct's first release, so that a caller's older struct is not over-read [ABI-3].
    init(_ input: UnsafePointer<arena_score_input>) throws(PluginError) {
        id = input.pointee.item_id.string
        self.input = input.pointee.input.string
        output = input.pointee.output.string
        references = (0..<input.pointee.reference_count).map { arena_score_reference(input, $0).string }
        meta = try input.pointee.meta_json.json("The item's meta")
    }
}

extension Score {
    /// Reads what a scorer wrote; a number of a later release counts as an infrastructure's failure.
    init(_ output: UnsafePointer<arena_score_output>) {
        let flags = output.pointee.flags
        self.init(
            output.pointee.value, ScoreReason(rawValue: output.pointee.reason) ?? .infrastructure,
            pass: flags & ARENA_SCORE_PASS_KNOWN == 0 ? nil : flags & ARENA_SCORE_PASS != 0)
        isSkipped = flags & ARENA_SCORE_SKIPPED != 0
        status = PluginStatus(rawValue: output.pointee.status)
    }

    fileprivate func write(to output: UnsafeMutablePointer<arena_score_output>) {
        var flags: UInt32 = isSkipped ? ARENA_SCORE_SKIPPED : 0
        if let pass { flags |= ARENA_SCORE_PASS_KNOWN | (pass ? ARENA_SCORE_PASS : 0) }
        output.pointee.status = status.rawValue
        output.pointee.value = value.isFinite ? min(1, max(0, value)) : 0
        output.pointee.flags = flags
        output.pointee.reason = reason.rawValue
    }
}
