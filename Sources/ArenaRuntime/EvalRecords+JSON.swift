import ArenaCore
package import ArenaJSON
package import ArenaStore

extension EvalRunRecord {
    /// The row of the view `eval_runs`.
    package var json: JSONValue {
        [
            "id": .string(id), "bench_id": text(benchID), "bench_sha256": text(benchSHA256), "lane_id": text(laneID),
            "model": text(model),
            "scorer": [
                "id": text(scorerID), "plugin": text(scorerPlugin), "version": text(scorerVersion),
                "sha256": text(scorerSHA256),
            ],
            "n_items": number(itemCount), "n_scored": number(scoredCount),
            "n_infrastructure": number(infrastructureCount), "n_skipped": number(skippedCount),
            "mean_normalized": number(meanNormalized), "stderr": number(standardError),
            "ci95": extra?["ci95"] ?? .null, "repeat": number(repeats),
            "limit": number(limit), "sampling": sampling.map(JSONValue.object) ?? .null,
            "started_at": text(startedAt?.description), "finished_at": text(finishedAt?.description),
        ]
    }
}

extension EvalScoreRecord {
    /// The row of the view `eval_scores`.
    var json: JSONValue {
        [
            "eval_run_id": .string(evalRunID), "item_id": .string(itemID), "repeat": JSONValue(repeatIndex),
            "value": number(value), "pass": pass.map(JSONValue.bool) ?? .null, "reason": text(reason),
            "explain": text(explain), "output": text(output), "reference": text(reference),
            "finish_reason": text(finishReason), "latency_ms": number(latencyMilliseconds),
            "usage": usage.map(JSONValue.object) ?? .null,
        ]
    }
}

private func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
private func number(_ value: Int?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
private func number(_ value: Double?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
