import ArenaCore
import ArenaHTTPClient
import ArenaLanes

/// Sends the requests of lanes with Arena's HTTP client.
///
/// An operator names a lane's address, so that loopback and private ones are as good as any.
struct HTTPLaneTransport: LaneTransport {
    private let client: HTTPClient
    private let secrets: Secrets

    init(client: HTTPClient, secrets: Secrets) {
        self.client = client
        self.secrets = secrets
    }

    /// How long a server may go on after it has said everything. Its connection is used again if it ends properly.
    private static let drainLimit = Duration.milliseconds(250)

    func send(
        _ request: LaneRequest, receive: @escaping @Sendable (LaneAnswerPart) async throws -> Bool
    ) async throws {
        let fields: [HTTPField]
        do { fields = try resolve(request) } catch {
            throw LaneTransportFailure(.misconfigured, Failure(error))
        }
        var message = HTTPRequest(
            method: request.method, url: request.url, headers: fields, body: request.body, addresses: .local)
        message.connectTimeout = min(.seconds(10), request.timeout)
        message.totalTimeout = request.timeout
        do { try await exchange(message, receive) } catch let error as HTTPClientError { throw Self.failure(error) }
    }

    private func exchange(
        _ message: HTTPRequest, _ receive: @Sendable (LaneAnswerPart) async throws -> Bool
    ) async throws {
        let exchange = try await client.send(message)
        let status = exchange.head.status
        let headers = exchange.head.headers.map { LaneHeader($0.name, $0.value) }
        var pieces = exchange.body.makeAsyncIterator()
        do {
            while let piece = try await pieces.next(isolation: nil) {
                let part = LaneAnswerPart(status: status, headers: headers, bytes: piece, isLast: false)
                if try await receive(part) == false { return await drain(exchange, pieces) }
            }
        } catch {
            exchange.cancel()
            throw error
        }
        _ = try await receive(LaneAnswerPart(status: status, headers: headers, bytes: [], isLast: true))
    }

    /// Reads what little follows, so that the connection can be used again; what is no little is cut off.
    private func drain(_ exchange: HTTPExchange, _ pieces: HTTPBody.AsyncIterator) async {
        let limit = Task {
            try await Task.sleep(for: Self.drainLimit)
            exchange.cancel()
        }
        var pieces = pieces
        while (try? await pieces.next(isolation: nil)) != nil {}
        limit.cancel()
    }

    /// The header with the texts of secrets in it, each only for the hosts that it is for.
    private func resolve(_ request: LaneRequest) throws -> [HTTPField] {
        let headers = try SecretHeaders(request.headers.map { HTTPField($0.name, $0.value) })
        return try headers.resolved(for: try RequestTarget(request.url), with: secrets)
    }

    private static func failure(_ error: HTTPClientError) -> any Error {
        let failure = Failure(error)
        let kind: LaneTransportFailure.Kind
        switch error.reason {
        case .unreachable, .tls, .timeout(.connect, _), .addressRefused: kind = .unreachable
        case .connectionLost, .badAnswer, .tooLarge: kind = .cutOff
        case .timeout: kind = .timedOut
        case .badURL, .badHeader, .libraryMissing: kind = .misconfigured
        case .cancelled: return CancellationError()
        }
        return LaneTransportFailure(kind, failure)
    }
}
