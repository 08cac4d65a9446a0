package import ArenaJSON
import CArenaPlugin

/// One event of `arena.http/1`.
package enum HTTPEvent: Sendable {
    /// The head of an answer to a streamed request: its status and its fields, by lower-case name. The pieces follow.
    case head(tag: UInt64, status: Int, headers: [String: String])
    /// A piece of the body of a streamed answer.
    case piece(tag: UInt64, [UInt8])
    /// The end of a request, with its answer [HTTP-4]; the body of a streamed one came before, in pieces.
    case done(tag: UInt64, HTTPAnswer)
    /// The end of a request that got no answer, with the reason.
    case failed(tag: UInt64, PluginError)
}

/// What a server answered, whatever its status.
package struct HTTPAnswer: Hashable, Sendable {
    package var status: Int
    /// By lower-case name.
    package var headers: [String: String]
    package var body: [UInt8]
}

/// `arena.http/1`: requests that the host makes, to the hosts of the grant. One thread drives many: submit some, then take
/// what is ready. A secret is named in the value of a header, `Bearer ${secret:NAME}`, and never seen [HTTP-2].
///
/// Keep one for as long as requests are open: it remembers which streamed answer has begun.
package struct HTTPService {
    let call: PluginCall
    let table: UnsafePointer<arena_http_service>
    /// Streamed requests whose head is still to come.
    private var beginning: Set<UInt64> = []

    init(call: PluginCall, table: UnsafePointer<arena_http_service>) {
        self.call = call
        self.table = table
    }

    /// Starts a request; returns without waiting for it. `tag` is the caller's, unique among at most 32 open requests.
    /// `request`: `{"url", "method", "headers", "body", "timeout_ms", "max_bytes", "stream"}`, all but the first optional.
    package mutating func submit(_ tag: UInt64, _ request: JSONValue) throws(PluginError) {
        let status = withText(request.text(.compact)) { table.pointee.submit?(table, call.pointer, tag, $0) }
        try check(status, "arena.http/1 submit")
        if request["stream"]?.bool == true { beginning.insert(tag) }
    }

    /// Waits at most `milliseconds` for an event of any open request; `nil`: there was none.
    package mutating func next(within milliseconds: UInt64) throws(PluginError) -> HTTPEvent? {
        let service = "arena.http/1 next"
        var event = arena_completion()
        event.struct_size = UInt32(MemoryLayout<arena_completion>.size)
        let (status, bytes) = collecting {
            table.pointee.next?(table, call.pointer, milliseconds * 1_000_000, &event, $0) ?? ARENA_UNIMPLEMENTED
        }
        try check(status, service)
        let tag = event.tag
        switch event.kind {
        case ARENA_COMPLETION_DELTA:
            // The first one of an answer tells its head [HTTP-5].
            guard beginning.remove(tag) != nil else { return .piece(tag: tag, bytes) }
            let head = try answer(bytes, body: [])
            return .head(tag: tag, status: head.status, headers: head.headers)
        case ARENA_COMPLETION_DONE where event.status == ARENA_OK:
            beginning.remove(tag)
            let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            return .done(tag: tag, try answer(Array(bytes[..<end]), body: Array(bytes[end...].dropFirst())))
        case ARENA_COMPLETION_DONE:
            beginning.remove(tag)
            return .failed(tag: tag, failure(event.status, try parsed(bytes, from: service)))
        default: return nil
        }
    }

    /// Gives a request up; its end still comes.
    package func abort(_ tag: UInt64) throws(PluginError) {
        try check(table.pointee.abort?(table, call.pointer, tag), "arena.http/1 abort")
    }

    /// Makes one request and waits for its end: for a plugin that has nothing else to do meanwhile.
    ///
    /// - Throws: also `cancelled` when the call is no longer wanted.
    package mutating func fetch(_ request: JSONValue) throws(PluginError) -> HTTPAnswer {
        try submit(0, request)
        var body: [UInt8] = []
        while true {
            try call.checkCancellation()
            switch try next(within: 100) {
            case .done(_, var answer):
                if !body.isEmpty { answer.body = body }
                return answer
            case .failed(_, let error): throw error
            case .piece(_, let bytes): body += bytes
            case .head, nil: break
            }
        }
    }

    private func answer(_ head: [UInt8], body: [UInt8]) throws(PluginError) -> HTTPAnswer {
        let head = try parsed(head, from: "arena.http/1")
        var headers: [String: String] = [:]
        for (name, value) in head["headers"]?.object ?? [:] { headers[name] = value.string }
        return HTTPAnswer(status: head["status"]?.int ?? 0, headers: headers, body: body)
    }
}

extension Services {
    package func http() throws(PluginError) -> HTTPService {
        HTTPService(call: call, table: try table(ARENA_HTTP_1))
    }
}
