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
        let (fields, mask): ([HTTPField], SecretMask)
        do { (fields, mask) = try resolve(request) } catch {
            throw LaneTransportFailure(.misconfigured, Failure(error))
        }
        var message = HTTPRequest(
            method: request.method, url: request.url, headers: fields, body: request.body, addresses: .local)
        message.connectTimeout = min(.seconds(10), request.timeout)
        message.totalTimeout = request.timeout
        message.certificateFile = request.certificateFile
        do { try await exchange(message, mask, receive) } catch let error as HTTPClientError {
            throw Self.failure(error)
        }
    }

    private func exchange(
        _ message: HTTPRequest, _ mask: SecretMask,
        _ receive: @Sendable (LaneAnswerPart) async throws -> Bool
    ) async throws {
        let exchange = try await client.send(message)
        let status = exchange.head.status
        let headers = exchange.head.headers.map { LaneHeader($0.name, mask.cover($0.value)) }
        var mask = mask
        var pieces = exchange.body.makeAsyncIterator()
        do {
            while let piece = try await pieces.next(isolation: nil) {
                let bytes = mask.cover(piece, isLast: false)
                if bytes.isEmpty { continue }
                let part = LaneAnswerPart(status: status, headers: headers, bytes: bytes, isLast: false)
                if try await receive(part) == false { return await drain(exchange, pieces) }
            }
        } catch {
            exchange.cancel()
            throw error
        }
        _ = try await receive(
            LaneAnswerPart(status: status, headers: headers, bytes: mask.cover([], isLast: true), isLast: true))
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
    private func resolve(_ request: LaneRequest) throws -> ([HTTPField], SecretMask) {
        let headers = try SecretHeaders(request.headers.map { HTTPField($0.name, $0.value) })
        return try headers.resolve(for: try RequestTarget(request.url), with: secrets)
    }

    private static func failure(_ error: HTTPClientError) -> any Error {
        var failure = Failure(error)
        if case .tls(.untrusted, _) = error.reason {
            failure.hint =
                "If the server is yours, name its certificate, or that of its authority, as the lane's ca_file in "
                + "arena.yaml."
        }
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
