package import ArenaCore

/// How the cockpit's server is set up.
package struct CockpitOptions: Sendable {
    /// The address to listen on, a name or an IP literal.
    package var host: String
    /// The port to listen on; 0 lets the system choose.
    package var port: Int
    /// The address that people use when a proxy stands before the server, such as `https://arena.example.org`.
    package var publicURL: PublicURL?
    /// What widens rights needs this token. Once the server is reachable from elsewhere, everything does.
    package var operatorToken: Secret
    /// The version of Arena, for `/healthz`.
    package var version: String
    package var limits: CockpitLimits
    /// What `/arena/` and `/openapi.json` serve.
    package var assets: PageAssets

    package init(
        host: String = "127.0.0.1",
        port: Int = 7866,
        publicURL: PublicURL? = nil,
        operatorToken: Secret,
        version: String,
        limits: CockpitLimits = CockpitLimits(),
        assets: PageAssets = .none
    ) {
        self.host = host
        self.port = port
        self.publicURL = publicURL
        self.operatorToken = operatorToken
        self.version = version
        self.limits = limits
        self.assets = assets
    }
}

/// What one client may ask of the server's memory and time.
package struct CockpitLimits: Sendable {
    /// A longer body is answered 413.
    package var body: ByteCount = .mebibytes(1)
    /// A longer header, all fields together, is answered 431.
    package var header: ByteCount = .kibibytes(16)
    /// From the opening of a connection to the end of its first header.
    package var headerTimeout: Duration = .seconds(10)
    /// From the end of a header to the end of its body.
    package var bodyTimeout: Duration = .seconds(30)
    /// How long a connection may wait for its next request.
    package var idleTimeout: Duration = .seconds(60)
    /// Above this a connection is answered 503 with `Retry-After`, above twice this it is closed at once.
    package var connections: Int = 1024
    /// Event streams that are open at once; one more is answered 503 with `Retry-After`.
    package var streams: Int = 128
    /// How often an event stream that has nothing to say shows that it lives.
    package var heartbeat: Duration = .seconds(15)

    package init() {}
}

/// The origin under which a proxy offers the server.
package struct PublicURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    package let scheme: String
    package let authority: Authority

    /// Reads `http://host[:port]` or `https://host[:port]`, with or without a slash at the end; `nil` for any other text.
    package init?(_ text: String) {
        let text = text.hasSuffix("/") ? String(text.dropLast()) : text
        for (scheme, port) in [("http", 80), ("https", 443)] where text.hasPrefix("\(scheme)://") {
            guard let authority = Authority(text.dropFirst(scheme.count + 3), defaultPort: port) else { return nil }
            self.scheme = scheme
            self.authority = authority
            return
        }
        return nil
    }

    /// As a browser writes it in `Origin`: without the scheme's own port.
    package var description: String {
        let isDefault = authority.port == (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(authority.host)" + (isDefault ? "" : ":\(authority.port)")
    }
}
