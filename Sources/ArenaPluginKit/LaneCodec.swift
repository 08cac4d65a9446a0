package import ArenaJSON
import CArenaPlugin

/// What a request to a lane is for, with the numbers of `arena/lane_codec.h`.
package enum LaneOperation: UInt32, CaseIterable, Sendable {
    case identify = 0
    case chat, complete, embed, rerank, models, health, load, unload
}

/// An HTTP request that a codec wants sent.
package struct LaneRequest: Hashable, Sendable {
    /// `GET` or `POST`.
    package var method: String
    /// Relative to the lane's base URL.
    package var path: String
    package var headers: JSONObject
    package var body: String

    package init(_ method: String, _ path: String, headers: JSONObject = [:], body: String = "") {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }

    var json: JSONValue {
        [
            "method": .string(method), "path": .string(path), "headers": .object(headers), "body": .string(body),
        ]
    }
}

/// Bytes of a server's answer.
package struct LaneAnswer: Sendable {
    /// Of the HTTP answer.
    package var status: Int
    /// A JSON object, names in lower case.
    package var headers: String
    package var bytes: [UInt8]
    /// Whether the body ends with them.
    package var isLast: Bool

    package init(status: Int, headers: String = "{}", bytes: [UInt8], isLast: Bool) {
        self.status = status
        self.headers = headers
        self.bytes = bytes
        self.isLast = isLast
    }

    /// The value of a header, by its name in lower case.
    package func header(_ name: String) -> String? { (try? JSONValue(parsing: headers))?[name]?.string }
}

/// Speaks the dialect of a kind of server. Pure: no I/O and no state between operations. One value is made per config;
/// several threads may call it at once.
package protocol LaneCodec: Sendable, SendableMetatype {
    /// `config`: checked against the manifest's schema.
    init(config: JSONValue) throws(PluginError)

    /// The request that an operation begins with.
    func encode(_ operation: LaneOperation, _ request: JSONValue) throws(PluginError) -> LaneRequest

    /// What reads the answer. One value per operation, called from one thread at a time.
    func decoder(_ operation: LaneOperation, _ request: JSONValue) throws(PluginError) -> any LaneDecoder
}

/// Reads the answer to one operation, in pieces of any size.
package protocol LaneDecoder {
    /// Takes the next bytes and says what is found. Throws what the server's failure means.
    mutating func feed(_ answer: LaneAnswer, _ findings: Findings) throws(PluginError)
}

/// Where a decoder says what it found. Valid during one call of ``LaneDecoder/feed(_:_:)``.
package struct Findings {
    let sink: UnsafePointer<arena_codec_sink>

    /// A piece of an answer; `raw`: the server's own words, verbatim, once for each of its chunks.
    package func delta(
        _ text: String, on channel: ChatChannel = .content, choice: Int = 0, raw: [UInt8] = []
    ) throws(PluginError) {
        let status = withDelta(text, channel, choice, raw) { sink.pointee.delta?(sink, $0) }
        try check(status, "arena_codec_sink")
    }

    /// The end of a successful chat or completion, after every delta.
    package func end(_ end: ChatEnd) throws(PluginError) {
        try check(end.lend { sink.pointee.end?(sink, $0) }, "arena_codec_sink")
    }

    /// The answer of any other operation.
    package func value(_ value: JSONValue) throws(PluginError) {
        try check(withText(value.text()) { sink.pointee.value?(sink, $0) }, "arena_codec_sink")
    }

    /// A further request, whose answer this decoder gets next.
    package func request(_ request: LaneRequest) throws(PluginError) {
        try check(withText(request.json.text()) { sink.pointee.request?(sink, $0) }, "arena_codec_sink")
    }
}
