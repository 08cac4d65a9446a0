/// A host and a port as they stand in a `Host` header or a URL.
package struct Authority: Sendable, Hashable {
    /// Lower case. An IPv6 address stands in brackets.
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port`, `[v6]` or `[v6]:port`; `nil` for any other text, user information included.
    package init?(_ text: some StringProtocol, defaultPort: Int) {
        let lowered = text.lowercased()
        let hostEnd: String.Index
        if lowered.hasPrefix("[") {
            guard let bracket = lowered.firstIndex(of: "]") else { return nil }
            hostEnd = lowered.index(after: bracket)
        } else {
            hostEnd = lowered.firstIndex(of: ":") ?? lowered.endIndex
        }
        host = String(lowered[..<hostEnd])
        let isBracketed = host.hasPrefix("[")
        let allowed = isBracketed ? "0123456789abcdef:.[]" : "0123456789abcdefghijklmnopqrstuvwxyz-._"
        guard !host.isEmpty, host.allSatisfy(allowed.contains) else { return nil }
        let rest = lowered[hostEnd...]
        if rest.isEmpty {
            port = defaultPort
        } else {
            let digits = rest.dropFirst()
            guard rest.first == ":", digits.allSatisfy(\.isWholeNumber), let number = UInt16(digits) else { return nil }
            port = Int(number)
        }
    }

    /// Whether the host is an IP address rather than a name that some DNS server could answer for.
    package var isAddressLiteral: Bool {
        if host.hasPrefix("[") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
