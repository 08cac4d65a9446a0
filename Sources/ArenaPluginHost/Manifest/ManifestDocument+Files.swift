import ArenaCore
import Glibc

extension ManifestDocument {
    /// Finds and reads the manifest in an open plugin folder.
    ///
    /// - Parameters:
    ///   - names: What the folder holds at its top.
    ///   - path: The folder, for messages.
    /// - Throws: `plugin.manifest_missing`, `plugin.manifest_invalid`, `plugin.unreadable`.
    init(
        inFolder folder: borrowing FileDescriptor, names: Set<String>, path: String, limits: PluginLimits
    ) throws(PluginError) {
        let found = ["plugin.yaml", "plugin.json"].filter(names.contains)
        guard let name = found.first else {
            let misspelt = ["plugin.yml", "manifest.yaml", "manifest.yml", "manifest.json"].first(where: names.contains)
            throw PluginError(
                .manifestMissing, "\(path) has no plugin.yaml or plugin.json.",
                hint: misspelt.map { "Rename \($0) to plugin.\($0.hasSuffix("json") ? "json" : "yaml")." }
                    ?? "Write one (see docs/PLUGINS.md), or remove the folder.")
        }
        let shown = "\(path)/\(name)"
        let bytes = try reading(shown) { () throws(SystemFailure) -> [UInt8]? in
            let file = try folder.open(name)
            let status = try file.status()
            guard status.kind == .file, status.size <= limits.largestManifest.bytes else { return nil }
            return try file.contents(limit: limits.largestManifest.bytes)
        }
        guard let bytes else {
            throw PluginError(
                .manifestInvalid, "\(shown) is no file, or has more than \(limits.largestManifest).",
                hint: "Shorten it; a long schema can say less.")
        }
        try self.init(
            bytes, path: shown, form: name.hasSuffix(".yaml") ? .yaml : .json,
            notice: found.count > 1 ? "plugin.json is ignored beside plugin.yaml" : nil)
    }

    /// Reads the note of a lone library in an open directory.
    ///
    /// - Parameter path: The library, for messages.
    /// - Throws: `plugin.manifest_missing`, `plugin.manifest_invalid`, `plugin.library_invalid`,
    ///   `plugin.unsupported_platform`, `plugin.unreadable`.
    init(
        inLibrary name: String, of directory: borrowing FileDescriptor, path: String
    ) throws(PluginError) {
        guard PluginReader.isLibraryName(name) else { throw .noPlugin(path) }
        let file = try reading(path) { () throws(SystemFailure) in try directory.open(name) }
        let bytes: [UInt8]
        do throws(ElfManifest.Problem) { bytes = try ElfManifest.read(file) } catch {
            throw PluginError(error, path: path)
        }
        try self.init(bytes, path: path, form: .note(library: name))
    }
}
