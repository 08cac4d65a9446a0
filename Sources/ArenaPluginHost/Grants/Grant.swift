/// The user's word that exactly these files may run with exactly these capabilities.
package struct Grant: Hashable, Sendable {
    package var id: String
    package var version: String
    /// The identity of the content (see ``PluginContent``).
    package var hash: String
    /// What was granted.
    package var asks: PluginAsks
    /// ``Isolation/host`` lets the plugin run in the host where its interface allows it. Default: child.
    package var isolation: Isolation
    /// RFC 3339, UTC.
    package var grantedAt: String

    package init(
        id: String, version: String, hash: String, asks: PluginAsks, isolation: Isolation, grantedAt: String
    ) {
        self.id = id
        self.version = version
        self.hash = hash
        self.asks = asks
        self.isolation = isolation
        self.grantedAt = grantedAt
    }
}

/// A plugin that the user switched off, granted or not, whatever its files.
package struct DisabledPlugin: Hashable, Sendable {
    package var id: String
    /// RFC 3339, UTC.
    package var since: String

    package init(id: String, since: String) {
        self.id = id
        self.since = since
    }
}
