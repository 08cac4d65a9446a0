import Glibc
import Synchronization

/// Where the server listens, and so under which names a client may call it.
///
/// A page at `evil.example` can make that name resolve to 127.0.0.1 and then read answers as its own origin. Its requests
/// still say `Host: evil.example`, so a server that answers to its own names only is safe from it.
final class Listener: Sendable {
    let host: String
    let publicURL: PublicURL?
    private let machineName: String
    private let boundPort = Mutex<Int?>(nil)

    init(host: String, publicURL: PublicURL?, machineName: String = Listener.nameOfThisMachine()) {
        self.host = host.lowercased()
        self.publicURL = publicURL
        self.machineName = machineName.lowercased()
    }

    /// The port that the system gave; set once, before the first connection is accepted.
    var port: Int? {
        get { boundPort.withLock { $0 } }
        set { boundPort.withLock { $0 = newValue } }
    }

    /// Whether only processes of this machine can connect.
    var isLoopback: Bool { host == "localhost" || host == "::1" || (host.hasPrefix("127.") && isIPv4(host)) }

    /// Whether a `Host` header names this server.
    func answers(to hostHeader: String) -> Bool {
        if let publicURL, names(publicURL, hostHeader) { return true }
        guard let port, let given = Authority(hostHeader, defaultPort: 80), given.port == port else { return false }
        if isLoopback { return ["127.0.0.1", "localhost", "[::1]", urlHost].contains(given.host) }
        if isAnyAddress {
            // An address literal cannot be rebound; a name can, so only our own are taken.
            return given.isAddressLiteral || given.host == "localhost" || given.host == machineName
        }
        return given.host == urlHost
    }

    /// Whether an `Origin` header is the origin of the request that carries it, under the name that the client used.
    func isOwn(origin: String, hostHeader: String) -> Bool {
        let origin = origin.lowercased()
        if let publicURL {
            if origin == publicURL.description { return true }
            if names(publicURL, hostHeader) { return false }
        }
        return origin == "http://\(hostHeader.lowercased())"
    }

    /// The address that people open; `0.0.0.0` is shown as 127.0.0.1.
    var url: String {
        if let publicURL { return publicURL.description + "/" }
        return "http://\(isAnyAddress ? "127.0.0.1" : urlHost):\(port ?? 0)/"
    }

    private func names(_ url: PublicURL, _ hostHeader: String) -> Bool {
        Authority(hostHeader, defaultPort: url.scheme == "https" ? 443 : 80) == url.authority
    }

    private var isAnyAddress: Bool { host == "0.0.0.0" || host == "::" }
    private var urlHost: String { host.contains(":") ? "[\(host)]" : host }

    private func isIPv4(_ text: String) -> Bool { Authority(host: text, port: 0).isAddressLiteral }

    private static func nameOfThisMachine() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
