package import ArenaCore
package import ArenaJSON

/// What a child says to the host. On the host's side all of it is untrusted.
package enum ChildMessage: Hashable, Sendable {
    /// The plugin is loaded and the fences stand. See ``Ready``.
    case ready(JSONValue)
    case result(ResultMessage)
    /// A piece of a call's output; its bytes count against the call's credit.
    case data(call: UInt64, bytes: [UInt8])
    case progress(ProgressMessage)
    case log(LogMessage)
    case service(ServiceMessage)
    /// `hello` could not be followed: `{"code", "category", "message", "hint"}`. The child ends.
    case refused(JSONValue)
}

/// The end of a call.
package struct ResultMessage: Hashable, Sendable {
    /// Of the call.
    package var id: UInt64
    package var status: StatusCode
    /// Why it failed, or empty.
    package var message: String
    /// A JSON object with more, as the plugin wrote it, or empty.
    package var detail: String
    /// As ``CallRequest`` says for each.
    package var payload: [UInt8]

    package init(id: UInt64, status: StatusCode, message: String = "", detail: String = "", payload: [UInt8] = []) {
        self.id = id
        self.status = status
        self.message = message
        self.detail = detail
        self.payload = payload
    }
}

/// How far a call is.
package struct ProgressMessage: Hashable, Sendable {
    package var call: UInt64
    package var done: UInt64
    /// 0: unknown.
    package var total: UInt64
    package var phase: String
    /// A JSON object as the plugin wrote it, or empty.
    package var fields: String

    package init(call: UInt64, done: UInt64, total: UInt64, phase: String = "", fields: String = "") {
        self.call = call
        self.done = done
        self.total = total
        self.phase = phase
        self.fields = fields
    }
}

/// A line for a log.
package struct LogMessage: Hashable, Sendable {
    /// 0: of the plugin, in no call.
    package var call: UInt64
    /// 0 debug, 1 info, 2 warning, 3 error.
    package var level: UInt8
    package var message: String
    /// A JSON object as the plugin wrote it, or empty.
    package var fields: String

    package init(call: UInt64, level: UInt8, message: String, fields: String = "") {
        self.call = call
        self.level = level
        self.message = message
        self.fields = fields
    }
}

/// A plugin asks a service of the host, on behalf of a call. The host answers each with one ``ReplyMessage``.
package struct ServiceMessage: Hashable, Sendable {
    /// Chosen by the child, not 0.
    package var id: UInt64
    package var call: UInt64
    package var request: ServiceRequest

    package init(id: UInt64, call: UInt64, request: ServiceRequest) {
        self.id = id
        self.call = call
        self.request = request
    }
}

extension ChildMessage {
    private enum Kind: UInt8 { case ready = 129, result, data, progress, log, service, refused }
    /// What the documents of a child may measure.
    private static let documentLimit = 256 << 10

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
        case .result(let result): 64 + result.payload.count
        case .data(_, let bytes): 8 + bytes.count
        case .service(let service): 64 + service.request.largestField
        default: 256
        }
    }

    private func write(to fields: inout FieldWriter) -> (Kind, UInt64) {
        switch self {
        case .ready(let document), .refused(let document):
            fields.raw(document.bytes())
            if case .ready = self { return (.ready, 0) } else { return (.refused, 0) }
        case .result(let result):
            fields.i32(result.status.rawValue)
            fields.text(result.message)
            fields.text(result.detail)
            fields.data(result.payload)
            return (.result, result.id)
        case .data(let call, let bytes):
            fields.data(bytes)
            return (.data, call)
        case .progress(let progress):
            fields.u64(progress.done)
            fields.u64(progress.total)
            fields.text(progress.phase)
            fields.text(progress.fields)
            return (.progress, progress.call)
        case .log(let line):
            fields.u8(line.level)
            fields.text(line.message)
            fields.text(line.fields)
            return (.log, line.call)
        case .service(let service):
            fields.u64(service.call)
            fields.u8(service.request.method.service)
            fields.u8(service.request.method.method)
            service.request.write(to: &fields)
            return (.service, service.id)
        }
    }

    /// Reads a frame that came from a child.
    package init(_ frame: Frame) throws(WireError) {
        guard let kind = Kind(rawValue: frame.type) else { throw WireError(.unknownType(frame.type)) }
        guard kind == .log || (frame.id == 0) == (kind == .ready || kind == .refused) else {
            throw WireError(.identifier(frame.id))
        }
        var fields = FieldReader(frame.body)
        switch kind {
        case .ready: self = .ready(try JSONValue(document: fields.rest(), limit: Self.documentLimit))
        case .refused: self = .refused(try JSONValue(document: fields.rest(), limit: Self.documentLimit))
        case .result:
            self = .result(
                ResultMessage(
                    id: frame.id, status: StatusCode(foreign: try fields.i32()), message: try fields.text(),
                    detail: try fields.text(), payload: try fields.data()))
        case .data: self = .data(call: frame.id, bytes: try fields.data())
        case .progress:
            self = .progress(
                ProgressMessage(
                    call: frame.id, done: try fields.u64(), total: try fields.u64(), phase: try fields.text(),
                    fields: try fields.text()))
        case .log:
            let level = try fields.u8()
            guard level <= 3 else { throw WireError(.value("log level \(level)")) }
            self = .log(
                LogMessage(call: frame.id, level: level, message: try fields.text(), fields: try fields.text()))
        case .service: self = .service(try ServiceMessage(id: frame.id, from: &fields))
        }
        try fields.finish()
    }
}

extension ServiceMessage {
    fileprivate init(id: UInt64, from fields: inout FieldReader) throws(WireError) {
        let call = try fields.u64()
        let (service, number) = (try fields.u8(), try fields.u8())
        guard let method = ServiceMethod(service: service, method: number) else {
            throw WireError(.unknownOperation(UInt16(service) << 8 | UInt16(number)))
        }
        self.init(id: id, call: call, request: try ServiceRequest(method, from: &fields))
    }
}
