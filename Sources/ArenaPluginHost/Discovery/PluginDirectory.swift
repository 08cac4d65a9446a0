import Glibc

/// A directory in which each folder and each library is a plugin.
package struct PluginDirectory: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// Beside the running executable, whose owner is given: its plugins are first-party. Only libraries that carry
        /// a manifest count; everything else there is no business of Arena's.
        case bundled(executableOwner: UInt32)
        /// The first-party plugins that are folders: only a folder with a `plugin.yaml` counts, since in a checkout the
        /// sources of the others lie beside them.
        case bundledFolders(executableOwner: UInt32)
        /// `ARENA_HOME/plugins`; may be missing.
        case home
        /// Named in the configuration; one that is missing is reported.
        case configured
        /// The rubrics that come with Arena, whose executable's owner is given: the folder itself is a plugin.
        case bundledRubrics(executableOwner: UInt32)
        /// `ARENA_HOME/rubrics`, likewise; may be missing. Its files are the user's own and hold no code: they need no
        /// grant.
        case homeRubrics
    }

    package var path: String
    package var origin: Origin

    package init(path: String, origin: Origin) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.origin = origin
    }

    package var isBundled: Bool {
        switch origin {
        case .bundled, .bundledFolders: true
        case .home, .configured, .bundledRubrics, .homeRubrics: false
        }
    }

    /// Whether the directory itself is one plugin, made of nothing but rubrics.
    package var holdsRubrics: Bool {
        switch origin {
        case .bundledRubrics, .homeRubrics: true
        case .bundled, .bundledFolders, .home, .configured: false
        }
    }

    /// The directory of the running executable, from `/proc/self/exe`; `nil` when that cannot be read. Blocks.
    package static func bundled() -> PluginDirectory? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        var status = stat()
        guard count > 0, count < buffer.count, stat("/proc/self/exe", &status) == 0 else { return nil }
        let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let slash = path.lastIndex(of: "/") else { return nil }
        return PluginDirectory(
            path: slash == path.startIndex ? "/" : String(path[..<slash]),
            origin: .bundled(executableOwner: status.st_uid))
    }
}

/// Where a plugin was found.
package struct PluginLocation: Hashable, Sendable {
    package var directory: PluginDirectory
    /// The name of the folder or library in its directory.
    package var name: String

    /// The name of a directory that is a plugin itself.
    static let itself = "."

    package var path: String {
        if name == Self.itself { return directory.path }
        return directory.path == "/" ? "/\(name)" : "\(directory.path)/\(name)"
    }

    /// The name of the folder or library, for people.
    package var listedName: String {
        guard name == Self.itself else { return name }
        return directory.path.split(separator: "/").last.map(String.init) ?? "/"
    }

    /// Whether it came with Arena.
    package var isFirstParty: Bool {
        switch directory.origin {
        case .bundled, .bundledFolders, .bundledRubrics: true
        case .home, .configured, .homeRubrics: false
        }
    }

    /// Whether it runs without a grant: what came with Arena, and the user's own rubrics.
    package var needsNoGrant: Bool { isFirstParty || directory.holdsRubrics }

    package init(directory: PluginDirectory, name: String) {
        self.directory = directory
        self.name = name
    }
}
