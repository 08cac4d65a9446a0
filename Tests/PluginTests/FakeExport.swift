import ArenaJSON
import CArenaPlugin

/// The reader and the writer of one export in this process, over plain Swift values.
///
/// Used on one thread.
final class FakeExport {
    struct Table {
        var name: String
        var columns: [String]
        var rows: [JSONValue]
    }

    struct File: Equatable {
        var name: String
        var text = ""
        var rows: UInt64?
    }

    var tables: [Table]
    /// A page holds no more rows than this, whatever is asked for [EXP-1].
    var largestPage = 1000
    /// Writes fail with this status once so many bytes came.
    var refusesAfter: (bytes: Int, status: arena_status)?
    private(set) var files: [File] = []
    private(set) var pages = 0
    let call = FakeCall()
    private var written = 0
    private var cursors: [(table: Int, at: Int)] = []
    private var sinks: [FileSink] = []

    init(_ tables: [Table]) { self.tables = tables }

    /// The text of a file that was ended.
    func text(_ name: String) -> String? { files.first { $0.name == name && $0.rows != nil }?.text }

    func run(_ exporter: String, _ params: String = "{}") throws -> arena_status {
        let plugin = try BuiltPlugin(exporter)
        guard let table = plugin.table(ARENA_EXPORTER_1, exporter, as: arena_exporter_v1.self) else {
            throw BuiltPlugin.Missing(description: "no exporter \(exporter)")
        }
        var reader = makeReader()
        var writer = makeWriter()
        // The tables point at this object, which lives as long as the call.
        return withExtendedLifetime(self) {
            call.lend { call in
                lend(params) { table.pointee.export_records?(call, $0, &reader, &writer) ?? ARENA_UNIMPLEMENTED }
            }
        }
    }

    private func makeReader() -> arena_record_reader {
        var reader = arena_record_reader()
        reader.struct_size = UInt32(MemoryLayout<arena_record_reader>.size)
        reader.host_context = Unmanaged.passUnretained(self).toOpaque()
        reader.tables = { reader, _, sink in
            guard let fake = FakeExport.of(reader?.pointee.host_context) else { return ARENA_INTERNAL }
            let list = fake.tables.map { table -> JSONValue in
                [
                    "name": .string(table.name), "rows": JSONValue(table.rows.count),
                    "columns": .array(table.columns.map { ["name": .string($0), "type": "text"] }),
                ]
            }
            return FakeExport.give(JSONValue.array(list).text(), sink)
        }
        reader.open = { reader, _, name, cursor in
            guard let fake = FakeExport.of(reader?.pointee.host_context),
                let table = fake.tables.firstIndex(where: { $0.name == name.text })
            else { return ARENA_NOT_FOUND }
            fake.cursors.append((table, 0))
            cursor?.pointee = UInt64(fake.cursors.count)
            return ARENA_OK
        }
        reader.next = { reader, _, cursor, most, sink in
            guard let fake = FakeExport.of(reader?.pointee.host_context) else { return ARENA_INTERNAL }
            let index = Int(cursor) - 1
            let (table, start) = fake.cursors[index]
            let rows = fake.tables[table].rows.dropFirst(start).prefix(min(Int(most), fake.largestPage))
            fake.cursors[index].at = start + rows.count
            fake.pages += 1
            return FakeExport.give(rows.map { $0.text() + "\n" }.joined(), sink)
        }
        return reader
    }

    private func makeWriter() -> arena_file_writer {
        var writer = arena_file_writer()
        writer.struct_size = UInt32(MemoryLayout<arena_file_writer>.size)
        writer.host_context = Unmanaged.passUnretained(self).toOpaque()
        writer.create = { writer, _, name, _, file in
            guard let fake = FakeExport.of(writer?.pointee.host_context) else { return ARENA_INTERNAL }
            let sink = FileSink(fake, fake.files.count)
            fake.files.append(File(name: name.text))
            fake.sinks.append(sink)
            file?.pointee = UnsafePointer(sink.memory)
            return ARENA_OK
        }
        writer.finish = { writer, _, file, rows in
            guard let fake = FakeExport.of(writer?.pointee.host_context), let context = file?.pointee.host_context
            else { return ARENA_INTERNAL }
            fake.files[Unmanaged<FileSink>.fromOpaque(context).takeUnretainedValue().index].rows = rows
            return ARENA_OK
        }
        return writer
    }

    fileprivate func append(_ bytes: UnsafeRawBufferPointer, to index: Int) -> arena_status {
        written += bytes.count
        if let limit = refusesAfter, written > limit.bytes { return limit.status }
        files[index].text += String(decoding: bytes, as: UTF8.self)
        return ARENA_OK
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> FakeExport? {
        context.map { Unmanaged<FakeExport>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func give(_ text: String, _ sink: UnsafePointer<arena_sink>?) -> arena_status {
        guard !text.isEmpty else { return ARENA_OK }
        return lend(text) { sink?.pointee.write?(sink, $0.ptr, $0.len) ?? ARENA_INTERNAL }
    }
}

/// The sink of one file.
private final class FileSink {
    unowned let export: FakeExport
    let index: Int
    let memory = UnsafeMutablePointer<arena_sink>.allocate(capacity: 1)

    init(_ export: FakeExport, _ index: Int) {
        self.export = export
        self.index = index
        memory.initialize(to: arena_sink())
        memory.pointee.struct_size = UInt32(MemoryLayout<arena_sink>.size)
        memory.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        memory.pointee.write = { sink, data, count in
            guard let context = sink?.pointee.host_context else { return ARENA_INTERNAL }
            let file = Unmanaged<FileSink>.fromOpaque(context).takeUnretainedValue()
            return file.export.append(UnsafeRawBufferPointer(start: data, count: Int(count)), to: file.index)
        }
    }

    deinit { memory.deallocate() }
}
