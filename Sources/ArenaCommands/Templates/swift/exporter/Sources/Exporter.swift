package import ArenaJSON
package import ArenaPluginKit
public import CArenaPlugin

/// Writes each table into a file of its own, a row a line, as JSON. Replace ``line(_:)`` by your format.
package struct Exporter: ExporterPlugin {
    /// A page of rows is in memory at a time, however many there are [EXP-5].
    package static func export(
        _ params: JSONValue, _ reader: RecordReader, _ files: FileWriter, _ call: PluginCall
    ) throws(PluginError) {
        for table in try reader.tables() {
            var file = try files.create(fileName(of: table.name), mediaType: "application/jsonl")
            var rows = 0
            try reader.forEachRow(of: table.name) { row throws(PluginError) in
                try file.write(line(row))
                rows += 1
                if rows.isMultiple(of: 1000) { call.progress(rows, of: table.rows, phase: table.name) }
            }
            try file.finish(rows: rows)
        }
    }

    /// A plain name [EXP-3] for a table such as `eval_score/1`.
    package static func fileName(of table: String) -> String {
        String(table.map { $0 == "/" ? "-" : $0 }) + ".jsonl"
    }

    package static func line(_ row: JSONValue) -> String { row.text() + "\n" }
}

private let library = PluginLibrary(id: "{{id}}", version: "0.1.0", kinds: [.exporter("{{id}}", Exporter.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
