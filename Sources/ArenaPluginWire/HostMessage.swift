package import ArenaCore
package import ArenaJSON

/// What the host says to a child.
package enum HostMessage: Hashable, Sendable {
    /// The first message: what to load and within which fences. See ``Hello``.
    case hello(JSONValue)
    case call(CallMessage)
    /// The result of this call is no longer wanted. Its result still comes.
    case cancel(call: UInt64)
    case reply(ReplyMessage)
    /// This call may send so many more bytes in `data` frames.
    case credit(call: UInt64, bytes: UInt32)
    /// No more calls: the child ends when those in progress have ended.
    case bye
}

/// A call into the plugin.
package struct CallMessage: Hashable, Sendable {
    /// Chosen by the host, not 0, and never used twice in the life of a child.
    package var id: UInt64
    /// On CLOCK_MONOTONIC; 0: none.
    package var deadlineNanoseconds: UInt64
    /// How many bytes its `data` frames may hold before ``HostMessage/credit(call:bytes:)``.
    package var credit: UInt32
    package var request: CallRequest

    package init(id: UInt64, deadlineNanoseconds: UInt64 = 0, credit: UInt32 = 1 << 20, request: CallRequest) {
        self.id = id
        self.deadlineNanoseconds = deadlineNanoseconds
        self.credit = credit
        self.request = request
    }
}

/// The answer to a ``ServiceMessage``.
///
/// `data` holds, by method: jobCommit, artifactsCreate, exportOpen and exportCreate a u64; exportNext JSON lines; lanesNext and scoringNext a ``CompletionEvent``;
/// clockUnixMilliseconds an i64; viewsPage, artifactsFinish, kvKeys and exportTables JSON; kvGet the value; the others nothing.
package struct ReplyMessage: Hashable, Sendable {
    /// Of the service call.
    package var id: UInt64
    package var status: StatusCode
    /// Why it failed, or empty.
    package var message: String
    /// A JSON object with `code` and `hint`, or empty.
    package var detail: String
    package var data: [UInt8]

    package init(id: UInt64, status: StatusCode, message: String = "", detail: String = "", data: [UInt8] = []) {
        self.id = id
        self.status = status
        self.message = message
        self.detail = detail
        self.data = data
    }
}

extension HostMessage {
    private enum Kind: UInt8 { case hello = 1, call, cancel, reply, credit, bye }

    /// The bytes of its frame.
    ///
    /// - Throws: ``WireError/Problem/tooLarge(_:)``.
    package func encode() throws(WireError) -> [UInt8] {
        var writer = FrameWriter(capacity: sizeHint)
        let (kind, id) = write(to: &writer.fields)
        return try writer.finish(type: kind.rawValue, id: id)
    }

    /// What the body holds at least: saves the large ones from growing step by step.
    private var sizeHint: Int {
        switch self {
        case .call(let call): 64 + call.request.largestField
        case .reply(let reply): 64 + reply.data.count
        default: 256
        }
    }

    private func write(to fields: inout FieldWriter) -> (Kind, UInt64) {
        switch self {
        case .hello(let document):
            fields.raw(document.bytes())
            return (.hello, 0)
        case .call(let call):
            fields.u8(call.request.operation.rawValue)
            fields.u64(call.deadlineNanoseconds)
            fields.u32(call.credit)
            call.request.write(to: &fields)
            return (.call, call.id)
        case .cancel(let call):
            return (.cancel, call)
        case .reply(let reply):
            fields.i32(reply.status.rawValue)
            fields.text(reply.message)
            fields.text(reply.detail)
            fields.data(reply.data)
            return (.reply, reply.id)
        case .credit(let call, let bytes):
            fields.u32(bytes)
            return (.credit, call)
        case .bye:
            return (.bye, 0)
        }
    }

    /// Reads a frame that came from a host.
    package init(_ frame: Frame) throws(WireError) {
        guard let kind = Kind(rawValue: frame.type) else { throw WireError(.unknownType(frame.type)) }
        guard (frame.id == 0) == (kind == .hello || kind == .bye) else { throw WireError(.identifier(frame.id)) }
        var fields = FieldReader(frame.body)
        switch kind {
        case .hello: self = .hello(try JSONValue(document: fields.rest(), limit: WireFormat.maximumBody))
        case .call: self = .call(try CallMessage(id: frame.id, from: &fields))
        case .cancel: self = .cancel(call: frame.id)
        case .reply:
            self = .reply(
                ReplyMessage(
                    id: frame.id, status: StatusCode(foreign: try fields.i32()), message: try fields.text(),
                    detail: try fields.text(), data: try fields.data()))
        case .credit: self = .credit(call: frame.id, bytes: try fields.u32())
        case .bye: self = .bye
        }
        try fields.finish()
    }
}

extension CallMessage {
    fileprivate init(id: UInt64, from fields: inout FieldReader) throws(WireError) {
        let number = try fields.u8()
        guard let operation = Operation(rawValue: number) else {
            throw WireError(.unknownOperation(UInt16(number)))
        }
        self.init(
            id: id, deadlineNanoseconds: try fields.u64(), credit: try fields.u32(),
            request: try CallRequest(operation, from: &fields))
    }
}

extension JSONValue {
    /// The document that is all of a body.
    init(document bytes: [UInt8], limit: Int) throws(WireError) {
        do {
            try self.init(parsing: bytes, limits: JSONLimits(maxDepth: 16, maxBytes: limit))
        } catch {
            throw WireError(.document(error.message))
        }
    }
}
