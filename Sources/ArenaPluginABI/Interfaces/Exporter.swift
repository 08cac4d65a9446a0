package import ArenaCore
import CArenaPlugin

/// What an exporter reads from and writes to: the host behind `arena_record_reader` and `arena_file_writer`.
///
/// Every function blocks and is called from any thread of the plugin.
package protocol ExportPort: Sendable {
    /// The document of `arena/exporter.h`, as JSON.
    func tables(in call: CallContext) throws(ServiceFailure) -> [UInt8]
    /// The number that stands for a table that is being read.
    func open(table: String, in call: CallContext) throws(ServiceFailure) -> UInt64
    /// JSON lines; none at the end.
    func next(cursor: UInt64, maxRows: UInt32, in call: CallContext) throws(ServiceFailure) -> [UInt8]
    /// The number that stands for a file.
    func create(name: String, mediaType: String, in call: CallContext) throws(ServiceFailure) -> UInt64
    /// At most 256 KiB. Another status than ok ends the export.
    func write(_ bytes: [UInt8], to file: UInt64) -> StatusCode
    func finish(file: UInt64, rows: UInt64, in call: CallContext) throws(ServiceFailure)
}

/// An exporter that a library provides.
package struct Exporter: Sendable {
    /// The id in the manifest's `provides`.
    package let kind: String
    private let table: ForeignTable<arena_exporter_v1>

    /// The most rows that one page holds.
    package static let mostRows: UInt32 = 10_000

    fileprivate init(kind: String, table: ForeignTable<arena_exporter_v1>) {
        self.kind = kind
        self.table = table
    }

    /// Runs one export to its end. [worker]
    ///
    /// - Parameter params: A JSON object that was checked against the manifest's schema.
    /// - Throws: also a fault for a plugin that succeeds without having ended its files [EXP-4].
    package func export(
        params: String, through port: any ExportPort, in call: CallContext
    ) throws(CallFailure) {
        guard let export = table.functions.export_records else {
            throw .fault("The exporter has no `export_records`.")
        }
        let tables = ExportTables(port: port, in: call)
        try call.perform("export_records") { call in
            params.lend { text in tables.with { reader, writer in export(call, text, reader, writer) } }
        }
        try tables.requireFinished()
    }
}

extension PluginLibrary {
    /// The exporter of a kind.
    ///
    /// - Throws: ``PluginABIError`` when the library has none, or one whose table breaks the rules.
    package func exporter(_ kind: String) throws(PluginABIError) -> Exporter {
        Exporter(kind: kind, table: try table(.exporter, kind: kind))
    }
}
