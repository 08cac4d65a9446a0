import ArenaPluginHost

/// Folders that come with Arena: `../share/arena/NAME` of an installation, else NAME of the checkout that the executable
/// was built in.
package enum BundledFolder {
    /// The path of a folder, found from `/proc/self/exe`; `nil` where there is none. Blocks.
    package static func path(_ name: String) -> String? {
        guard let executable = PluginDirectory.bundled() else { return nil }
        return Configuration.bundledFolders(name, besides: executable.path).first
    }
}
