import ArenaCore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// From a request to a response: source, rights, route, body, in this order. Nothing is thrown out of it.
struct CockpitResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let policy: AccessPolicy
    let routes: RouteTable
    let maxBody: ByteCount
    /// The name of the session cookie. Cookies are not told apart by port, so the port is part of it.
    let cookieName: @Sendable () -> String

    func respond(to request: Request, context: Context) async -> Response {
        do {
            var response = try await answer(request)
            if request.method == .head { response.leaveOutBody() }
            return response
        } catch {
            if !(error is any ArenaError) {
                context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            }
            var response = Reply.problem(error)
            if request.method == .head { response.leaveOutBody() }
            if case .otherMethods(let allowed) = find(request) {
                if response.status == .methodNotAllowed { response.headers[.allow] = allowed.joined(separator: ", ") }
            }
            return response
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        let facts = facts(of: request)
        try policy.checkSource(facts)
        guard let target = request.head.path, target.hasPrefix("/"), let segments = segments(of: request),
            let query = PercentCoding.decodeQuery(request.uri.query ?? "")
        else { throw CockpitError.badTarget }
        switch routes.find(request.method, segments) {
        case .none:
            // Who may not read anything is not told which routes there are.
            try policy.admit(facts, to: .local)
            throw CockpitError.noSuchRoute
        case .otherMethods(let allowed):
            try policy.admit(facts, to: .local)
            throw CockpitError.methodNotAllowed(allowed)
        case .route(let route, let parameters):
            try policy.checkContent(facts)
            if route.isStream { try policy.checkPage(facts) }
            let isOperator = try policy.admit(facts, to: route.access)
            return try await route.respond(
                RouteRequest(
                    parameters: parameters, query: query, body: try await body(of: request), path: request.uri.path,
                    headers: request.headers, isOperator: isOperator, connection: request.body))
        }
    }

    private func find(_ request: Request) -> RouteTable.Match {
        segments(of: request).map { routes.find(request.method, $0) } ?? .none
    }

    private func segments(of request: Request) -> [String]? {
        var segments: [String] = []
        for part in request.uri.path.split(separator: "/") {
            guard let segment = PercentCoding.decode(part) else { return nil }
            segments.append(segment)
        }
        return segments
    }

    private func body(of request: Request) async throws -> [UInt8] {
        guard request.method != .get, request.method != .head else { return [] }
        if let length = request.headers[.contentLength].flatMap({ UInt64($0) }), length > maxBody.bytes {
            throw CockpitError.bodyTooLarge(limit: maxBody)
        }
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard UInt64(bytes.count + part.readableBytes) <= maxBody.bytes else {
                throw CockpitError.bodyTooLarge(limit: maxBody)
            }
            bytes += part.readableBytesView
        }
        return bytes
    }

    private func facts(of request: Request) -> RequestFacts {
        let headers = request.headers
        let names = headers.map(\.name.canonicalName)
        return RequestFacts(
            method: request.method.rawValue,
            // The first Host field is the authority; a second one stays among the fields.
            host: names.contains("host") ? nil : request.head.authority,
            origin: headers[.origin],
            fetchSite: HTTPField.Name("sec-fetch-site").flatMap { headers[$0] },
            contentType: headers[.contentType],
            isForwarded: names.contains { $0.hasPrefix("x-forwarded-") || Self.proxyFields.contains($0) },
            bearer: headers[.authorization].map(bearer),
            cookie: cookie(in: headers[.cookie] ?? "")
        )
    }

    private static let proxyFields: Set<String> = ["forwarded", "x-real-ip", "via"]

    private func bearer(_ authorization: String) -> String {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return "" }
        return String(parts[1])
    }

    private func cookie(in field: String) -> String? {
        let prefix = cookieName() + "="
        for part in field.split(separator: ";") {
            let pair = part.drop { $0 == " " }
            if pair.hasPrefix(prefix) { return String(pair.dropFirst(prefix.count)) }
        }
        return nil
    }
}

extension Response {
    /// Makes it the answer to HEAD: the fields of GET, its length among them, without the body.
    fileprivate mutating func leaveOutBody() {
        let length = headers[.contentLength]
        body = .init()
        headers[.contentLength] = length
    }
}
