package import ArenaJSON
import CArenaPlugin

/// Something that writes records out in some format.
package protocol ExporterPlugin: SendableMetatype {
    /// Writes one export. `params`: an object that the host has checked against the manifest's schema. Works for 0 to
    /// 10^6 rows in constant memory [EXP-5]; every file is ended before it returns [EXP-4].
    static func export(
        _ params: JSONValue, _ reader: RecordReader, _ files: FileWriter, _ call: PluginCall
    ) throws(PluginError)
}

/// The rows to export: one consistent state.
package struct RecordReader {
    let call: PluginCall
    /// Owned by the host; valid for the call.
    let table: UnsafePointer<arena_record_reader>

    /// A table that was granted for export.
    package struct Table: Sendable {
        package var name: String
        package var rows: Int
    }

    package func tables() throws(PluginError) -> [Table] {
        let (status, bytes) = collecting { table.pointee.tables?(table, call.pointer, $0) ?? ARENA_UNIMPLEMENTED }
        try check(status, "the record reader's tables")
        let list = try parsed(bytes, from: "the record reader").array ?? []
        return list.map { Table(name: $0["name"]?.string ?? "", rows: $0["rows"]?.int ?? 0) }
    }

    /// Reads a table from its beginning to its end, a page in memory at a time. Throws `notFound` for one that is not
    /// granted.
    package func forEachRow(
        of name: String, page rows: UInt32 = 1000, _ body: (JSONValue) throws(PluginError) -> Void
    ) throws(PluginError) {
        var cursor: UInt64 = 0
        let status = withText(name) { name in
            table.pointee.open?(table, call.pointer, name, &cursor) ?? ARENA_UNIMPLEMENTED
        }
        try check(status, "the record reader's open")
        while true {
            try call.checkCancellation()
            let (status, bytes) = collecting {
                table.pointee.next?(table, call.pointer, cursor, rows, $0) ?? ARENA_UNIMPLEMENTED
            }
            try check(status, "the record reader's next")
            if bytes.isEmpty { return }
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                try body(parsed(Array(line), from: "the record reader"))
            }
        }
    }
}

/// Where files go; all appear together, or none does.
package struct FileWriter {
    let call: PluginCall
    /// Owned by the host; valid for the call.
    let table: UnsafePointer<arena_file_writer>

    /// Creates a file with a plain name [EXP-3].
    package func create(_ name: String, mediaType: String) throws(PluginError) -> ExportFile {
        var sink: UnsafePointer<arena_sink>?
        let status = withText(name) { name in
            withText(mediaType) { table.pointee.create?(table, call.pointer, name, $0, &sink) ?? ARENA_UNIMPLEMENTED }
        }
        try check(status, "the file writer's create")
        guard let sink else {
            throw PluginError(.internalError, code: "plugin.no_file", "The host gave no file.")
        }
        return ExportFile(writer: self, sink: sink)
    }
}

/// A file of an export. What is written waits in memory until 64 KiB are together.
package struct ExportFile {
    let writer: FileWriter
    /// Owned by the host; valid for the call.
    let sink: UnsafePointer<arena_sink>
    private var waiting: [UInt8] = []
    private static let piece = 64 << 10

    init(writer: FileWriter, sink: UnsafePointer<arena_sink>) {
        self.writer = writer
        self.sink = sink
    }

    package mutating func write(_ text: String) throws(PluginError) {
        waiting += text.utf8
        if waiting.count >= Self.piece { try flush() }
    }

    /// Ends the file, which holds so many rows.
    package mutating func finish(rows: Int) throws(PluginError) {
        try flush()
        let status = writer.table.pointee.finish?(writer.table, writer.call.pointer, sink, UInt64(max(0, rows)))
        try check(status, "the file writer's finish")
    }

    private mutating func flush() throws(PluginError) {
        guard !waiting.isEmpty else { return }
        let status = waiting.withUnsafeBytes { sink.pointee.write?(sink, $0.baseAddress, UInt64($0.count)) }
        waiting.removeAll(keepingCapacity: true)
        try check(status, "the file's sink")
    }
}

/// The table of the exporter number `slot`.
func exporterTable(slot: Int) -> UnsafeRawPointer {
    var table = arena_exporter_v1()
    table.struct_size = UInt32(MemoryLayout<arena_exporter_v1>.size)
    table.export_records = KindSlots.export[slot]
    return UnsafeRawPointer(permanent(table))
}
