import ArenaCore
import ArenaPluginABI
import ArenaPluginWire

extension Worker {
    /// Runs an exporter to its end. On the call's thread.
    func export(_ kind: String, _ params: String, _ call: RunningCall, _ context: CallContext) throws(CallFailure) {
        let exporter: Exporter
        do {
            exporter = try library.exporter(kind)
        } catch {
            throw CallFailure(StatusCode(error.category), error.message)
        }
        try exporter.export(params: params, through: WireExport(desk: desk, call: call), in: context)
    }
}

/// The rows and files of one export as the host has them: questions go over the wire, and what is written to a file
/// goes as data under the call's credit.
struct WireExport: ExportPort {
    let desk: ServiceDesk
    let call: RunningCall

    func tables(in context: CallContext) throws(ServiceFailure) -> [UInt8] {
        try desk.ask(.exportTables, in: context)
    }

    func open(table: String, in context: CallContext) throws(ServiceFailure) -> UInt64 {
        try number(try desk.ask(.exportOpen(table: table), in: context))
    }

    func next(cursor: UInt64, maxRows: UInt32, in context: CallContext) throws(ServiceFailure) -> [UInt8] {
        try desk.ask(.exportNext(cursor: cursor, maxRows: maxRows), in: context)
    }

    func create(name: String, mediaType: String, in context: CallContext) throws(ServiceFailure) -> UInt64 {
        try number(try desk.ask(.exportCreate(name: name, mediaType: mediaType), in: context))
    }

    func write(_ bytes: [UInt8], to file: UInt64) -> StatusCode {
        call.send(data: ExportPiece(file: file, bytes: bytes).encode())
    }

    func finish(file: UInt64, rows: UInt64, in context: CallContext) throws(ServiceFailure) {
        _ = try desk.ask(.exportFinish(file: file, rows: rows), in: context)
    }

    private func number(_ data: [UInt8]) throws(ServiceFailure) -> UInt64 {
        do {
            var fields = FieldReader(data)
            let number = try fields.u64()
            try fields.finish()
            return number
        } catch {
            throw ServiceFailure(.internalError, error.message)
        }
    }
}
