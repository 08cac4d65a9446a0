import ArenaCore
import ArenaHTTPClient
import ArenaJSON
import ArenaPluginHost

/// What a plugin has asked of `arena.http/1`, read and within its limits.
struct PluginHTTPRequest {
    let method: String
    let url: String
    let headers: SecretHeaders
    let body: String
    let timeout: Duration
    let maxBytes: Int
    let isStreamed: Bool

    private static let members: Set<String> = [
        "url", "method", "headers", "body", "timeout_ms", "max_bytes", "stream",
    ]
    private static let longestURL = 8192
    private static let mostFields = 64
    private static let longestBody = 8 << 20

    /// - Throws: ``ServiceError`` with INVALID_ARGUMENT that names the member.
    init(_ document: JSONValue) throws {
        guard let object = document.object else { throw Self.bad("the request is no object") }
        for (key, _) in object where !Self.members.contains(key) { throw Self.bad("there is no member `\(key)`") }
        func member<Value>(_ key: String, _ kind: String, _ read: (JSONValue) -> Value?) throws -> Value? {
            guard let value = object[key], value != .null else { return nil }
            guard let read = read(value) else { throw Self.bad("`\(key)` must be \(kind)") }
            return read
        }
        guard let url = try member("url", "text", \.string), url.utf8.count <= Self.longestURL else {
            throw Self.bad("`url` must be text of at most \(Self.longestURL) bytes")
        }
        self.url = url
        method = try member("method", "text", \.string) ?? "GET"
        body = try member("body", "text", \.string) ?? ""
        guard body.utf8.count <= Self.longestBody else { throw Self.bad("`body` is longer than 8 MiB") }
        isStreamed = try member("stream", "true or false", \.bool) ?? false
        let milliseconds = try member("timeout_ms", "1 to 600000") { value in
            value.int.flatMap { (1...600_000).contains($0) ? $0 : nil }
        }
        timeout = .milliseconds(milliseconds ?? 30_000)
        let most = isStreamed ? 1 << 30 : 8 << 20
        maxBytes =
            try member("max_bytes", "0 to \(most)") { value in
                value.int.flatMap { (0...most).contains($0) ? Int($0) : nil }
            } ?? 1 << 20
        var fields: [HTTPField] = []
        for (name, value) in try member("headers", "an object", \.object) ?? [:] {
            guard let text = value.string else { throw Self.bad("the header field \(name) must be text") }
            fields.append(HTTPField(name, text))
        }
        guard fields.count <= Self.mostFields else { throw Self.bad("`headers` has more than \(Self.mostFields)") }
        headers = try SecretHeaders(fields)
    }

    private static func bad(_ what: String) -> ServiceError {
        ServiceError(
            .invalidArgument, code: "service.bad_request", "A request to arena.http/1 is wrong: \(what).",
            hint: "arena/service_http.h says what it holds.")
    }
}
