import ArenaCore
import ArenaPluginHost

/// A registry on a home of its own, with the bundled plugins and whatever lies in the home.
struct PluginHouse {
    let home: String
    let registry: PluginRegistry
    private let threads: PluginThreads
    private let loader: PluginLoader

    /// - Parameter plugins: the folder of further plugins; it exists.
    init(_ bench: Workbench, plugins: String) throws {
        home = try bench.makeFolder("home-" + Identifier.random())
        threads = PluginThreads(size: 2)
        loader = PluginLoader(launcher: try bench.launcher(spares: 0))
        guard let bundled = PluginDirectory.bundled() else {
            throw Workbench.Failure(description: "/proc/self/exe is unreadable.")
        }
        registry = PluginRegistry(
            PluginRegistry.Configuration(
                directories: [bundled, PluginDirectory(path: plugins, origin: .home)], home: home, trustsAll: true),
            loader: loader, scorers: ScorerExecutor(loader: loader, threads: threads), threads: threads)
    }

    /// The kind, once its plugin has settled and passed its probe.
    func kind(_ interface: InterfaceID, _ name: String) async throws -> ResolvedKind {
        for _ in 0..<20 {
            await registry.refresh()
            if let kind = try? await registry.resolve(interface, name) { return kind }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try await registry.resolve(interface, name)
    }

    func close() async {
        await registry.stop()
        await loader.launcher.stop()
        threads.stop()
    }
}

extension ResolvedKind {
    /// The same kind of a plugin that may run in the host.
    var inHost: ResolvedKind { with(mayRunInHost: true) }
    /// The same kind of a plugin that nobody allowed into the host.
    var inChild: ResolvedKind { with(mayRunInHost: false) }

    private func with(mayRunInHost: Bool) -> ResolvedKind {
        ResolvedKind(
            plugin: ReadyPlugin(
                manifest: plugin.manifest, sha256: plugin.sha256, folder: plugin.folder, library: plugin.library,
                isFirstParty: false, mayRunInHost: mayRunInHost, sandbox: plugin.sandbox),
            kind: kind)
    }
}
