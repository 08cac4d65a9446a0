import ArenaPluginConformance
import ArenaPluginHost
import ArenaRuntime

extension ArenaRuntime {
    /// The examination of plugins, with this runtime's children.
    func makePluginCheck() -> PluginCheck {
        PluginCheck(loader: loader, threads: threads, workFolder: scratch.path + "/check")
    }
}
