package import ArenaCore

/// The secrets of a home, by name. Their texts leave it only in the header of a request.
///
/// A variable `ARENA_SECRET_NAME` comes before the store. Nothing is kept in memory between two uses, so that a change
/// counts at once. All functions block for a moment.
package struct Secrets: Sendable {
    /// What may be shown of a secret.
    package struct Listing: Hashable, Sendable {
        package enum Source: String, Sendable { case environment, store }

        package let name: SecretName
        package let source: Source
        /// Empty: wherever it is configured or granted to go.
        package let hosts: [String]
    }

    private let file: SecretFile
    private let variables: [String: Secret]
    private static let longestValue = 8192

    package init(home: String, environment: [String: String]) {
        file = SecretFile(path: "\(home)/secrets")
        var variables: [String: Secret] = [:]
        for (key, text) in environment where key.hasPrefix("ARENA_SECRET_") && !text.isEmpty {
            variables[key] = Secret(text)
        }
        self.variables = variables
    }

    /// Every secret, sorted by name.
    package func list() throws(SecretError) -> [Listing] {
        var found: [SecretName: Listing] = [:]
        for (name, entry) in try file.read() {
            let name = try SecretName(name)
            found[name] = Listing(name: name, source: .store, hosts: entry.hosts)
        }
        for variable in variables.keys {
            guard let name = try? SecretName(String(variable.dropFirst("ARENA_SECRET_".count))) else { continue }
            found[name] = Listing(name: name, source: .environment, hosts: [])
        }
        return found.values.sorted { $0.name < $1.name }
    }

    /// Puts a secret into the store, or another text or other hosts in its place.
    ///
    /// - Parameter hosts: `name` or `name:port`; none: wherever it is configured or granted to go.
    package func set(_ name: SecretName, to value: Secret, hosts: [String]) throws(SecretError) {
        guard Self.isUsable(value) else { throw SecretError(.badValue(name.text)) }
        for host in hosts where !Self.isHost(host) { throw SecretError(.badHost(host)) }
        try file.update { (entries) throws(SecretError) in
            entries[name.text] = SecretFile.Entry(value: value, hosts: hosts)
        }
    }

    /// Takes a secret out of the store.
    package func remove(_ name: SecretName) throws(SecretError) {
        try file.update { (entries) throws(SecretError) in
            guard entries.removeValue(forKey: name.text) != nil else {
                if variables[name.variable] != nil {
                    throw SecretError(.notInStore(name.text, variable: name.variable))
                }
                throw SecretError(.unknown(name.text))
            }
        }
    }

    /// The text of a secret, for a request to a host.
    func value(_ name: SecretName, for host: String, port: Int) throws(SecretError) -> Secret {
        let entry: SecretFile.Entry
        if let variable = variables[name.variable] {
            entry = SecretFile.Entry(value: variable, hosts: [])
        } else {
            guard let stored = try file.read()[name.text] else { throw SecretError(.unknown(name.text)) }
            entry = stored
        }
        let place = host.contains(":") ? "[\(host)]" : host
        guard
            entry.hosts.isEmpty || entry.hosts.contains("\(place):\(port)")
                || ([80, 443].contains(port) && entry.hosts.contains(place))
        else { throw SecretError(.hostRefused(name.text, host: "\(place):\(port)")) }
        guard Self.isUsable(entry.value) else { throw SecretError(.badValue(name.text)) }
        return entry.value
    }

    private static func isUsable(_ value: Secret) -> Bool {
        let bytes = value.reveal().utf8
        return (1...longestValue).contains(bytes.count) && bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    private static func isHost(_ text: String) -> Bool {
        var rest = text[...]
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            rest = "v6" + rest[rest.index(after: end)...]
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...253).contains(parts[0].utf8.count) else { return false }
        if parts.count == 2 { guard let port = UInt16(parts[1]), port > 0 else { return false } }
        return parts[0].utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        }
    }
}
