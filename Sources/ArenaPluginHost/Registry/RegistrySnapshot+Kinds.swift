package import ArenaCore

/// Who answers to which kind.
extension RegistrySnapshot {
    /// Enters the kinds of the ready plugins.
    ///
    /// A short name belongs to the first plugin that provides it, in the order of ``plugins``, unless `preferred` (short
    /// name to plugin id) chooses another; the full name `plugin/kind` always works, and so does `plugin/alias`.
    mutating func enterKinds(preferred: [String: String]) {
        kinds = [:]
        shadowed = [:]
        for plugin in ready {
            for kind in plugin.manifest.provides where kind.isSupported {
                let resolved = ResolvedKind(plugin: plugin, kind: kind)
                kinds[KindName(kind.interface, resolved.fullName)] = resolved
                for alias in kind.aliases {
                    let key = KindName(kind.interface, "\(plugin.id)/\(alias)")
                    // A kind's own id comes before another's alias.
                    if kinds[key] == nil { kinds[key] = resolved }
                }
                for name in [kind.id] + kind.aliases { enter(name, resolved, preferred) }
            }
        }
    }

    /// Notes each choice of `plugins.prefer` that chooses nothing, which is nearly always a misspelled one.
    mutating func checkPreferences(_ preferred: [String: String]) {
        // What is still being copied may be the plugin that is meant.
        guard !plugins.contains(where: { $0.state == .settling }) else { return }
        for (name, id) in preferred.sorted(by: { $0.key < $1.key }) {
            let providers = plugins.filter { $0.provides(name) }.map(\.name)
            guard !providers.contains(id) else { continue }
            let what =
                plugins.contains { $0.name == id } ? "the plugin \(id) provides no" : "there is no plugin \(id) for"
            problems.append(
                Failure(
                    code: "configuration.bad_value", category: .failedPrecondition,
                    message: "plugins.prefer.\(name): \(what) \(name).",
                    hint: providers.isEmpty
                        ? "No plugin provides \(name): `arena plugin list` shows the kinds that there are."
                        : "These plugins provide \(name): \(providers.joined(separator: ", "))."))
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

    /// Who reads a document, by its ending: the first ready plugin whose kind says so.
    package func reader(of document: String) -> ResolvedKind? {
        for plugin in ready {
            for kind in plugin.manifest.provides where kind.interface == .rubric {
                if kind.reads.contains(where: document.hasSuffix) { return ResolvedKind(plugin: plugin, kind: kind) }
            }
        }
        return nil
    }

    /// The kind of a short or full name; `nil` when no ready plugin provides it.
    package func kind(_ interface: InterfaceID, _ name: String) -> ResolvedKind? { kinds[KindName(interface, name)] }

    /// The kind of a short or full name.
    ///
    /// - Throws: ``UnknownKind``, which says why when a plugin that is not ready would provide it.
    package func resolve(_ interface: InterfaceID, _ name: String) throws(UnknownKind) -> ResolvedKind {
        if let kind = kind(interface, name) { return kind }
        let claimant = plugins.first { status in
            status.manifest?.provides.contains { kind in
                kind.interface == interface
                    && ([kind.id] + kind.aliases).contains { $0 == name || "\(status.name)/\($0)" == name }
            } ?? false
        }
        // A reader of rubrics is none itself.
        let usable = kinds.filter { $0.key.interface == interface && $0.value.kind.reads.isEmpty }
        let known = Set(usable.keys.map(\.name).filter { !$0.contains("/") })
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

    /// The same of two interfaces that are one to the user: lane types are engines and codecs.
    package func joined(_ other: UnknownKind) -> UnknownKind {
        UnknownKind(
            interface: claimant == nil ? other.interface : interface, name: name, claimant: claimant ?? other.claimant,
            known: Set(known + other.known).sorted())
    }

    /// Why the kind of this name cannot be used, though its plugin can.
    private var unusable: String? {
        claimant?.manifest?.provides.first {
            $0.interface == interface && ($0.id == name || "\(claimant?.name ?? "")/\($0.id)" == name)
        }?.unsupportedReason
    }

    package var code: String { claimant == nil ? "kind.unknown" : "kind.not_ready" }
    package var category: ErrorCategory { claimant == nil ? .notFound : .failedPrecondition }

    package var message: String {
        let what = interface.words
        if let unusable { return "The \(what) \"\(name)\" cannot be used: \(unusable)" }
        // Why a lane is unreachable is said without a hint.
        let isLane = interface == .laneEngine || interface == .laneCodec
        guard let claimant else {
            return "There is no \(what) \"\(name)\""
                + (isLane && !known.isEmpty ? "; there are: \(known.joined(separator: ", "))" : "") + "."
        }
        return "The \(what) \"\(name)\" is not ready: its plugin \(claimant.name) is in state \(claimant.state.name)."
            + (claimant.failure.map { " \($0.message)" } ?? "")
    }

    package var hint: String? {
        if unusable != nil { return "Mend or remove it; it is seen at once." }
        if let claimant { return claimant.failure?.hint ?? "Wait a moment and try again." }
        return known.isEmpty
            ? "No plugin provides one: see `arena plugin list`." : "There are: \(known.joined(separator: ", "))."
    }
}

extension PluginStatus {
    /// Whether it provides a kind of this short name or alias, of any interface.
    fileprivate func provides(_ name: String) -> Bool {
        manifest?.provides.contains { ([$0.id] + $0.aliases).contains(name) } ?? false
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
