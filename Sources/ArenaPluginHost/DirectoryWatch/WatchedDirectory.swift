/// A directory to watch, which may come into being later.
package struct WatchedDirectory: Hashable, Sendable {
    package enum Depth: Hashable, Sendable {
        /// All files and folders below, except top-level names that begin with a dot.
        case tree
        /// The shared libraries directly inside, and nothing else: for the directory of the executable.
        case librariesOnly
        /// One file directly inside.
        case only(String)
    }

    package var path: String
    package var depth: Depth

    package init(path: String, depth: Depth) {
        self.path = path
        self.depth = depth
    }

    package init(_ directory: PluginDirectory) {
        self.init(path: directory.path, depth: directory.isBundled ? .librariesOnly : .tree)
    }
}
