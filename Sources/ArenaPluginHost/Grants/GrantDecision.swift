/// Whether a plugin may run, and on whose word.
package enum GrantDecision: Hashable, Sendable {
    /// It came with Arena.
    case firstParty
    /// The user granted these very files.
    case granted(Grant)
    /// The configuration says `plugins.trust: all`.
    case trustAll
    /// Nobody has granted it as it now is.
    case needsGrant(GrantRequest)
    case disabled(DisabledPlugin)

    package var mayRun: Bool {
        switch self {
        case .firstParty, .granted, .trustAll: true
        case .needsGrant, .disabled: false
        }
    }

    /// Whether it may run in the host's own process: only what came with Arena or was granted so by name.
    package var mayRunInHost: Bool {
        switch self {
        case .firstParty: true
        case .granted(let grant): grant.isolation == .host
        case .trustAll, .needsGrant, .disabled: false
        }
    }

    /// Why it may not run, with the cure; `nil` when it may.
    package func refusal(of id: String) -> PluginError? {
        switch self {
        case .firstParty, .granted, .trustAll: return nil
        case .disabled(let entry):
            return PluginError(
                .disabled, "The plugin \(id) has been disabled since \(entry.since).",
                hint: "arena plugin trust \(id) enables it again.")
        case .needsGrant(let request):
            return PluginError(
                .notGranted, "The plugin \(id) \(request.summary).", hint: "If you trust it: arena plugin trust \(id)")
        }
    }
}

/// What the user is asked before a plugin may run.
package struct GrantRequest: Hashable, Sendable {
    /// What it asks for now.
    package var asks: PluginAsks
    /// What was granted under this id before; `nil` for a plugin that is new here.
    package var previous: Grant?

    /// Tokens that the earlier grant does not have.
    package var added: [String] {
        let old = Set(previous?.asks.tokens ?? [])
        return asks.tokens.filter { !old.contains($0) }
    }

    /// Tokens of the earlier grant that it no longer asks for.
    package var removed: [String] {
        let new = Set(asks.tokens)
        return previous?.asks.tokens.filter { !new.contains($0) } ?? []
    }

    /// The rest of a sentence that begins with the plugin's name.
    package var summary: String {
        guard let previous else {
            let wishes = asks.tokens.map(PluginAsks.words).joined(separator: ", ")
            return "is not granted yet" + (wishes.isEmpty ? "; it asks for nothing special" : "; it asks to \(wishes)")
        }
        var parts: [String] = []
        if !added.isEmpty { parts.append("now asks also to " + added.map(PluginAsks.words).joined(separator: ", ")) }
        if !removed.isEmpty {
            parts.append("no longer asks to " + removed.map(PluginAsks.words).joined(separator: ", "))
        }
        let change = parts.isEmpty ? "asks for the same as before" : parts.joined(separator: "; ")
        return
            "has other files than version \(previous.version), which was granted on \(previous.grantedAt); it \(change)"
    }
}
