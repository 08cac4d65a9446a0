import ArenaCore
import ArenaHTTPClient
import ArenaJSON
import ArenaPluginHost

/// Makes the requests of one kind of a plugin, within what it was granted (`arena.http/1`).
struct PluginHTTP: HTTPAccess {
    let client: HTTPClient
    let secrets: Secrets
    let grant: HTTPGrant

    func perform(
        _ document: JSONValue, onPiece: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws -> [UInt8] {
        let wanted = try PluginHTTPRequest(document)
        let target = try RequestTarget(wanted.url)
        try check(wanted, target)
        var (fields, mask) = try wanted.headers.resolve(for: target, with: secrets)
        var request = HTTPRequest(
            method: wanted.method, url: wanted.url, headers: fields, body: Array(wanted.body.utf8),
            addresses: AddressRule(allowsLoopback: grant.allowsLoopback, allowsPrivate: grant.allowsPrivate))
        request.totalTimeout = wanted.timeout
        request.maxBodyBytes = wanted.maxBytes
        let exchange = try await client.send(request)
        var answer = Self.document(exchange.head, mask)
        if wanted.isStreamed { await onPiece(JSONValue.object(answer).bytes()) }
        var body: [UInt8] = []
        var count = 0
        func take(_ piece: [UInt8]) async {
            count += piece.count
            if piece.isEmpty { return }
            if wanted.isStreamed { await onPiece(piece) } else { body += piece }
        }
        for try await piece in exchange.body { await take(mask.cover(piece, isLast: false)) }
        await take(mask.cover([], isLast: true))
        answer["bytes"] = JSONValue(count)
        return JSONValue.object(answer).bytes() + (wanted.isStreamed ? [] : [UInt8(ascii: "\n")] + body)
    }

    /// What the grant says of a request, before anything is looked up or sent.
    private func check(_ request: PluginHTTPRequest, _ target: RequestTarget) throws {
        guard grant.allows(host: target.host, port: target.port) else {
            throw ServiceError(
                .permissionDenied, code: "service.host_not_granted",
                "Requests to \(target) were not granted to this plugin.",
                hint: "Add it to `hosts` of arena.http/1 in the manifest's services, then grant the plugin anew.")
        }
        for name in request.headers.names.sorted() {
            guard grant.allows(secret: name.text, host: target.host, port: target.port) else {
                throw SecretError(.notGranted(name.text))
            }
            guard target.isSecure || grant.allowsLoopback || grant.allowsPrivate else {
                throw ServiceError(
                    .permissionDenied, code: "service.secret_needs_https",
                    "The secret \(name) is not sent to \(target) without TLS.", hint: "Use https.")
            }
        }
    }

    /// `{"status", "headers"}`; values of a field that comes several times are joined.
    private static func document(_ head: HTTPResponseHead, _ mask: SecretMask) -> JSONObject {
        var headers: JSONObject = [:]
        for field in head.headers {
            let name = field.name.lowercased()
            let before = headers[name]?.string.map { $0 + ", " } ?? ""
            headers[name] = .string(before + mask.cover(field.value))
        }
        return ["status": JSONValue(head.status), "headers": .object(headers)]
    }
}

extension ArenaRuntime {
    /// What scorers and lane engines may use besides chance: the clock, and the requests that their plugin was granted.
    static func callServices(client: HTTPClient, _ options: RuntimeOptions) -> CallServices {
        CallServices { kind in
            var providers = ServiceProviders(clock: options.clock)
            providers.http = PluginHTTP(client: client, secrets: options.secrets, grant: HTTPGrant(kind))
            return providers
        }
    }
}
