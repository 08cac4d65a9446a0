package import ArenaCore

/// How far a plugin has come on its way from a file to running.
package enum PluginState: Hashable, Sendable {
    /// Still being copied.
    case settling
    /// Listed; runs once it is granted.
    case needsGrant(GrantRequest)
    /// Switched off by the user.
    case disabled(Failure)
    /// Being stored and probed.
    case checking
    case ready(ReadyPlugin)
    /// It crashed too often; `arena plugin retry` lets it run again.
    case parked(ReadyPlugin, reason: String)
    /// Unusable as it is: the reason and the cure.
    case broken(Failure)
    /// Not used for the sake of safety or order, whatever is in it.
    case refused(Failure)

    /// Whether it becomes something else by itself.
    package var isPassing: Bool {
        switch self {
        case .settling, .checking: true
        default: false
        }
    }

    /// The word that lists show.
    package var name: String {
        switch self {
        case .settling: "settling"
        case .needsGrant: "needs grant"
        case .disabled: "disabled"
        case .checking: "checking"
        case .ready: "ready"
        case .parked: "parked"
        case .broken: "broken"
        case .refused: "refused"
        }
    }
}

/// A plugin as it is listed.
package struct PluginStatus: Hashable, Sendable {
    /// The id, or the file's name while no manifest could be read.
    package var name: String
    package var location: PluginLocation
    /// `nil` while it could not be read.
    package var manifest: PluginManifest?
    /// What its files are; `nil` while they could not be read.
    package var content: PluginContent?
    package var isGranted: Bool
    /// The id that its manifest gives, where another plugin has it.
    package var takenID: String?
    package var state: PluginState

    /// The identity of its files.
    package var sha256: String? { content?.hash }

    /// Why it is not ready, and what to do; `nil` when it is or is on its way.
    package var failure: Failure? {
        switch state {
        case .settling, .checking, .ready: nil
        case .needsGrant(let request):
            Failure(
                code: "plugin.needs_grant", category: .permissionDenied,
                message: "The plugin \(name) \(request.summary).",
                hint: "If you trust it: arena plugin trust \(name)")
        case .disabled(let failure), .broken(let failure), .refused(let failure): failure
        case .parked(_, let reason): Failure(PluginFault(.parked(reason: reason), plugin: name))
        }
    }
}

/// Everything that is registered at one moment.
package struct RegistrySnapshot: Sendable {
    /// Raised by each change.
    package var generation: UInt64 = 0
    /// In the order of the directories, then by name.
    package var plugins: [PluginStatus] = []
    /// Directories that could not be read, grants and preferences that cannot be followed.
    package var problems: [Failure] = []
    /// Kinds that may be used by their short name, by interface and name or alias.
    var kinds: [KindName: ResolvedKind] = [:]
    /// Kinds whose short name another plugin holds: the holder's id, by interface and full name.
    package var shadowed: [KindName: String] = [:]

    package struct KindName: Hashable, Sendable {
        package let interface: InterfaceID
        package let name: String

        package init(_ interface: InterfaceID, _ name: String) {
            self.interface = interface
            self.name = name
        }
    }

    /// The ready plugins.
    package var ready: [ReadyPlugin] {
        plugins.compactMap { if case .ready(let plugin) = $0.state { plugin } else { nil } }
    }

    package func plugin(_ name: String) -> PluginStatus? { plugins.first { $0.name == name } }
}
