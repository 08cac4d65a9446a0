import ArenaCore
import CArenaPlugin
import Synchronization

/// The `arena_record_reader` and `arena_file_writer` of one export.
final class ExportTables: @unchecked Sendable {
    // The two tables are written once, in init; what changes is behind `files`.
    private let reader: UnsafeMutablePointer<arena_record_reader>
    private let writer: UnsafeMutablePointer<arena_file_writer>
    private let port: any ExportPort
    private let call: CallContext
    private let files = Mutex<[ExportFile]>([])

    init(port: any ExportPort, in call: CallContext) {
        self.port = port
        self.call = call
        reader = .allocate(capacity: 1)
        reader.initialize(to: arena_record_reader())
        writer = .allocate(capacity: 1)
        writer.initialize(to: arena_file_writer())
        fillReader()
        fillWriter()
    }

    deinit {
        reader.deallocate()
        writer.deallocate()
    }

    func with<R>(_ body: (UnsafePointer<arena_record_reader>, UnsafePointer<arena_file_writer>) -> R) -> R {
        withExtendedLifetime(self) { body(UnsafePointer(reader), UnsafePointer(writer)) }
    }

    /// [EXP-4], after a call that succeeded.
    func requireFinished() throws(CallFailure) {
        let states = files.withLock { $0 }.map { ($0.name, $0.state) }
        for (name, state) in states {
            switch state {
            case .finished: continue
            case .open: throw .fault("The exporter succeeded without ending its file \(name).")
            case .refused: throw .fault("The exporter succeeded although a write to its file \(name) was refused.")
            }
        }
    }

    private func fillReader() {
        reader.pointee.struct_size = UInt32(MemoryLayout<arena_record_reader>.size)
        reader.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        reader.pointee.tables = { reader, call, sink in
            ExportTables.run(reader?.pointee.host_context, call) { tables, call throws(ServiceFailure) in
                try ForeignArguments.write(try tables.port.tables(in: call), to: sink)
            }
        }
        reader.pointee.open = { reader, call, table, cursor in
            ExportTables.run(reader?.pointee.host_context, call) { tables, call throws(ServiceFailure) in
                let place = try ForeignArguments.place(cursor)
                place.pointee = try tables.port.open(table: try ForeignArguments.text(table, "table"), in: call)
            }
        }
        reader.pointee.next = { reader, call, cursor, maxRows, sink in
            ExportTables.run(reader?.pointee.host_context, call) { tables, call throws(ServiceFailure) in
                guard (1...Exporter.mostRows).contains(maxRows) else {
                    throw ServiceFailure(.invalidArgument, "max_rows \(maxRows) is not in 1...\(Exporter.mostRows).")
                }
                try ForeignArguments.write(try tables.port.next(cursor: cursor, maxRows: maxRows, in: call), to: sink)
            }
        }
    }

    private func fillWriter() {
        writer.pointee.struct_size = UInt32(MemoryLayout<arena_file_writer>.size)
        writer.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        writer.pointee.create = { writer, call, name, mediaType, file in
            ExportTables.run(writer?.pointee.host_context, call) { tables, call throws(ServiceFailure) in
                let place = try ForeignArguments.place(file)
                let name = try ForeignArguments.text(name, "name")
                let mediaType = try ForeignArguments.text(mediaType, "media_type")
                let number = try tables.port.create(name: name, mediaType: mediaType, in: call)
                let file = ExportFile(number, name, port: tables.port, in: call)
                tables.files.withLock { $0.append(file) }
                place.pointee = file.sink
            }
        }
        writer.pointee.finish = { writer, call, sink, rows in
            ExportTables.run(writer?.pointee.host_context, call) { tables, call throws(ServiceFailure) in
                let file = tables.files.withLock { files in files.first { $0.sink == sink } }
                guard let file, file.end() else {
                    throw ServiceFailure(.invalidArgument, "`finish` was given no file that is open.")
                }
                try tables.port.finish(file: file.number, rows: rows, in: call)
            }
        }
    }

    /// Runs a function of one of the tables and turns a failure into a status that the plugin may pass on.
    private static func run(
        _ context: UnsafeMutableRawPointer?, _ call: UnsafePointer<arena_call>?,
        _ body: (ExportTables, CallContext) throws(ServiceFailure) -> Void
    ) -> arena_status {
        guard let context, let call = CallContext.of(call) else { return ARENA_INVALID_ARGUMENT }
        let tables = Unmanaged<ExportTables>.fromOpaque(context).takeUnretainedValue()
        do {
            try body(tables, call)
            return ARENA_OK
        } catch {
            call.note(refusal: error.status, error.message, detail: error.detail)
            return error.status.rawValue
        }
    }
}
