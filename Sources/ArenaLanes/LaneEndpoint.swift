/// Where a lane's server is, for a lane type that speaks to one.
package struct LaneEndpoint: Hashable, Sendable {
    /// `http://host:port` and what stands before the routes, without a slash at its end.
    package let baseURL: String
    /// Sent with every request, after those of the lane type. Values may hold `${secret:NAME}`.
    package let headers: [LaneHeader]
    /// The longest that one request may take; `nil`: ten minutes.
    package let timeout: Duration?
    /// The absolute path of the certificates, in PEM form, that are trusted in place of the system's; `nil`: those are.
    package let certificateFile: String?

    /// - Parameter url: an http or https URL. A `/v1` at its end is part of the routes and left out.
    package init(_ url: String, headers: [LaneHeader] = [], timeout: Duration? = nil, certificateFile: String? = nil) {
        var base = url[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        if base.hasSuffix("/v1") { base = base.dropLast(3) }
        while base.hasSuffix("/") { base = base.dropLast() }
        baseURL = String(base)
        self.headers = headers
        self.timeout = timeout
        self.certificateFile = certificateFile
    }

    /// Why a text is no base URL; `nil`: it is one.
    package static func fault(of url: String) -> String? {
        guard let rest = ["http://", "https://"].first(where: { url.hasPrefix($0) }).map({ url.dropFirst($0.count) })
        else { return "it does not begin with http:// or https://" }
        let host = rest.prefix { $0 != "/" }
        if host.isEmpty { return "it names no host" }
        if host.contains("@") { return "it holds a user name: a key belongs into the lane's headers" }
        if rest.contains(where: { $0.isWhitespace || "?#\\".contains($0) || !$0.isASCII }) {
            return "it holds a character that a base URL cannot have"
        }
        return nil
    }

    func url(of path: String) -> String { baseURL + path }
}
