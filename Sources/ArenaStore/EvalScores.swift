import ArenaCore
package import ArenaJSON
import GRDB

/// The score of one item in one repeat of a run: `eval_score/1`.
package struct EvalScoreRecord: Sendable, Hashable {
    package var evalRunID: String
    package var itemID: String
    /// 0, 1, …
    package var repeatIndex: Int
    /// `nil` when there is no score, and then ``reason`` says why.
    package var value: Double?
    package var pass: Bool?
    package var reason: String?
    package var explain: String?
    package var output: String?
    package var reference: String?
    package var finishReason: String?
    package var latencyMilliseconds: Double?
    package var usage: JSONObject?
    /// Members that Arena has no column for.
    package var extra: JSONValue?

    package init(_ members: JSONObject) throws(StoreError) {
        var reader = RecordReader("eval_score/1", members)
        evalRunID = try reader.identifier("eval_run_id")
        itemID = try reader.identifier("item_id")
        repeatIndex = try reader.integer("repeat") ?? 0
        value = try reader.number("value")
        pass = try reader.flag("pass")
        reason = try reader.text("reason")
        explain = try reader.text("explain")
        output = try reader.text("output")
        reference = members["reference"]?.string == nil ? nil : try reader.text("reference")
        finishReason = try reader.text("finish_reason")
        latencyMilliseconds = try reader.number("latency_ms")
        usage = try reader.object("usage")
        extra = reader.extra
        guard repeatIndex >= 0 else { throw .invalidRecord("eval_score/1", "\"repeat\" must be 0 or more") }
    }

    init(_ row: Row) throws {
        evalRunID = row["eval_run_id"]
        itemID = row["item_id"]
        repeatIndex = row["repeat"]
        value = row["value"]
        pass = row["pass"]
        reason = row["reason"]
        explain = row["explain"]
        output = row["output"]
        reference = row["reference"]
        finishReason = row["finish_reason"]
        latencyMilliseconds = row["latency_ms"]
        usage = try row.optionalJSON("usage_json")?.object
        extra = try row.optionalJSON("extra_json")
    }
}

extension ArenaStore {
    /// The scores of a run whose job is done, by item and repeat.
    ///
    /// - Parameter cursor: The last item and repeat of the page before.
    package func evalScores(
        ofRun runID: String, after cursor: (itemID: String, repeatIndex: Int)? = nil, limit: Int = 1000
    ) async throws(StoreError) -> [EvalScoreRecord] {
        try await read { db in
            try db.rows(
                """
                SELECT eval_scores.* FROM eval_scores JOIN eval_runs ON eval_runs.id = eval_run_id AND visible = 1
                WHERE eval_run_id = ? AND (item_id, eval_scores.repeat) > (?, ?)
                ORDER BY item_id, eval_scores.repeat LIMIT ?
                """, [runID, cursor?.itemID ?? "", cursor?.repeatIndex ?? -1, limit]
            ).map(EvalScoreRecord.init)
        }
    }
}

extension EvalScoreRecord {
    func presence(in db: Database, jobID: String, key: String) throws -> RecordPresence {
        if let owner = try db.row("SELECT job_id FROM eval_runs WHERE id = ?", [evalRunID]),
            owner["job_id"] as String? != jobID
        {
            return .foreign
        }
        let found = try db.row(
            """
            SELECT 1 FROM eval_scores WHERE job_id = :job_id AND record_key = :key
            UNION ALL
            SELECT 1 FROM eval_scores WHERE eval_run_id = :run AND item_id = :item AND repeat = :repeat
            """, ["job_id": jobID, "key": key, "run": evalRunID, "item": itemID, "repeat": repeatIndex])
        return found == nil ? .absent : .sealed
    }

    func insert(into db: Database, jobID: String, key: String, at now: Timestamp) throws {
        try EvalRunRecord.reserve(evalRunID, jobID: jobID, at: now, in: db)
        try db.run(
            """
            INSERT INTO eval_scores (eval_run_id, item_id, repeat, job_id, record_key, value, pass, reason, explain,
                output, reference, finish_reason, latency_ms, usage_json, extra_json, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                evalRunID, itemID, repeatIndex, jobID, key, value, pass, reason, explain, output, reference,
                finishReason, latencyMilliseconds, usage.map { JSONValue.object($0).text() }, extra?.text(),
                now.description,
            ])
    }
}
