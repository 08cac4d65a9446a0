package import ArenaCore

/// Who answers to which kind.
extension RegistrySnapshot {
    /// Enters the kinds of the ready plugins.
    ///
    /// A short name belongs to the first plugin that provides it, in the order of ``plugins``, unless `preferred` (short
    /// name to plugin id) chooses another; the full name `plugin/kind` always works.
    mutating func enterKinds(preferred: [String: String]) {
        kinds = [:]
        shadowed = [:]
        for plugin in ready {
            for kind in plugin.manifest.provides where kind.isSupported {
                let resolved = ResolvedKind(plugin: plugin, kind: kind)
                kinds[KindName(kind.interface, resolved.fullName)] = resolved
                for name in [kind.id] + kind.aliases { enter(name, resolved, preferred) }
            }
        }
    }

    private mutating func enter(_ name: String, _ resolved: ResolvedKind, _ preferred: [String: String]) {
        let key = KindName(resolved.kind.interface, name)
        guard let holder = kinds[key] else {
            kinds[key] = resolved
            return
        }
        let (winner, loser) = preferred[name] == resolved.plugin.id ? (resolved, holder) : (holder, resolved)
        kinds[key] = winner
        if name == loser.kind.id {
            shadowed[KindName(loser.kind.interface, loser.fullName)] = winner.plugin.id
        }
    }

    /// The kind of a short or full name.
    ///
    /// - Throws: ``UnknownKind``, which says why when a plugin that is not ready would provide it.
    package func resolve(_ interface: InterfaceID, _ name: String) throws(UnknownKind) -> ResolvedKind {
        if let kind = kinds[KindName(interface, name)] { return kind }
        let claimant = plugins.first { status in
            status.manifest?.provides.contains {
                $0.interface == interface && ([$0.id] + $0.aliases + ["\(status.name)/\($0.id)"]).contains(name)
            } ?? false
        }
        let known = Set(kinds.keys.filter { $0.interface == interface && !$0.name.contains("/") }.map(\.name))
        throw UnknownKind(interface: interface, name: name, claimant: claimant, known: known.sorted())
    }
}

/// No ready plugin provides a kind of this name.
package struct UnknownKind: ArenaError {
    package let interface: InterfaceID
    package let name: String
    /// A plugin that would provide it and is not ready.
    package let claimant: PluginStatus?
    /// The names that would work.
    package let known: [String]

    package var code: String { claimant == nil ? "kind.unknown" : "kind.not_ready" }
    package var category: ErrorCategory { claimant == nil ? .notFound : .failedPrecondition }

    package var message: String {
        let what = interface.words
        guard let claimant else { return "There is no \(what) \"\(name)\"." }
        return "The \(what) \"\(name)\" is not ready: its plugin \(claimant.name) is in state \(claimant.state.name)."
            + (claimant.failure.map { " \($0.message)" } ?? "")
    }

    package var hint: String? {
        if let claimant { return claimant.failure?.hint ?? "Wait a moment and try again." }
        return known.isEmpty
            ? "No plugin provides one: see `arena plugin list`." : "There are: \(known.joined(separator: ", "))."
    }
}

extension InterfaceID {
    /// For sentences: `scorer`, `job kind`.
    var words: String {
        switch self {
        case .scorer: "scorer"
        case .scorerAggregate: "aggregate scorer"
        case .rubric: "rubric"
        case .jobKind: "job kind"
        case .laneCodec, .laneEngine: "lane type"
        case .exporter: "exporter"
        default: description
        }
    }
}
