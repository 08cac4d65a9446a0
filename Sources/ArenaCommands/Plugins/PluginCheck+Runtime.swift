import ArenaPluginConformance
import ArenaPluginHost
import ArenaRuntime

extension ArenaRuntime {
    /// The examination of plugins, with this runtime's children.
    func makePluginCheck() -> PluginCheck {
        let registry = registry
        return PluginCheck(loader: loader, threads: threads, workFolder: scratch.path + "/check") { document in
            // Only a plugin of documents needs others to be looked at.
            if let reader = await registry.snapshot.reader(of: document) { return reader }
            await registry.refresh()
            return await registry.snapshot.reader(of: document)
        }
    }
}
