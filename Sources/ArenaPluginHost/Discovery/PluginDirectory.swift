import Glibc

/// A directory in which each folder and each library is a plugin.
package struct PluginDirectory: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// Beside the running executable, whose owner is given: its plugins are first-party. Only libraries that carry
        /// a manifest count; everything else there is no business of Arena's.
        case bundled(executableOwner: UInt32)
        /// `ARENA_HOME/plugins`; may be missing.
        case home
        /// Named in the configuration; one that is missing is reported.
        case configured
    }

    package var path: String
    package var origin: Origin

    package init(path: String, origin: Origin) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.origin = origin
    }

    package var isBundled: Bool {
        if case .bundled = origin { true } else { false }
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

    package var path: String { directory.path == "/" ? "/\(name)" : "\(directory.path)/\(name)" }
    package var isFirstParty: Bool { directory.isBundled }

    package init(directory: PluginDirectory, name: String) {
        self.directory = directory
        self.name = name
    }
}
