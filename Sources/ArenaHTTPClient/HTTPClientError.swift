package import ArenaCore

/// Why a request had no answer, or the answer no end.
///
/// Messages name the host and port, never path, query, header or body.
package struct HTTPClientError: ArenaError, Hashable {
    package enum Reason: Hashable, Sendable {
        /// The name has no address, or nothing takes connections at its addresses: what was tried, and what came of it.
        case unreachable(String)
        case timeout(Timeout, after: Duration)
        case addressRefused(address: String, because: String)
        case tls(TLSFault, String)
        /// What came is no HTTP, or more than is allowed.
        case badAnswer(String)
        /// The connection ended before the answer did.
        case connectionLost(String)
        case tooLarge(limit: Int)
        case badURL(String)
        case badHeader(String)
        case cancelled
        /// libcurl cannot be loaded: the loader's words.
        case libraryMissing(String)
    }

    package enum TLSFault: Hashable, Sendable {
        /// The certificate was signed by nobody who is trusted here, or is out of date.
        case untrusted
        /// It is good, but for another name.
        case wrongName
        /// The file of those to trust cannot be read, or holds none.
        case certificateFile
        case handshake
    }

    package enum Timeout: String, Hashable, Sendable {
        case connect, idle, total
    }

    /// `host:port`, or the little that can be said of a URL that is none.
    package let target: String
    package let reason: Reason

    package init(_ target: String, _ reason: Reason) {
        self.target = target
        self.reason = reason
    }

    package var code: String {
        switch reason {
        case .unreachable: "http.unreachable"
        case .timeout: "http.timeout"
        case .addressRefused: "http.address_refused"
        case .tls: "http.tls"
        case .badAnswer: "http.protocol"
        case .connectionLost: "http.connection_lost"
        case .tooLarge: "http.too_large"
        case .badURL: "http.bad_url"
        case .badHeader: "http.bad_header"
        case .cancelled: "http.cancelled"
        case .libraryMissing: "http.no_library"
        }
    }

    package var category: ErrorCategory {
        switch reason {
        case .unreachable, .connectionLost: .unavailable
        case .timeout: .deadlineExceeded
        case .addressRefused: .permissionDenied
        case .tls, .badAnswer, .libraryMissing: .failedPrecondition
        case .tooLarge: .resourceExhausted
        case .badURL, .badHeader: .invalidArgument
        case .cancelled: .cancelled
        }
    }

    package var message: String {
        switch reason {
        case .unreachable(let what): "\(target) cannot be reached: \(what)."
        case .timeout(.connect, let limit): "No connection to \(target) within \(Self.text(limit))."
        case .timeout(.idle, let limit): "\(target) sent nothing for \(Self.text(limit))."
        case .timeout(.total, let limit): "\(target) did not finish within \(Self.text(limit))."
        case .addressRefused(let address, let why): "\(target) is \(address), which is not connected to: it is \(why)."
        case .tls(_, let what): "No safe connection to \(target): \(what)."
        case .badAnswer(let what): "The answer of \(target) is no proper HTTP: \(what)."
        case .connectionLost(let what): "The connection to \(target) was lost: \(what)."
        case .tooLarge(let limit): "The answer of \(target) is longer than \(ByteCount(UInt64(max(0, limit))))."
        case .badURL(let what): "The URL of a request to \(target) is wrong: \(what)."
        case .badHeader(let what): "The header of a request to \(target) is wrong: \(what)."
        case .cancelled: "The request to \(target) was cancelled."
        case .libraryMissing(let what): "No request can be made: \(what)."
        }
    }

    package var hint: String? {
        switch reason {
        case .unreachable: "Check host and port, and that the server runs."
        case .timeout(.connect, _): "Check host and port, and that no firewall drops the connection."
        case .timeout: "The server may be busy or hang; ask it again, or allow more time."
        case .addressRefused(_, let why):
            switch AddressKind(rawValue: why) {
            case .loopback, .localNetwork: "Allow such addresses where this request is configured, if it is meant."
            default: "Such addresses are never connected to."
            }
        case .tls(.untrusted, _): "Trust it only if it is yours, by naming its certificate where the address is named."
        case .tls(.wrongName, _): "Write a name into the URL that the server's certificate is for."
        case .tls(.certificateFile, _): "Name a file that can be read and holds certificates in PEM form."
        case .tls(.handshake, _): "Check that the port speaks HTTPS, and the server's log."
        case .badAnswer: "Check that the port speaks HTTP (or HTTPS, as the URL says)."
        case .connectionLost: "See the server's log; ask it again."
        case .tooLarge, .badHeader, .cancelled: nil
        case .libraryMissing: "Install libcurl (on Debian: apt-get install libcurl4)."
        case .badURL: "Write http://HOST:PORT/PATH or https://HOST/PATH."
        }
    }

    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(seconds) s" : "\(milliseconds) ms"
    }
}
