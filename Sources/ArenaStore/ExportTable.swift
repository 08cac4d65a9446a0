package import ArenaCore
import GRDB

/// Which rows an export takes; `nil` is all.
package struct ExportFilter: Sendable, Hashable {
    package var evalRunID: String?
    package var benchID: String?
    package var laneID: String?
    /// Only what came to its end at this time or later.
    package var since: Timestamp?

    package init(
        evalRunID: String? = nil, benchID: String? = nil, laneID: String? = nil, since: Timestamp? = nil
    ) {
        self.evalRunID = evalRunID
        self.benchID = benchID
        self.laneID = laneID
        self.since = since
    }

    var arguments: StatementArguments {
        ["run": evalRunID, "bench": benchID, "lane": laneID, "since": since?.description]
    }

    /// Finished runs, as table `r`.
    static let runs = """
        r.visible = 1 AND (:run IS NULL OR r.id = :run) AND (:bench IS NULL OR r.bench_id = :bench) \
        AND (:lane IS NULL OR r.lane_id = :lane) AND (:since IS NULL OR coalesce(r.finished_at, r.created_at) >= :since)
        """

    /// Whether a job, as `{job}`, belongs to one of those runs, where the filter names runs at all.
    static func jobs(_ job: String) -> String {
        """
        (coalesce(:run, :bench, :lane) IS NULL OR \(job) IN (SELECT r.job_id FROM eval_runs r WHERE \(runs)))
        """
    }
}

/// A table as exporters see it.
package struct ExportTable: Sendable, Hashable {
    /// How a value travels: `json` is any value.
    package enum ColumnType: String, Sendable { case text, integer, number, boolean, time, json }

    package struct Column: Sendable, Hashable {
        package let name: String
        package let type: ColumnType
        /// SQL, over the tables that ``ExportTable/from`` names.
        let sql: String

        init(_ name: String, _ type: ColumnType, _ sql: String) {
            self.name = name
            self.type = type
            self.sql = sql
        }
    }

    package let name: String
    package let columns: [Column]
    /// The tables and conditions of its rows.
    let from: String
    /// The columns of a key that no two rows share, in whose order they come.
    let key: [String]
    var arguments: StatementArguments = [:]
}

extension ExportTable {
    /// What every exporter may read: the host's own record types, and the jobs that made them.
    package static let host = [evalRuns, evalScores, jobs]

    static let evalRuns = ExportTable(
        name: "eval_runs",
        columns: [
            Column("id", .text, "r.id"), Column("job_id", .text, "r.job_id"), Column("bench_id", .text, "r.bench_id"),
            Column("bench_sha256", .text, "r.bench_sha256"), Column("lane_id", .text, "r.lane_id"),
            Column("model", .text, "r.model"), Column("scorer_id", .text, "r.scorer_id"),
            Column("scorer_plugin", .text, "r.scorer_plugin"), Column("scorer_version", .text, "r.scorer_version"),
            Column("scorer_sha256", .text, "r.scorer_sha256"), Column("n_items", .integer, "r.n_items"),
            Column("n_scored", .integer, "r.n_scored"), Column("n_infrastructure", .integer, "r.n_infrastructure"),
            Column("n_skipped", .integer, "r.n_skipped"), Column("mean_normalized", .number, "r.mean_normalized"),
            Column("stderr", .number, "r.stderr"), Column("repeat", .integer, "r.repeat"),
            Column("limit", .integer, "r.item_limit"), Column("sampling", .json, "r.sampling_json"),
            Column("started_at", .time, "r.started_at"), Column("finished_at", .time, "r.finished_at"),
            Column("extra", .json, "r.extra_json"),
        ],
        from: "eval_runs r WHERE \(ExportFilter.runs)", key: ["r.id"])

    static let evalScores = ExportTable(
        name: "eval_scores",
        columns: [
            Column("eval_run_id", .text, "s.eval_run_id"), Column("item_id", .text, "s.item_id"),
            Column("repeat", .integer, "s.repeat"), Column("value", .number, "s.value"),
            Column("pass", .boolean, "s.pass"), Column("reason", .text, "s.reason"),
            Column("explain", .text, "s.explain"), Column("output", .text, "s.output"),
            Column("reference", .text, "s.reference"), Column("finish_reason", .text, "s.finish_reason"),
            Column("latency_ms", .number, "s.latency_ms"), Column("usage", .json, "s.usage_json"),
            Column("extra", .json, "s.extra_json"),
        ],
        from: "eval_scores s JOIN eval_runs r ON r.id = s.eval_run_id WHERE \(ExportFilter.runs)",
        key: ["s.eval_run_id", "s.item_id", "s.repeat"])

    static let jobs = ExportTable(
        name: "jobs",
        columns: [
            Column("id", .text, "j.id"), Column("kind", .text, "j.kind"), Column("status", .text, "j.status"),
            Column("reason", .text, "j.reason"), Column("trigger", .text, "j.trigger"),
            Column("attempts", .integer, "j.attempts"), Column("failures", .integer, "j.failures"),
            Column("crashes", .integer, "j.crashes"), Column("rescues", .integer, "j.rescues"),
            Column("enqueued_at", .time, "j.enqueued_at"), Column("started_at", .time, "j.started_at"),
            Column("finished_at", .time, "j.finished_at"), Column("error_code", .text, "j.error_code"),
            Column("error_message", .text, "j.error_message"), Column("payload", .json, "j.payload_json"),
            Column("result", .json, "j.result_json"),
        ],
        from: """
            jobs j WHERE j.finished_at IS NOT NULL AND (:since IS NULL OR j.finished_at >= :since) \
            AND \(ExportFilter.jobs("j.id"))
            """, key: ["j.seq"])

    /// The records of a plugin's own type. Their name is `plugin/type/revision`.
    package static func records(plugin: String, type: String) -> ExportTable {
        ExportTable(
            name: "\(plugin)/\(type)",
            columns: [
                Column("job_id", .text, "p.job_id"), Column("key", .text, "p.key"),
                Column("created_at", .time, "p.created_at"), Column("record", .json, "p.json"),
            ],
            from: """
                plugin_records p WHERE p.visible = 1 AND p.plugin_id = :plugin AND p.record_type = :type \
                AND (:since IS NULL OR p.created_at >= :since) AND \(ExportFilter.jobs("p.job_id"))
                """, key: ["p.job_id", "p.key"], arguments: ["plugin": plugin, "type": type])
    }
}
