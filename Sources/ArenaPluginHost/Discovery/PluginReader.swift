import ArenaCore
import Glibc

/// Reads one plugin: lists it, checks the safety rules, hashes it, and understands its manifest.
struct PluginReader {
    let rule: OwnershipRule
    let limits: PluginLimits
    let digests: FileDigestCache

    /// `libx.so` and versioned names such as `libx.so.1.2`.
    static func isLibraryName(_ name: String) -> Bool {
        name.hasSuffix(".so") || name.contains(".so.")
    }

    /// Lists the plugin with all safety rules checked; `nil` for what cannot be a bundled plugin.
    func list(_ location: PluginLocation, in directory: borrowing FileDescriptor) throws(PluginError) -> FolderListing?
    {
        let path = location.path
        let status = try reading(path) { () throws(SystemFailure) in try directory.status(of: location.name) }
        switch location.directory.origin {
        case .bundled where status.kind != .file: return nil
        case .bundledFolders where try !isFolderPlugin(location, status, in: directory): return nil
        default: break
        }
        switch status.kind {
        case .link:
            throw PluginError(
                .unsafeLink, "\(path) is a link; a plugin directory holds the files themselves.",
                hint: "Copy the plugin here, or name its directory under plugins.directories in arena.yaml.")
        case .other(let kind):
            throw PluginError(.unsafeFile, "\(path) is \(kind), not a plugin.", hint: "Remove it.")
        case .file:
            // Beside the executable lie foreign libraries: only one that is a plugin is judged.
            if location.directory.isBundled, try !hasNote(location, in: directory) { return nil }
            try rule.check(status, path: path)
            guard status.size <= limits.largestFile.bytes else {
                throw PluginError(
                    .tooLarge, "\(path) has \(ByteCount(status.size)), more than \(limits.largestFile).",
                    hint: "Keep large data outside the library.")
            }
            return FolderListing(library: location.name, status: status)
        case .directory:
            let folder = try reading(path) { () throws(SystemFailure) in
                try directory.open(location.name, O_RDONLY | O_DIRECTORY)
            }
            return try FolderListing(
                folder: folder, displayPath: path, rule: rule, limits: limits,
                leavesLinksOut: location.directory.holdsRubrics)
        }
    }

    /// Reads a listed plugin that has settled; `nil` for a bundled library without a manifest.
    func judge(
        _ location: PluginLocation, _ listing: FolderListing, in directory: borrowing FileDescriptor
    ) throws(PluginError) -> PluginCandidate? {
        let isFolder = listing.root.kind == .directory
        let source = isFolder ? location.path : location.directory.path
        let folder = try reading(location.path) { () throws(SystemFailure) in
            try directory.open(isFolder ? location.name : ".", O_RDONLY | O_DIRECTORY)
        }
        var id: String?
        do throws(PluginError) {
            let document =
                if location.directory.holdsRubrics {
                    try ManifestDocument(ofRubrics: location)
                } else if isFolder {
                    try ManifestDocument(
                        inFolder: folder, names: listing.topNames, path: location.path, limits: limits)
                } else {
                    try ManifestDocument(inLibrary: location.name, of: folder, path: location.path)
                }
            id = document.claimedID
            var manifest = try PluginManifest(document, isFirstParty: location.isFirstParty)
            if !manifest.rubrics.isEmpty {
                let rubrics = try RubricDocuments(
                    matching: manifest.rubrics, of: listing, in: folder, limits: limits, manifest: document)
                manifest = manifest.adding(rubrics)
            }
            // A folder of rubrics may be empty: then it is nothing yet.
            if location.directory.holdsRubrics, manifest.provides.isEmpty { return nil }
            try checkLibrary(manifest, listing, in: folder, path: source)
            let content = try PluginContent(of: listing, in: folder, displayPath: source, digests: digests)
            guard try list(location, in: directory) == listing else {
                throw PluginError(.changing, "\(location.path) changed while it was read.")
            }
            return PluginCandidate(location: location, id: id, outcome: .usable(manifest, content))
        } catch {
            return PluginCandidate(location: location, id: id, rejecting: error)
        }
    }

    private func isFolderPlugin(
        _ location: PluginLocation, _ status: FileStatus, in directory: borrowing FileDescriptor
    ) throws(PluginError) -> Bool {
        guard status.kind == .directory else { return false }
        return try reading(location.path) { () throws(SystemFailure) in
            let folder = try directory.open(location.name, O_RDONLY | O_DIRECTORY)
            do throws(SystemFailure) { return try folder.status(of: "plugin.yaml").kind == .file } catch {
                guard error.errno == ENOENT else { throw error }
                return false
            }
        }
    }

    private func hasNote(_ location: PluginLocation, in directory: borrowing FileDescriptor) throws(PluginError) -> Bool
    {
        let file = try reading(location.path) { () throws(SystemFailure) in try directory.open(location.name) }
        do throws(ElfManifest.Problem) {
            _ = try ElfManifest.read(file)
            return true
        } catch {
            switch error {
            case .duplicate, .manifestTooLarge, .notUTF8: return true
            default: return false
            }
        }
    }

    /// The library must be a file of the folder and a shared library for this processor; a note's is the file itself.
    private func checkLibrary(
        _ manifest: PluginManifest, _ listing: FolderListing, in folder: borrowing FileDescriptor, path: String
    ) throws(PluginError) {
        let foreign = manifest.provides.compactMap { $0.foreign?.ownLibrary }
        for library in Set(foreign + (manifest.library.map { [$0] } ?? [])).sorted() {
            try checkLibrary(
                library, listing, in: folder, path: path, isForeign: foreign.contains(library))
        }
    }

    private func checkLibrary(
        _ library: String, _ listing: FolderListing, in folder: borrowing FileDescriptor, path: String, isForeign: Bool
    ) throws(PluginError) {
        let shown = "\(path)/\(library)"
        let resolved = LinkCheck(entries: listing.entries, displayPath: path).resolve(library)
        guard let resolved, listing.entry(at: resolved)?.status.kind == .file else {
            throw PluginError(
                .libraryInvalid, "\(shown), the library that the manifest names, does not exist.",
                hint: isForeign
                    ? "Put it into the plugin's folder; of the system only "
                        + "\(ForeignScorer.systemLibraries.sorted().joined(separator: ", ")) may be called."
                    : "Build it, or correct `library` in the manifest.")
        }
        let file = try reading(shown) { () throws(SystemFailure) in try folder.open(descending: resolved) }
        do throws(ElfManifest.Problem) { try ElfManifest.checkLibrary(file) } catch {
            throw PluginError(error, path: shown)
        }
    }
}
