import Glibc

extension PluginDirectory {
    /// The folder plugins that come with Arena: `../share/arena/plugins` of an installation, else `Plugins` of the
    /// checkout that the executable was built in, of which the folders with a `plugin.yaml` count. Blocks.
    ///
    /// - Returns: `nil` where there is neither.
    package func folderPlugins() -> PluginDirectory? {
        guard case .bundled(let owner) = origin else { return nil }
        var candidates: [String] = []
        var folder = path[...]
        if let slash = folder.lastIndex(of: "/") { candidates.append(folder[..<slash] + "/share/arena/plugins") }
        while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            folder = folder[..<slash]
            if access(folder + "/Package.swift", R_OK) == 0 { candidates.append(folder + "/Plugins") }
        }
        guard let found = candidates.first(where: { access($0, R_OK | X_OK) == 0 }) else { return nil }
        return PluginDirectory(path: found, origin: .bundledFolders(executableOwner: owner))
    }
}
