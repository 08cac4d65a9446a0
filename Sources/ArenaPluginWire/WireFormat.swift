/// The fixed numbers of the wire between host and child. docs/PLUGIN_WIRE.md describes it.
package enum WireFormat {
    /// What `hello` and `ready` must agree on.
    package static let protocolVersion = 1
    /// The largest body of a frame, in bytes: 16 MiB.
    package static let maximumBody = 16 << 20
    /// Type, three zero bytes and id: what a frame's length counts before its body.
    static let countedHeader = 12
    /// Length, type, three zero bytes and id.
    static let header = 16
}

/// One frame: a type, the id of what it belongs to, and fields.
package struct Frame: Hashable, Sendable {
    /// Which message it is: below 128 from host to child, else from child to host.
    package var type: UInt8
    /// A call or a service call; 0 for what belongs to neither.
    package var id: UInt64
    package var body: [UInt8]

    package init(type: UInt8, id: UInt64, body: [UInt8]) {
        self.type = type
        self.id = id
        self.body = body
    }

    /// The bytes to send.
    package func encoded() throws(WireError) -> [UInt8] {
        var writer = FrameWriter(capacity: body.count)
        writer.fields.raw(body)
        return try writer.finish(type: type, id: id)
    }
}

/// Writes a frame whose header is filled in once its body is there.
struct FrameWriter {
    var fields: FieldWriter

    init(capacity: Int) {
        fields = FieldWriter(capacity: WireFormat.header + capacity)
        fields.raw([UInt8](repeating: 0, count: WireFormat.header))
    }

    consuming func finish(type: UInt8, id: UInt64) throws(WireError) -> [UInt8] {
        let body = fields.bytes.count - WireFormat.header
        guard body <= WireFormat.maximumBody else { throw WireError(.tooLarge(body)) }
        // In place: a copy of the array would be a second copy of every text in it.
        fields.overwrite(UInt32(WireFormat.countedHeader + body), at: 0)
        fields.overwrite(type, at: 4)
        fields.overwrite(id, at: 8)
        return fields.bytes
    }
}
