import ArenaCore
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// The cockpit's HTTP server: one port, the routes of docs/HTTP.md, and the rules on who may talk to it.
package struct CockpitServer: Sendable {
    private let options: CockpitOptions
    private let backend: any CockpitBackend
    private let logger: Logger

    /// Where a server that runs can be reached.
    package struct Address: Sendable, Hashable {
        package let port: Int
        /// Such as `http://127.0.0.1:7866/`.
        package let url: String
        /// The cockpit's page.
        package var page: String { "\(url)arena/" }
        /// The same with a code that makes the browser that opens it the operator's. Works once, until the server ends.
        package let oneTimeLink: String
    }

    package init(options: CockpitOptions, backend: any CockpitBackend, logger: Logger) {
        self.options = options
        self.backend = backend
        self.logger = logger
    }

    /// Listens and answers until the surrounding service group shuts down gracefully or the task is cancelled; requests
    /// that are under way are finished first.
    ///
    /// - Parameter onListening: called once, when the first connection can be made.
    /// - Throws: ``CockpitError`` when the address cannot be listened on.
    package func run(onListening: @escaping @Sendable (Address) async -> Void = { _ in }) async throws {
        let listener = Listener(host: options.host, publicURL: options.publicURL)
        let sessions = BrowserSessions()
        let application = Application(
            responder: responder(listener, sessions),
            server: .http1(configuration: channelConfiguration()),
            configuration: .init(address: .hostname(options.host, port: options.port)),
            onServerRunning: { channel in
                listener.port = channel.localAddress?.port
                let link = "\(listener.url)login?code=\(sessions.newCode())"
                await onListening(Address(port: listener.port ?? 0, url: listener.url, oneTimeLink: link))
            },
            logger: logger
        )
        do {
            try await application.run()
        } catch let error as IOError {
            throw CockpitError(cannotListen: error, host: options.host, port: options.port)
        }
    }

    /// Everything that the server answers to, with the rights that it asks for: `GET /api/plugins local`.
    package var routeList: [String] {
        let listener = Listener(host: options.host, publicURL: options.publicURL)
        let table = RouteTable(
            options: options, backend: backend, sessions: BrowserSessions(), cookie: SessionCookie(listener: listener))
        return table.routes.map { "\($0.method.rawValue) \($0.path) \($0.access.rawValue)" }
    }

    private func responder(_ listener: Listener, _ sessions: BrowserSessions) -> CockpitResponder {
        let cookie = SessionCookie(listener: listener)
        return CockpitResponder(
            policy: AccessPolicy(listener: listener, operatorToken: options.operatorToken, sessions: sessions),
            routes: RouteTable(options: options, backend: backend, sessions: sessions, cookie: cookie),
            maxBody: options.limits.body,
            cookieName: { cookie.name }
        )
    }

    private func channelConfiguration() -> HTTP1Channel.Configuration {
        let limits = options.limits
        let connections = ConnectionLimit(limits.connections)
        let header = Int(limits.header.bytes)
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(limits: limits, connections: connections)],
            idleTimeout: TimeAmount(limits.idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: header,
                maxHeaderListSize: header,
                maxHeaderFieldCount: 100
            )
        )
    }
}
