import ArenaCore
import CCurl

/// Where a request goes, as libcurl itself reads the URL, so that what is checked is what is connected to.
package struct RequestTarget: Hashable, Sendable, CustomStringConvertible {
    package let isSecure: Bool
    /// In lower case; an IPv6 address without brackets.
    package let host: String
    package let port: Int

    /// `host:port`, the host of an IPv6 address in brackets.
    package var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    /// - Throws: `http.bad_url` for everything but an `http:` or `https:` URL with a host and without user information;
    ///   `http.no_library` where libcurl is not installed.
    package init(_ url: String) throws(HTTPClientError) {
        if let words = arena_curl_load() {
            throw HTTPClientError("an unknown host", .libraryMissing(String(cString: words)))
        }
        let text = Array(url.utf8)
        guard text.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw Self.bad("it holds a space or control") }
        guard let handle = arena_curl_url() else { throw Self.bad("it cannot be read") }
        defer { arena_curl_url_cleanup(handle) }
        let status = arena_curl_url_set(handle, CURLUPART_URL, url, 0)
        guard status == CURLUE_OK else {
            throw Self.bad(arena_curl_url_strerror(status).map { String(cString: $0) } ?? "it cannot be read")
        }
        guard let scheme = Self.part(handle, CURLUPART_SCHEME), scheme == "http" || scheme == "https" else {
            throw Self.bad("only http and https are spoken")
        }
        guard Self.part(handle, CURLUPART_USER) == nil, Self.part(handle, CURLUPART_PASSWORD) == nil else {
            throw Self.bad("user name and password do not belong in a URL; send a header")
        }
        guard var host = Self.part(handle, CURLUPART_HOST)?.lowercased(), !host.isEmpty,
            let port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)).flatMap(Int.init), port > 0
        else { throw Self.bad("it names no host and port") }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        isSecure = scheme == "https"
        self.host = host
        self.port = port
    }

    private static func bad(_ what: String) -> HTTPClientError {
        // The URL itself may hold what must not be shown.
        HTTPClientError("an unknown host", .badURL(what))
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard arena_curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { arena_curl_free(text) }
        return String(cString: text)
    }
}

extension HTTPRequest {
    /// Headers that the client writes itself, because they frame the message.
    private static let own: Set<String> = [
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// Checks method and header before anything of them is sent.
    func check(for target: RequestTarget) throws(HTTPClientError) {
        func bad(_ what: String) -> HTTPClientError { HTTPClientError(target.description, .badHeader(what)) }
        guard Self.isToken(method) else { throw bad("the method is no token") }
        for field in headers {
            guard Self.isToken(field.name) else { throw bad("the name of a field is no token") }
            guard !Self.own.contains(field.name.lowercased()) else { throw bad("\(field.name) is not the caller's") }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw bad("the value of \(field.name) holds a control character")
            }
        }
    }

    private static func isToken(_ text: String) -> Bool {
        let others = Array("!#$%&'*+-.^_`|~".utf8)
        return !text.isEmpty && text.utf8.count <= 128
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: others.contains(byte)
                }
            }
    }
}
