package import ArenaCore

/// A piece of an answer: the bytes of one `data` frame of ``CallRequest/engineChat(instance:request:)``.
package struct ChatDelta: Hashable, Sendable {
    /// 0 content, 1 reasoning, 2 tool.
    package var channel: UInt32
    /// The index of the choice, from 0.
    package var choice: UInt32
    package var text: String
    /// The upstream chunk verbatim, or empty.
    package var raw: [UInt8]

    package init(channel: UInt32, choice: UInt32 = 0, text: String, raw: [UInt8] = []) {
        self.channel = channel
        self.choice = choice
        self.text = text
        self.raw = raw
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        var fields = FieldReader(bytes)
        channel = try fields.u32()
        guard channel <= 2 else { throw WireError(.value("channel \(channel)")) }
        choice = try fields.u32()
        text = try fields.text()
        raw = try fields.data()
        try fields.finish()
    }

    package func encode() -> [UInt8] {
        var fields = FieldWriter(capacity: 16 + text.utf8.count + raw.count)
        fields.u32(channel)
        fields.u32(choice)
        fields.text(text)
        fields.data(raw)
        return fields.bytes
    }
}

/// The end of a successful answer: the payload of ``CallRequest/engineChat(instance:request:)``.
package struct ChatEnd: Hashable, Sendable {
    /// As the engine said: `stop`, `length`, …
    package var finishReason: String
    /// JSON, or empty.
    package var usage: String
    /// JSON, or empty.
    package var meta: String

    package init(finishReason: String, usage: String = "", meta: String = "") {
        self.finishReason = finishReason
        self.usage = usage
        self.meta = meta
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        var fields = FieldReader(bytes)
        finishReason = try fields.text()
        usage = try fields.text()
        meta = try fields.text()
        try fields.finish()
    }

    package func encode() -> [UInt8] {
        var fields = FieldWriter()
        fields.text(finishReason)
        fields.text(usage)
        fields.text(meta)
        return fields.bytes
    }
}

/// The payload of ``CallRequest/engineEmbed(instance:model:texts:)``.
package struct EmbeddingRows: Hashable, Sendable {
    package var dimensions: UInt32
    /// Rows of `dimensions` little-endian f32, in the order of the texts.
    package var rows: [UInt8]

    package init(dimensions: UInt32, rows: [UInt8]) {
        self.dimensions = dimensions
        self.rows = rows
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        var fields = FieldReader(bytes)
        dimensions = try fields.u32()
        rows = try fields.data()
        try fields.finish()
    }

    package func encode() -> [UInt8] {
        var fields = FieldWriter(capacity: 8 + rows.count)
        fields.u32(dimensions)
        fields.data(rows)
        return fields.bytes
    }
}

/// One event of a completion queue: the data of a reply to `next` of lanes and scoring.
package struct CompletionEvent: Hashable, Sendable {
    package enum Kind: UInt32, Sendable { case none = 0, delta, done }

    package var kind: Kind
    package var tag: UInt64
    package var status: StatusCode
    /// JSON, or empty.
    package var data: [UInt8]

    package init(kind: Kind, tag: UInt64 = 0, status: StatusCode = .ok, data: [UInt8] = []) {
        self.kind = kind
        self.tag = tag
        self.status = status
        self.data = data
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        var fields = FieldReader(bytes)
        let number = try fields.u32()
        guard let kind = Kind(rawValue: number) else { throw WireError(.value("completion kind \(number)")) }
        self.kind = kind
        tag = try fields.u64()
        status = StatusCode(foreign: try fields.i32())
        data = try fields.data()
        try fields.finish()
    }

    package func encode() -> [UInt8] {
        var fields = FieldWriter(capacity: 20 + data.count)
        fields.u32(kind.rawValue)
        fields.u64(tag)
        fields.i32(status.rawValue)
        fields.data(data)
        return fields.bytes
    }
}
