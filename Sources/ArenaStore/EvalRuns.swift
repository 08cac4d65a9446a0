package import ArenaCore
package import ArenaJSON
import GRDB

/// One evaluation of a lane on a bench: `eval_run/1`. Members that a plugin left out are `nil`.
package struct EvalRunRecord: Sendable, Hashable {
    package var id: String
    package var benchID: String?
    package var benchSHA256: String?
    package var laneID: String?
    package var model: String?
    package var scorerID: String?
    package var scorerPlugin: String?
    package var scorerVersion: String?
    package var scorerSHA256: String?
    package var itemCount: Int?
    package var scoredCount: Int?
    /// Items that could not be asked or scored for no fault of the model.
    package var infrastructureCount: Int?
    package var skippedCount: Int?
    package var meanNormalized: Double?
    package var standardError: Double?
    package var repeats: Int?
    package var limit: Int?
    package var sampling: JSONObject?
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    /// Members that Arena has no column for.
    package var extra: JSONValue?

    package init(_ members: JSONObject) throws(StoreError) {
        var reader = RecordReader("eval_run/1", members)
        id = try reader.identifier("id")
        benchID = try reader.text("bench_id")
        benchSHA256 = try reader.text("bench_sha256")
        laneID = try reader.text("lane_id")
        model = try reader.text("model")
        var scorer = RecordReader("eval_run/1", try reader.object("scorer") ?? JSONObject())
        scorerID = try scorer.text("id")
        scorerPlugin = try scorer.text("plugin")
        scorerVersion = try scorer.text("version")
        scorerSHA256 = try scorer.text("sha256")
        itemCount = try reader.integer("n_items")
        scoredCount = try reader.integer("n_scored")
        infrastructureCount = try reader.integer("n_infrastructure")
        skippedCount = try reader.integer("n_skipped")
        meanNormalized = try reader.number("mean_normalized")
        standardError = try reader.number("stderr")
        repeats = try reader.integer("repeat")
        limit = try reader.integer("limit")
        sampling = try reader.object("sampling")
        startedAt = try reader.time("started_at")
        finishedAt = try reader.time("finished_at")
        extra = reader.extra
    }

    init(_ row: Row) throws {
        id = row["id"]
        benchID = row["bench_id"]
        benchSHA256 = row["bench_sha256"]
        laneID = row["lane_id"]
        model = row["model"]
        scorerID = row["scorer_id"]
        scorerPlugin = row["scorer_plugin"]
        scorerVersion = row["scorer_version"]
        scorerSHA256 = row["scorer_sha256"]
        itemCount = row["n_items"]
        scoredCount = row["n_scored"]
        infrastructureCount = row["n_infrastructure"]
        skippedCount = row["n_skipped"]
        meanNormalized = row["mean_normalized"]
        standardError = row["stderr"]
        repeats = row["repeat"]
        limit = row["item_limit"]
        sampling = try row.optionalJSON("sampling_json")?.object
        startedAt = try row.optionalTime("started_at")
        finishedAt = try row.optionalTime("finished_at")
        extra = try row.optionalJSON("extra_json")
    }
}

extension ArenaStore {
    /// A run whose job is done; `nil` if there is none.
    package func evalRun(_ id: String) async throws(StoreError) -> EvalRunRecord? {
        try await read { db in
            try db.row("SELECT * FROM eval_runs WHERE id = ? AND visible = 1", [id]).map(EvalRunRecord.init)
        }
    }

    /// Runs whose job is done, newest first.
    package func evalRuns(
        benchID: String? = nil, laneID: String? = nil, limit: Int = 100
    ) async throws(StoreError) -> [EvalRunRecord] {
        try await read { db in
            try db.rows(
                """
                SELECT * FROM eval_runs WHERE visible = 1 AND (:bench IS NULL OR bench_id = :bench)
                    AND (:lane IS NULL OR lane_id = :lane)
                ORDER BY created_at DESC, id LIMIT :limit
                """, ["bench": benchID, "lane": laneID, "limit": limit]
            ).map(EvalRunRecord.init)
        }
    }
}

extension EvalRunRecord {
    func presence(in db: Database, jobID: String) throws -> RecordPresence {
        guard let row = try db.row("SELECT job_id, recorded FROM eval_runs WHERE id = ?", [id]) else { return .absent }
        guard row["job_id"] as String? == jobID else { return .foreign }
        return row["recorded"] ? .sealed : .absent
    }

    /// Makes a run for scores that came before its own record.
    static func reserve(_ id: String, jobID: String, at now: Timestamp, in db: Database) throws {
        try db.run(
            "INSERT INTO eval_runs (id, job_id, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            [id, jobID, now.description])
    }

    func insert(into db: Database, jobID: String, at now: Timestamp) throws {
        try Self.reserve(id, jobID: jobID, at: now, in: db)
        try db.run(
            """
            UPDATE eval_runs SET recorded = 1, bench_id = :bench_id, bench_sha256 = :bench_sha256, lane_id = :lane_id,
                model = :model, scorer_id = :scorer_id, scorer_plugin = :scorer_plugin,
                scorer_version = :scorer_version, scorer_sha256 = :scorer_sha256, n_items = :n_items,
                n_scored = :n_scored, n_infrastructure = :n_infrastructure, n_skipped = :n_skipped,
                mean_normalized = :mean_normalized, stderr = :stderr, repeat = :repeat, item_limit = :item_limit,
                sampling_json = :sampling, started_at = :started_at, finished_at = :finished_at, extra_json = :extra
            WHERE id = :id AND job_id = :job_id
            """, identityArguments + countArguments + ["id": id, "job_id": jobID])
    }

    private var identityArguments: StatementArguments {
        [
            "bench_id": benchID, "bench_sha256": benchSHA256, "lane_id": laneID, "model": model,
            "scorer_id": scorerID, "scorer_plugin": scorerPlugin, "scorer_version": scorerVersion,
            "scorer_sha256": scorerSHA256,
        ]
    }

    private var countArguments: StatementArguments {
        [
            "n_items": itemCount, "n_scored": scoredCount, "n_infrastructure": infrastructureCount,
            "n_skipped": skippedCount, "mean_normalized": meanNormalized, "stderr": standardError,
            "repeat": repeats, "item_limit": limit, "sampling": sampling.map { JSONValue.object($0).text() },
            "started_at": startedAt?.description, "finished_at": finishedAt?.description, "extra": extra?.text(),
        ]
    }
}
