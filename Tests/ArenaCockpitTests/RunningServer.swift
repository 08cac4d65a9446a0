import ArenaCockpit
import ArenaCore
import ArenaJSON
import ArenaTestSupport
import Logging
import Synchronization

/// A real server on a port of its own, for as long as a closure runs.
struct RunningServer: Sendable {
    static let token = "0123456789abcdef0123456789abcdef"

    let address: CockpitServer.Address
    let backend: StubBackend
    /// Everything that the server answers to, such as `GET /api/plugins local`.
    let routes: [String]

    static func run<Result: Sendable>(
        backend: StubBackend = StubBackend(),
        configure: (inout CockpitOptions) -> Void = { _ in },
        _ body: @escaping @Sendable (RunningServer) async throws -> Result
    ) async throws -> Result {
        var options = CockpitOptions(port: 0, operatorToken: Secret(token), version: "1.2.3")
        configure(&options)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = CockpitServer(options: options, backend: backend, logger: logger)
        let (addresses, listening) = AsyncStream.makeStream(of: CockpitServer.Address.self)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await server.run { listening.yield($0) }
                return nil
            }
            group.addTask {
                for await address in addresses {
                    return try await body(RunningServer(address: address, backend: backend, routes: server.routeList))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// Sends bytes as they are on a connection of their own and reads until the server closes it.
    func exchange(_ request: String) async -> RawResponse {
        RawResponse(await RawConnection.exchange(Array(request.utf8), port: address.port))
    }

    /// A well-formed request from a program of this machine. `raw` is a body that is framed already.
    func send(
        _ method: String = "GET",
        _ path: String,
        headers: [String: String] = [:],
        body: String? = nil,
        raw: String? = nil
    ) async -> RawResponse {
        var fields = ["Host": "127.0.0.1:\(address.port)", "Connection": "close"]
        if method != "GET" { fields["Content-Type"] = "application/json" }
        if let body { fields["Content-Length"] = String(body.utf8.count) }
        fields.merge(headers) { $1 }
        let lines = fields.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return await exchange("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n\(body ?? raw ?? "")")
    }

    /// The calls that reached the backend.
    var calls: [String] { backend.calls.withLock { $0 } }
}

/// A response taken apart by hand, so that the test does not trust the server's own HTTP library.
struct RawResponse: Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    /// What is not a response has the status 0.
    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let end = text.range(of: "\r\n\r\n") ?? text.endIndex..<text.endIndex
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        status = words.count >= 2 && words[0] == "HTTP/1.1" ? Int(words[1]) ?? 0 : 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        self.headers = headers
        body = Array(text[end.upperBound...].utf8)
    }

    /// The body; `null` when it is not JSON.
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    /// `detail` of a problem document.
    var detail: String { json["detail"]?.string ?? "" }
    /// `code` of a problem document.
    var code: String? { json["code"]?.string }
}

extension String {
    fileprivate func range(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
