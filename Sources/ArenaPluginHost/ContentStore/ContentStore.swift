package import ArenaCore
import Glibc

/// The folder `store/` of the Arena home: one read-only folder for each content, named by its hash; everything is
/// loaded from there.
///
/// A folder appears whole, by a rename, and never changes afterwards, so a new version is a path beside the old one.
/// Any number of processes and threads may use one store. All functions block.
package final class ContentStore: Sendable {
    /// Taken for the moments in which folders appear or vanish.
    static let guardName = ".guard"
    static let incoming = ".incoming-"
    static let outgoing = ".outgoing-"

    package let path: String
    let digests: FileDigestCache
    let limits: PluginLimits
    let clock: any WallClock

    package init(
        path: String, digests: FileDigestCache = FileDigestCache(), limits: PluginLimits = PluginLimits(),
        clock: any WallClock = SystemClock()
    ) {
        self.path = path
        self.digests = digests
        self.limits = limits
        self.clock = clock
    }

    /// Copies a candidate's files into the store, unless they are there already; a damaged copy is replaced.
    ///
    /// The bytes that are copied are the bytes that are hashed, so what is stored is what was examined, whatever
    /// happens to the files meanwhile.
    ///
    /// - Throws: `plugin.hash_mismatch` when a file is not the one that was examined, `plugin.unreadable`,
    ///   `plugin.storage_failed`.
    package func store(
        _ manifest: PluginManifest, _ content: PluginContent, from location: PluginLocation
    ) throws(PluginError) -> StoredPlugin {
        let directory = try writing(path) { () throws(SystemFailure) in
            try AtomicFile.makeDirectories(path)
            return try FileDescriptor.directory(path)
        }
        if case .sound(let stored) = try inspect(content.hash, in: directory) { return stored }
        let staging = Self.incoming + String(Identifier.random().prefix(16))
        let folder = try makeStaging(staging, in: directory)
        do throws(PluginError) {
            try ContentCopy(content: content, location: location, limits: limits).run(
                into: folder.descriptor, path: path)
            try writeNote(manifest, content, in: directory)
            return try publish(staging, folder, content, in: directory)
        } catch {
            try? directory.removeTree(staging)
            throw error
        }
    }

    /// Opens a stored generation after checking its bytes; what has not changed since it was last checked is not read.
    ///
    /// - Throws: `plugin.not_stored`; `plugin.hash_mismatch` when the copy is damaged.
    package func open(_ hash: String) throws(PluginError) -> StoredPlugin {
        let missing = PluginError(
            .notStored, "The store has no generation \(hash.prefix(12)).", hint: "Install that version again.")
        guard ContentHash.isWellFormed(hash), let directory = try? FileDescriptor.directory(path) else { throw missing }
        switch try inspect(hash, in: directory) {
        case .sound(let stored): return stored
        case .absent: throw missing
        case .damaged(let why):
            throw PluginError(
                .hashMismatch, "The stored copy \(path)/\(hash) is damaged: \(why).",
                hint: "Start Arena with the plugin's files in place: it is stored anew.")
        }
    }

    /// Reads the manifest of a stored generation, as the scanner read it from the original files.
    package func manifest(of stored: StoredPlugin, isFirstParty: Bool) throws(PluginError) -> PluginManifest {
        let folder = try reading(stored.path) { () throws(SystemFailure) in
            try FileDescriptor.open(stored.path, O_RDONLY | O_DIRECTORY)
        }
        let names = Set(stored.content.entries.map(\.path))
        let loneLibrary = names.count == 1 ? names.first.flatMap { PluginReader.isLibraryName($0) ? $0 : nil } : nil
        let document =
            if let loneLibrary {
                try ManifestDocument(inLibrary: loneLibrary, of: folder, path: "\(stored.path)/\(loneLibrary)")
            } else {
                try ManifestDocument(inFolder: folder, names: names, path: stored.path, limits: limits)
            }
        return try PluginManifest(document, isFirstParty: isFirstParty)
    }

    enum Inspection {
        case absent
        case damaged(String)
        case sound(StoredPlugin)
    }

    /// Takes hold of a generation and checks its bytes.
    func inspect(_ hash: String, in directory: borrowing FileDescriptor) throws(PluginError) -> Inspection {
        let shown = "\(path)/\(hash)"
        guard let hold = try hold(hash, in: directory) else { return .absent }
        do throws(PluginError) {
            let folder = try reading(shown) { () throws(SystemFailure) in
                try directory.open(hash, O_RDONLY | O_DIRECTORY)
            }
            let rule = OwnershipRule(groups: SystemGroups())
            let listing = try FolderListing(folder: folder, displayPath: shown, rule: rule, limits: limits)
            let content = try PluginContent(of: listing, in: folder, displayPath: shown, digests: digests)
            guard content.hash == hash else { return .damaged("its bytes have the hash \(content.hash.prefix(12))") }
            return .sound(StoredPlugin(hash: hash, path: shown, content: content, hold: hold))
        } catch {
            guard error.reason != .unreadable else { throw error }
            return .damaged(error.message)
        }
    }

    /// `nil` when there is no such generation, or it is just being removed.
    private func hold(
        _ hash: String, in directory: borrowing FileDescriptor
    ) throws(PluginError) -> GenerationHold? {
        do throws(SystemFailure) {
            let folder = try directory.open(hash, O_RDONLY | O_DIRECTORY)
            let inode = try folder.status().inode
            let lock = try FileLock(LOCK_SH, folder)
            // Between opening and locking it may have been taken away.
            guard try directory.status(of: hash).inode == inode else { return nil }
            return GenerationHold(lock)
        } catch {
            guard error.errno != ENOENT else { return nil }
            throw error.whileReading("\(path)/\(hash)")
        }
    }

    /// Makes a folder to copy into, locked, so that no other process takes it for a leftover.
    private func makeStaging(
        _ name: String, in directory: borrowing FileDescriptor
    ) throws(PluginError) -> FileLock {
        try writing(path) { () throws(SystemFailure) in
            let lock = try FileLock(exclusiveFile: Self.guardName, in: directory)
            try directory.makeDirectory(name, permissions: 0o700)
            let folder = try FileLock(LOCK_EX, directory.open(name, O_RDONLY | O_DIRECTORY))
            lock.release()
            return folder
        }
    }

    /// Gives a finished copy its name; what another process stored meanwhile counts, unless it is damaged.
    private func publish(
        _ staging: String, _ folder: consuming FileLock, _ content: PluginContent,
        in directory: borrowing FileDescriptor
    ) throws(PluginError) -> StoredPlugin {
        let hash = content.hash
        let lock = try writing(path) { () throws(SystemFailure) in
            try FileLock(exclusiveFile: Self.guardName, in: directory)
        }
        let existing = try inspect(hash, in: directory)
        if case .sound(let stored) = existing {
            try? directory.removeTree(staging)
            return stored
        }
        try writing(path) { () throws(SystemFailure) in
            if case .damaged = existing {
                let aside = Self.outgoing + String(Identifier.random().prefix(16))
                try directory.rename(hash, to: aside)
                try? directory.removeTree(aside)
            }
            try directory.rename(staging, to: hash)
            try directory.sync()
            try folder.share()
        }
        lock.release()
        return StoredPlugin(hash: hash, path: "\(path)/\(hash)", content: content, hold: GenerationHold(folder))
    }
}
