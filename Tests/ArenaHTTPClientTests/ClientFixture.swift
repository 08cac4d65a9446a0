import ArenaHTTPClient
import ArenaTestSupport
import Testing

/// Gives `body` a client and a server on loopback, and ends both.
func withServer(
    _ script: @escaping StubServer.Script, _ body: (HTTPClient, StubServer) async throws -> Void
) async throws {
    let server = try StubServer(script)
    let client = HTTPClient()
    do {
        try await body(client, server)
    } catch {
        Issue.record(error)
    }
    server.stop()
    await client.close()
}

extension StubServer {
    func request(_ path: String = "/") -> HTTPRequest { HTTPRequest(url: url(path), addresses: .loopback) }
}

extension HTTPClient {
    /// The whole answer as text.
    func text(_ request: HTTPRequest) async throws -> String {
        let exchange = try await send(request)
        return String(decoding: try await exchange.collect(upTo: 64 << 20), as: UTF8.self)
    }

    /// The error that a request ends with, wherever in the answer it comes.
    func failure(_ request: HTTPRequest) async -> HTTPClientError? {
        do {
            _ = try await text(request)
            return nil
        } catch {
            return error as? HTTPClientError
        }
    }
}

/// The body; within `#expect` an error must not have a type.
func collected(_ exchange: HTTPExchange, upTo limit: Int) async throws -> [UInt8] {
    try await exchange.collect(upTo: limit)
}
