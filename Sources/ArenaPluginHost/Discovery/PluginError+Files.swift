import ArenaCore

extension PluginError {
    /// A file in a plugin directory that is neither a folder nor a library.
    static func noPlugin(_ path: String) -> PluginError {
        PluginError(
            .manifestMissing, "\(path) is no plugin: a plugin is a folder with a plugin.yaml, or a shared library.",
            hint: "Unpack it if it is an archive; else remove it.")
    }

    /// A path that a person gave and that leads nowhere.
    static func absent(_ path: String) -> PluginError {
        PluginError(.manifestMissing, "\(path) does not exist.", hint: "Check the path.")
    }

    /// What a library's note cannot be read for.
    init(_ problem: ElfManifest.Problem, path: String) {
        switch problem {
        case .notElf:
            self.init(.libraryInvalid, "\(path) is no ELF file.", hint: "Build it again; the copy may be cut short.")
        case .notThisPlatform:
            self.init(
                .unsupportedPlatform, "\(path) is built for another processor; this is \(Platform.current).",
                hint: "Build it for \(Platform.current).")
        case .notASharedLibrary:
            self.init(.libraryInvalid, "\(path) is no shared library.", hint: "Link it with -shared.")
        case .malformed(let what):
            self.init(
                .libraryInvalid, "\(path) is a damaged ELF file: it contradicts itself in \(what).",
                hint: "Build it again; the copy may be cut short.")
        case .missing:
            self.init(
                .manifestMissing, "\(path) carries no manifest.",
                hint: "Add ARENA_MANIFEST (arena/manifest.h) to it, or put it in a folder with a plugin.yaml.")
        case .duplicate:
            self.init(.manifestInvalid, "\(path) carries two manifests.", hint: "Use ARENA_MANIFEST once.")
        case .manifestTooLarge(let size):
            self.init(.manifestInvalid, "The manifest in \(path) has \(ByteCount(size)), more than 256 KiB.")
        case .notUTF8:
            self.init(.manifestInvalid, "The manifest in \(path) is not UTF-8.")
        case .unreadable(let code):
            self = SystemFailure("read", errno: code).whileReading(path)
        }
    }
}
