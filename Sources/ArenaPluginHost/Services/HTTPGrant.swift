/// What a kind of a plugin may reach through `arena.http/1`: read from what its grant holds. A pure value.
package struct HTTPGrant: Hashable, Sendable {
    /// `name` or `name:port`, in lower case.
    package var hosts: Set<String>
    /// Of a kind that was granted the whole network.
    package var allowsAnyHost: Bool
    /// The names of secrets that may be sent there.
    package var secrets: Set<String>
    package var allowsLoopback: Bool
    package var allowsPrivate: Bool

    /// How many requests of one call may be open.
    package static let mostOpenRequests = 32

    package init(_ kind: ResolvedKind) {
        let service = kind.plugin.manifest.services.first { $0.id.description == "arena.http/1" }
        func names(_ member: String) -> Set<String> { Set(service?.names(member) ?? []) }
        hosts = Set(names("hosts").map { $0.lowercased() })
        allowsAnyHost = false
        switch kind.kind.capabilities.network {
        case .none: break
        case .hosts(let more): hosts.formUnion(more)
        case .any: allowsAnyHost = true
        }
        secrets = names("secrets")
        allowsLoopback = names("addresses").contains("loopback")
        allowsPrivate = names("addresses").contains("private")
    }

    /// Whether a request may go to a host and port [HTTP-3].
    ///
    /// - Parameter host: in lower case, an IPv6 address without brackets.
    package func allows(host: String, port: Int) -> Bool {
        allowsAnyHost || names(host: host, port: port)
    }

    /// Whether a secret may be sent to a host and port, which must be named: the whole network is not enough [HTTP-2].
    package func allows(secret: String, host: String, port: Int) -> Bool {
        secrets.contains(secret) && names(host: host, port: port)
    }

    private func names(host: String, port: Int) -> Bool {
        let name = host.contains(":") ? "[\(host)]" : host
        return hosts.contains("\(name):\(port)") || ([80, 443].contains(port) && hosts.contains(name))
    }
}
