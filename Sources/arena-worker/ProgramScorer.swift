import ArenaCore
import ArenaJSON
import ArenaPluginABI

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A scorer that is a program: a line of JSON for each item goes in, a line of JSON for each comes out.
///
/// A program that ends while it is asked takes this process with it, which the host sees as a crash and narrows down to
/// an item. One that answers what it was not asked is out of step: no line of it can be trusted any more.
final class ProgramScorer: BatchScorer, @unchecked Sendable {
    // Used by the main thread alone.
    private let process: ProgramProcess
    private var lines: ProgramLines
    private var config: JSONValue = .object([:])
    private var outOfStep: CallFailure?

    init(_ process: ProgramProcess) {
        self.process = process
        lines = ProgramLines(process)
    }

    /// Goes with every item.
    func configure(_ config: String) { self.config = (try? JSONValue(parsing: config)) ?? .object([:]) }

    func destroy() { process.dismiss() }

    func score(_ batch: ScoreBatch, in call: CallContext) throws(CallFailure) -> ScoreResults {
        if let outOfStep { throw outOfStep }
        if lines.hasLeftovers() { throw leave("wrote more lines than it was asked for") }
        let items = batch.items
        for (index, item) in items.enumerated() { lines.send(question(index, item).bytes() + [UInt8(ascii: "\n")]) }
        var answers = [ScoreResult?](repeating: nil, count: items.count)
        var missing = items.count
        while missing > 0 {
            switch lines.next(within: 20) {
            case .line(let line):
                let (index, answer) = try read(line, expecting: answers)
                answers[index] = answer
                missing -= 1
            case .tooLong: throw leave("wrote a line of more than \(ProgramLines.longest) bytes")
            case .end:
                complain("The program ended after \(items.count - missing) of \(items.count) answers.")
                process.follow()
            case .quiet: try goOn(call, answered: items.count - missing, of: items.count)
            }
        }
        if lines.hasLeftovers() { throw leave("wrote more lines than it was asked for") }
        return ScoreResults(answers.compactMap { $0 })
    }

    private func question(_ index: Int, _ item: ScoreItem) -> JSONValue {
        [
            "id": JSONValue(index), "item": .string(item.itemID), "input": .string(item.input),
            "output": .string(item.output), "references": .array(item.references.map(JSONValue.string)),
            "meta": (try? JSONValue(parsing: item.metaJSON)) ?? .object([:]), "config": config,
        ]
    }

    private func goOn(_ call: CallContext, answered: Int, of count: Int) throws(CallFailure) {
        if call.isPastDeadline {
            complain(
                "The program answered \(answered) of \(count) items in time; it must flush its output after each line.")
            _exit(Self.tooLate)
        }
        guard call.isCancelled else { return }
        let failure = CallFailure(.cancelled, "The call was cancelled.")
        outOfStep = failure
        throw failure
    }

    /// EX_TEMPFAIL: the time is over.
    private static let tooLate: Int32 = 75

    // MARK: One answer

    private func read(
        _ line: [UInt8], expecting answers: [ScoreResult?]
    ) throws(CallFailure) -> (index: Int, ScoreResult) {
        let limits = JSONLimits(maxDepth: 16, maxBytes: ProgramLines.longest)
        guard let answer = try? JSONValue(parsing: line, limits: limits), answer.object != nil else {
            throw leave("wrote a line that is no JSON object: \(Self.shown(line))")
        }
        guard let index = answer["id"]?.int else { throw leave("wrote a line without its `id`: \(Self.shown(line))") }
        guard answers.indices.contains(index) else {
            throw leave("answered the item \(index), which it was not asked: there were 0 to \(answers.count - 1)")
        }
        guard answers[index] == nil else { throw leave("answered the item \(index) twice") }
        return (index, Self.result(answer))
    }

    private static func result(_ answer: JSONValue) -> ScoreResult {
        let explain = answer["explain"]?.string ?? ""
        if let error = answer["error"]?.string {
            return ScoreResult(status: .invalidArgument, value: 0, explain: cut(error))
        }
        if answer["skipped"]?.bool == true { return ScoreResult(value: 0, flags: .skipped, explain: cut(explain)) }
        guard let value = (answer["value"] ?? answer["score"])?.double else {
            let sentence = "The program's answer has no number as `value`."
            return ScoreResult(status: .internalError, value: 0, explain: sentence)
        }
        var flags: ScoreFlags = []
        if let pass = answer["pass"]?.bool { flags = pass ? [.passKnown, .pass] : .passKnown }
        let named = answer["reason"]?.string.flatMap { name in ScoreReason.allCases.first { $0.name == name } }
        return ScoreResult(
            value: value, flags: flags, reason: named ?? (value >= 0.5 ? .ok : .wrong), explain: cut(explain))
    }

    /// At most what is kept of an explanation.
    private static func cut(_ text: String) -> String {
        text.utf8.count <= ScoreResults.explainLimit ? text : String(text.unicodeScalars.prefix(250))
    }

    private static func shown(_ line: [UInt8]) -> String {
        let text = String(String(decoding: line, as: UTF8.self).unicodeScalars.prefix(120))
        return "\"\(text)\""
    }

    /// From now on every call fails, so that the host replaces this process.
    private func leave(_ why: String) -> CallFailure {
        let detail: JSONValue = [
            "code": "scorer.out_of_step",
            "hint": "Write one line for each line that is read, with its `id`, and nothing else to standard output.",
        ]
        let failure = CallFailure(.internalError, "The scorer's program \(why).", detail: detail.text())
        outOfStep = failure
        return failure
    }

    private func complain(_ text: String) {
        _ = (text + "\n").utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
    }
}
