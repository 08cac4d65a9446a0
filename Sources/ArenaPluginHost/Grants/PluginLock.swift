package import ArenaCore

/// What `plugins.lock` says: which plugins are granted and which are switched off.
package struct PluginLock: Hashable, Sendable {
    /// Unique by id, sorted by it.
    package private(set) var grants: [Grant] = []
    /// Unique by id, sorted by it.
    package private(set) var disabled: [DisabledPlugin] = []

    package init() {}

    package func grant(of id: String) -> Grant? { grants.first { $0.id == id } }
    package func isDisabled(_ id: String) -> Bool { disabled.contains { $0.id == id } }

    /// Whether these files may run.
    ///
    /// - Parameter trustsAll: `plugins.trust: all`, the choice for one's own machine.
    package func decide(
        _ manifest: PluginManifest, _ content: PluginContent, isFirstParty: Bool, trustsAll: Bool = false
    ) -> GrantDecision {
        if let entry = disabled.first(where: { $0.id == manifest.id }) { return .disabled(entry) }
        if isFirstParty { return .firstParty }
        let known = grant(of: manifest.id)
        if let known, known.hash == content.hash { return .granted(known) }
        if trustsAll { return .trustAll }
        return .needsGrant(GrantRequest(asks: PluginAsks(manifest), previous: known))
    }

    /// Grants these files what they ask for, in place of an earlier grant of that id, and enables the plugin.
    ///
    /// - Parameter isolation: ``Isolation/host`` only when the user said so for this plugin.
    /// - Returns: The grant as it stands now.
    @discardableResult
    package mutating func grant(
        _ manifest: PluginManifest, _ content: PluginContent, isolation: Isolation = .child, at now: Timestamp
    ) -> Grant {
        let grant = Grant(
            id: manifest.id, version: manifest.version, hash: content.hash, asks: PluginAsks(manifest),
            isolation: isolation, grantedAt: now.description)
        insert(grant)
        enable(manifest.id)
        return grant
    }

    /// Forgets the grant; the plugin asks again. Nothing happens when there is none.
    package mutating func revoke(_ id: String) { grants.removeAll { $0.id == id } }

    /// Switches a plugin off, one that came with Arena too. Its grant stays for the day it is enabled again.
    package mutating func disable(_ id: String, at now: Timestamp) {
        guard !isDisabled(id) else { return }
        insert(DisabledPlugin(id: id, since: now.description))
    }

    package mutating func enable(_ id: String) { disabled.removeAll { $0.id == id } }

    mutating func insert(_ grant: Grant) {
        revoke(grant.id)
        grants.append(grant)
        grants.sort { $0.id < $1.id }
    }

    mutating func insert(_ entry: DisabledPlugin) {
        enable(entry.id)
        disabled.append(entry)
        disabled.sort { $0.id < $1.id }
    }
}
