/// A piece of a file: the bytes of one `data` frame of ``CallRequest/exporterRun(kind:params:)``.
package struct ExportPiece: Hashable, Sendable {
    /// As `exportCreate` answered.
    package var file: UInt64
    /// What joins the file at its end.
    package var bytes: [UInt8]

    package init(file: UInt64, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    package init(decoding data: [UInt8]) throws(WireError) {
        var fields = FieldReader(data)
        file = try fields.u64()
        bytes = fields.rest()
    }

    package func encode() -> [UInt8] {
        var fields = FieldWriter(capacity: 8 + bytes.count)
        fields.u64(file)
        fields.raw(bytes)
        return fields.bytes
    }
}
