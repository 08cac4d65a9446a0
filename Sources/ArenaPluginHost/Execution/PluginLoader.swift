import ArenaCore
package import ArenaPluginWire

/// Gets children that have a given plugin loaded.
package struct PluginLoader: Sendable {
    package let launcher: WorkerLauncher
    package var policy: SandboxPolicy
    /// How long loading may take.
    package static let loadLimit: Duration = .seconds(5)
    /// What a job or an engine may hold when its manifest says nothing.
    static let standardMemory = ByteCount.gibibytes(2)

    package init(launcher: WorkerLauncher, policy: SandboxPolicy = SandboxPolicy()) {
        self.launcher = launcher
        self.policy = policy
    }

    /// A child with the plugin loaded behind its fences. The caller owns it: dismiss or kill it.
    package func load(
        _ plugin: ReadyPlugin, for kind: ProvidedKind?
    ) async throws(PluginFault) -> (child: PluginChild, ready: Ready) {
        let child = try await launcher.take()
        do { return (child, try await load(plugin, for: kind, into: child, seed: 0)) } catch {
            child.kill()
            throw error
        }
    }

    /// Loads a kind's plugin into a child that has none yet.
    ///
    /// - Parameter seed: of `arena.random/1`.
    package func load(_ kind: ResolvedKind, into child: PluginChild, seed: UInt64) async throws(PluginFault) {
        _ = try await load(kind.plugin, for: kind.kind, into: child, seed: seed)
    }

    /// Starts a scorer without Arena code that is to be tried out.
    package func loadForProbe(
        _ plugin: ReadyPlugin, _ kind: ProvidedKind, into child: PluginChild
    ) async throws(PluginFault) -> Ready {
        try await load(plugin, for: kind, into: child, seed: 0, isProbe: true)
    }

    /// Loads a plugin that is not ready yet, to find out whether it is.
    func loadForProbe(_ plugin: ReadyPlugin, into child: PluginChild) async throws(PluginFault) -> Ready {
        try await load(plugin, for: nil, into: child, seed: 0)
    }

    private func load(
        _ plugin: ReadyPlugin, for kind: ProvidedKind?, into child: PluginChild, seed: UInt64,
        isProbe: Bool = false
    ) async throws(PluginFault) -> Ready {
        var foreign: ForeignLaunch?
        if let scorer = kind?.foreign {
            do throws(Failure) {
                foreign = try ForeignLaunch(scorer, folder: plugin.folder, isProbe: isProbe)
            } catch {
                throw PluginFault(.refused(error), plugin: plugin.id)
            }
        }
        guard let library = foreign == nil ? plugin.library : "" else {
            let failure = Failure(
                code: "plugin.no_library", category: .failedPrecondition,
                message: "Plugin \(plugin.id) has no native code to load.")
            throw PluginFault(.refused(failure), plugin: plugin.id)
        }
        let hello = policy.hello(
            for: plugin, library: library, kind: kind, scratch: child.scratch, seed: seed, foreign: foreign,
            isProbe: isProbe)
        if kind?.interface == .jobKind || kind?.interface == .laneEngine {
            child.limitMemory(to: kind?.capabilities.memory ?? Self.standardMemory)
        }
        do { return try await child.load(hello, within: Self.loadLimit) } catch { throw error.naming(plugin.id) }
    }
}
