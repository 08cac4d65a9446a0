import ArenaJSON
import ArenaPluginKit

/// Writes `runs.json`, every finished run, and `leaderboard.json`, the last run of each lane, model and scorer on a bench.
enum Mirror: ExporterPlugin {
    /// Of both files. A reader that knows another number leaves them alone.
    private static let schemaVersion = 1

    static func export(
        _ params: JSONValue, _ reader: RecordReader, _ files: FileWriter, _ call: PluginCall
    ) throws(PluginError) {
        let total = try reader.tables().first { $0.name == PublicColumn.table }?.rows ?? 0
        guard total > 0 || params["allow_empty"]?.bool == true else {
            throw PluginError(
                .failedPrecondition, code: "mirror.empty", "There is no finished evaluation to publish.",
                hint: "Run one, widen the filters, or say allow_empty=true to publish empty files.")
        }
        var file = try files.create("runs.json", mediaType: "application/json")
        var board = Leaderboard()
        var count = 0
        try file.write(#"{"schema":"arena.mirror.runs","schema_version":\#(schemaVersion),"rows":["#)
        try reader.forEachRow(of: PublicColumn.table) { row throws(PluginError) in
            let row = try publicRow(row, params)
            try file.write((count == 0 ? "\n" : ",\n") + JSONValue.object(row).text())
            try board.add(row)
            count += 1
            if count % 1000 == 0 { call.progress(count, of: total, phase: "writing") }
        }
        try file.write("\n]}\n")
        try file.finish(rows: count)
        try write(board, to: files)
        call.progress(count, of: total, phase: "writing")
    }

    private static func write(_ board: Leaderboard, to files: FileWriter) throws(PluginError) {
        var file = try files.create("leaderboard.json", mediaType: "application/json")
        let rows = board.rows
        let lines = rows.map { JSONValue.object($0).text() }.joined(separator: ",\n")
        let asOf = board.lastFinished.map(JSONValue.string) ?? .null
        try file.write(
            #"{"schema":"arena.mirror.leaderboard","schema_version":\#(schemaVersion),"as_of":\#(asOf.text()),"rows":["#
                + (rows.isEmpty ? "" : "\n") + lines + "\n]}\n")
        try file.finish(rows: rows.count)
    }

    /// The listed columns and nothing else.
    private static func publicRow(_ row: JSONValue, _ params: JSONValue) throws(PluginError) -> JSONObject {
        var members = JSONObject()
        for column in PublicColumn.all {
            var value = row[column.name] ?? .null
            let names: JSONValue? =
                switch column.name {
                case "lane_id": params["lane_names"]
                case "model": params["model_names"]
                default: nil
                }
            if let name = value.string, let renamed = names?[name] { value = renamed }
            if let objection = column.objection(to: value) {
                throw refusal(column, objection, row)
            }
            members[column.name] = value
        }
        return members
    }

    /// Names the run and the column, never the value: what must not leave does not belong into a log either.
    private static func refusal(_ column: PublicColumn, _ objection: String, _ row: JSONValue) -> PluginError {
        let id = row["id"].flatMap { PublicColumn.all[0].objection(to: $0) == nil ? $0.string : nil } ?? "(unnamed)"
        let cure =
            switch column.name {
            case "lane_id": "Give the lane a public name: --params '{\"lane_names\": {\"LANE\": \"NAME\"}}'."
            case "model": "Give the model a public name: --params '{\"model_names\": {\"MODEL\": \"NAME\"}}'."
            default: "Leave the run out with --run, --bench, --lane or --since."
            }
        return PluginError(
            .failedPrecondition, code: "mirror.would_leak",
            "Run \(id): its `\(column.name)` \(objection), so nothing was published.", hint: cure)
    }
}
