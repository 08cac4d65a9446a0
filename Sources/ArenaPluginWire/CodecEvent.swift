/// Something that a codec found in an answer; the payload of ``CallRequest/codecFeed(_:)`` is a list of them.
package enum CodecEvent: Hashable, Sendable {
    case delta(ChatDelta)
    case end(ChatEnd)
    /// A JSON document, as the plugin wrote it.
    case value(String)
    /// A further HTTP request, as the plugin wrote it.
    case request(String)

    package static func encode(_ events: [CodecEvent]) -> [UInt8] {
        var fields = FieldWriter()
        fields.u32(UInt32(clamping: events.count))
        for event in events {
            switch event {
            case .delta(let delta):
                fields.u32(0)
                fields.data(delta.encode())
            case .end(let end):
                fields.u32(1)
                fields.data(end.encode())
            case .value(let text):
                fields.u32(2)
                fields.text(text)
            case .request(let text):
                fields.u32(3)
                fields.text(text)
            }
        }
        return fields.bytes
    }

    package static func decode(_ bytes: [UInt8]) throws(WireError) -> [CodecEvent] {
        var fields = FieldReader(bytes)
        let count = Int(try fields.u32())
        // Every event has a kind and a length: a greater count is a lie, and nothing is reserved for it.
        guard count <= fields.remaining / 8 else { throw WireError(.truncated) }
        var events: [CodecEvent] = []
        events.reserveCapacity(count)
        for _ in 0..<count {
            switch try fields.u32() {
            case 0: events.append(.delta(try ChatDelta(decoding: try fields.data())))
            case 1: events.append(.end(try ChatEnd(decoding: try fields.data())))
            case 2: events.append(.value(try fields.text()))
            case 3: events.append(.request(try fields.text()))
            case let kind: throw WireError(.value("codec event \(kind)"))
            }
        }
        try fields.finish()
        return events
    }
}

extension CallRequest {
    /// The next bytes of an answer, for a decoder.
    package struct CodecPiece: Hashable, Sendable {
        package var decoder: UInt64
        /// Of the HTTP answer.
        package var status: UInt32
        /// A JSON object.
        package var headers: String
        package var bytes: [UInt8]
        package var isLast: Bool

        package init(decoder: UInt64, status: UInt32, headers: String, bytes: [UInt8], isLast: Bool) {
            self.decoder = decoder
            self.status = status
            self.headers = headers
            self.bytes = bytes
            self.isLast = isLast
        }
    }
}

extension CallRequest.CodecPiece {
    func write(to writer: inout FieldWriter) {
        writer.u64(decoder)
        writer.u32(status)
        writer.text(headers)
        writer.data(bytes)
        writer.u32(isLast ? 1 : 0)
    }

    init(from reader: inout FieldReader) throws(WireError) {
        decoder = try reader.u64()
        status = try reader.u32()
        headers = try reader.text()
        bytes = try reader.data()
        isLast = try reader.u32() != 0
    }
}
