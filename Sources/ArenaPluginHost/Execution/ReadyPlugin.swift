import ArenaCore

/// One generation of a plugin that has passed its probe: what new work runs with.
///
/// A later generation never changes this one: its files lie in a folder named by their hash and are read-only.
package struct ReadyPlugin: Hashable, Sendable {
    package let manifest: PluginManifest
    /// Of the whole folder: its identity.
    package let sha256: String
    /// The folder in the content store.
    package let folder: String
    /// `nil` for a plugin without native code.
    package let library: String?
    package let isFirstParty: Bool
    /// Whether the grant lets it run in the host.
    package let mayRunInHost: Bool
    /// What the kernel gave when it was probed.
    package let sandbox: SandboxReport

    package var id: String { manifest.id }

    /// Whether there is anything to run.
    package var hasCode: Bool { library != nil || manifest.provides.contains { $0.foreign != nil } }

    package init(
        manifest: PluginManifest, sha256: String, folder: String, library: String?, isFirstParty: Bool,
        mayRunInHost: Bool, sandbox: SandboxReport
    ) {
        self.manifest = manifest
        self.sha256 = sha256
        self.folder = folder
        self.library = library
        self.isFirstParty = isFirstParty
        self.mayRunInHost = mayRunInHost
        self.sandbox = sandbox
    }

    /// Where calls of a kind run.
    ///
    /// In the host only scorers, rubrics and lane codecs do, of a plugin that may and that asks for no service which could block.
    ///
    /// A function without Arena code runs there only when its manifest asks for it too: a wrong signature is undefined
    /// behaviour. A program never does.
    package func isolation(of kind: ProvidedKind) -> Isolation {
        switch kind.foreign {
        case .program: return .child
        case .function where kind.capabilities.isolation != .host: return .child
        case .function, nil: break
        }
        guard [.scorer, .rubric, .laneCodec].contains(kind.interface), isFirstParty || mayRunInHost,
            kind.capabilities.isolation != .child
        else {
            return .child
        }
        let blocking = manifest.services.contains { !["arena.clock", "arena.random"].contains($0.id.name) }
        return blocking ? .child : .host
    }
}

/// A kind and the plugin that provides it.
package struct ResolvedKind: Hashable, Sendable {
    package let plugin: ReadyPlugin
    package let kind: ProvidedKind

    package init(plugin: ReadyPlugin, kind: ProvidedKind) {
        self.plugin = plugin
        self.kind = kind
    }

    /// `text/exact_match`.
    package var fullName: String { "\(plugin.id)/\(kind.id)" }
}

extension ReadyPlugin {
    func with(sandbox: SandboxReport) -> Self {
        Self(
            manifest: manifest, sha256: sha256, folder: folder, library: library, isFirstParty: isFirstParty,
            mayRunInHost: mayRunInHost, sandbox: sandbox)
    }
}
