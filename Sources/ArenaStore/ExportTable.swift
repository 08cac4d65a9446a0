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
        columns: of(
            "r",
            [
                "id": .text, "job_id": .text, "bench_id": .text, "bench_sha256": .text, "lane_id": .text,
                "model": .text, "scorer_id": .text, "scorer_plugin": .text, "scorer_version": .text,
                "scorer_sha256": .text, "n_items": .integer, "n_scored": .integer, "n_infrastructure": .integer,
                "n_skipped": .integer, "mean_normalized": .number, "stderr": .number, "repeat": .integer,
            ]) + [Column("limit", .integer, "r.item_limit")]
            + of("r", ["sampling": .json, "started_at": .time, "finished_at": .time, "extra": .json]),
        from: "eval_runs r WHERE \(ExportFilter.runs)", key: ["r.id"])

    static let evalScores = ExportTable(
        name: "eval_scores",
        columns: of(
            "s",
            [
                "eval_run_id": .text, "item_id": .text, "repeat": .integer, "value": .number, "pass": .boolean,
                "reason": .text, "explain": .text, "output": .text, "reference": .text, "finish_reason": .text,
                "latency_ms": .number, "usage": .json, "extra": .json,
            ]),
        from: "eval_scores s JOIN eval_runs r ON r.id = s.eval_run_id WHERE \(ExportFilter.runs)",
        key: ["s.eval_run_id", "s.item_id", "s.repeat"])

    static let jobs = ExportTable(
        name: "jobs",
        columns: of(
            "j",
            [
                "id": .text, "kind": .text, "status": .text, "reason": .text, "trigger": .text, "attempts": .integer,
                "failures": .integer, "crashes": .integer, "rescues": .integer, "enqueued_at": .time,
                "started_at": .time, "finished_at": .time, "error_code": .text, "error_message": .text,
                "payload": .json, "result": .json,
            ]),
        from: """
            jobs j WHERE j.finished_at IS NOT NULL AND (:since IS NULL OR j.finished_at >= :since) \
            AND \(ExportFilter.jobs("j.id"))
            """, key: ["j.seq"])

    /// Columns of a table that lie there under their own names; a JSON value's has `_json` behind it.
    private static func of(_ table: String, _ columns: KeyValuePairs<String, ColumnType>) -> [Column] {
        columns.map { Column($0.key, $0.value, "\(table).\($0.key)\($0.value == .json ? "_json" : "")") }
    }

    /// The records of a plugin's own type. Their name is `plugin/type/revision`.
    package static func records(plugin: String, type: String) -> ExportTable {
        ExportTable(
            name: "\(plugin)/\(type)",
            columns: of("p", ["job_id": .text, "key": .text, "created_at": .time]) + [
                Column("record", .json, "p.json")
            ],
            from: """
                plugin_records p WHERE p.visible = 1 AND p.plugin_id = :plugin AND p.record_type = :type \
                AND (:since IS NULL OR p.created_at >= :since) AND \(ExportFilter.jobs("p.job_id"))
                """, key: ["p.job_id", "p.key"], arguments: ["plugin": plugin, "type": type])
    }
}
