import ArenaJSON
import ArenaPluginKit

/// What the scoring service says of one answer.
struct Judgement {
    var value: Double
    var pass: Bool
    var reason: String
    var explanation: String
    /// OK, or why the scorer could not judge this item.
    var status: PluginStatus
    var isSkipped: Bool
    /// Of a rubric: `{name, kind, ok, why, weight}` each.
    var checks: JSONValue?
    /// Of a rubric beside a scorer.
    var rubricTotal: JSONValue?

    /// A score that is missing or malformed says that the machinery failed.
    init(_ score: JSONValue) {
        value = score["value"]?.double ?? 0
        pass = score["pass"]?.bool ?? (value >= 0.5)
        explanation = score["explain"]?.string ?? ""
        status = PluginStatus(rawValue: Int32(clamping: score["status"]?.int ?? 0))
        isSkipped = score["skipped"]?.bool ?? false
        checks = score["checks"]
        rubricTotal = score["rubric_total"]
        let number = score["reason"]?.int.flatMap { UInt32(exactly: $0) }.flatMap(ScoreReason.init(rawValue:))
        reason = score["reason"]?.string ?? number?.name ?? ScoreReason.infrastructure.name
        if status != .ok, reason != ScoreReason.timeout.name { reason = ScoreReason.infrastructure.name }
        if isSkipped, status == .ok { reason = "skipped" }
        if isRefused { reason = Self.refused }
    }

    /// The reason of an item that is itself wrong for the scorer, such as a reference that is no number: neither the
    /// lane nor the machinery failed.
    static let refused = "invalid_argument"

    var isRefused: Bool { status == .invalidArgument }

    var outcome: Tally.Outcome {
        if isRefused || (isSkipped && status == .ok) { return .skipped }
        let failed = [ScoreReason.infrastructure.name, ScoreReason.timeout.name].contains(reason)
        return failed ? .infrastructure : .scored(value, pass: pass)
    }
}

extension Answer {
    /// The item as the scorer sees it: its meta, with how the answer ended.
    var scoreItem: ScoreItem {
        var meta = question.item.meta
        meta["finish_reason"] = reply["finish_reason"]
        return ScoreItem(
            id: question.item.id, input: question.item.input, output: content, references: question.item.references,
            meta: .object(meta))
    }
}

extension Evaluation {
    /// The most of an answer that a record keeps, in UTF-8 bytes: a row may have 1 MiB.
    static let mostOutputBytes = 128 << 10

    /// `eval_score/1` of an answer that was judged.
    func scoreRecord(_ answer: Answer, _ judgement: Judgement) -> JSONValue {
        var row = baseRecord(answer.question, reason: judgement.reason)
        if case .scored(let value, let pass) = judgement.outcome {
            row["value"] = JSONValue(value)
            row["pass"] = .bool(pass)
        }
        row["explain"] = .string(judgement.explanation)
        row["checks"] = judgement.checks
        row["rubric_total"] = judgement.rubricTotal
        row["output"] = .string(answer.content)
        if answer.content.utf8.count > Self.mostOutputBytes {
            row["output"] = .string(String(decoding: answer.content.utf8.prefix(Self.mostOutputBytes), as: UTF8.self))
            row["output_truncated"] = true
        }
        for name in ["finish_reason", "latency_ms", "usage"] { row[name] = answer.reply[name] ?? .null }
        return .object(row)
    }

    /// `eval_score/1` of a question that has no answer.
    func failureRecord(_ question: Question, _ reason: ScoreReason, _ error: PluginError) -> JSONValue {
        var row = baseRecord(question, reason: reason.name)
        row["explain"] = .string(error.message)
        row["error"] = ["code": .string(error.code), "status": JSONValue(error.status.rawValue)]
        for name in ["output", "finish_reason", "latency_ms", "usage"] { row[name] = .null }
        return .object(row)
    }

    private func baseRecord(_ question: Question, reason: String) -> JSONObject {
        [
            "eval_run_id": .string(runID), "item_id": .string(question.item.id),
            "item_number": JSONValue(question.itemNumber), "repeat": JSONValue(question.repeatNumber),
            "value": .null, "pass": .null, "reason": .string(reason),
            "reference": question.item.references.first.map(JSONValue.string) ?? .null,
        ]
    }

    /// `eval_run/1`.
    func runRecord() -> JSONValue {
        var row = summary()
        row["id"] = .string(runID)
        row["bench_sha256"] = .string(bench.sha256)
        row["limit"] = request.limit.map { JSONValue($0) } ?? .null
        row["sampling"] = [
            "temperature": JSONValue(request.temperature), "seed": 1,
            "max_tokens": JSONValue(request.maxTokens ?? bench.maxTokens),
        ]
        row["started_at"] = .string(rfc3339(unixMilliseconds: checkpoint.startedAt))
        row["finished_at"] = checkpoint.finishedAt.map { .string(rfc3339(unixMilliseconds: $0)) } ?? .null
        return .object(row)
    }

    /// The result of the job.
    func result() -> JSONValue {
        var result: JSONObject = ["eval_run_id": .string(runID)]
        for (name, value) in summary() { result[name] = value }
        result["duration_ms"] = checkpoint.finishedAt.map { JSONValue($0 - checkpoint.startedAt) } ?? .null
        return .object(result)
    }

    private func summary() -> JSONObject {
        let tally = checkpoint.tally
        var summary: JSONObject = [
            "bench_id": .string(bench.id), "lane_id": .string(request.laneID),
            "model": checkpoint.model.map(JSONValue.string) ?? .null,
            "scorer": checkpoint.scorer ?? ["id": .string(scorer)],
            "n_items": JSONValue(itemCount), "repeat": JSONValue(request.repeats),
            "n_scored": JSONValue(tally.scored), "n_passed": JSONValue(tally.passed),
            "n_infrastructure": JSONValue(tally.infrastructure), "n_skipped": JSONValue(tally.skipped),
            "mean_normalized": tally.mean.map { JSONValue($0) } ?? .null,
            "stderr": tally.standardError.map { JSONValue($0) } ?? .null,
            "ci95": tally.interval.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] } ?? .null,
            "reasons": tally.reasonCounts,
        ]
        summary["rubric"] = checkpoint.rubric
        return summary
    }
}
