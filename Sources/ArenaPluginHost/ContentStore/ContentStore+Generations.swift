import ArenaCore
import ArenaJSON
import Glibc

extension ContentStore {
    /// What is stored, sorted by plugin id, then by time.
    package func generations() throws(PluginError) -> [StoredGeneration] {
        guard let directory = try? FileDescriptor.directory(path) else { return [] }
        return try list(directory).sorted { ($0.id ?? "~", $0.storedAt ?? "") < ($1.id ?? "~", $1.storedAt ?? "") }
    }

    /// Removes every generation that is neither in `keep` nor held by a process, and what crashed copies left behind.
    ///
    /// - Returns: What was removed.
    package func prune(keeping keep: Set<String>) throws(PluginError) -> [StoredGeneration] {
        guard let directory = try? FileDescriptor.directory(path) else { return [] }
        return try writing(path) { () throws(SystemFailure) in
            let lock = try FileLock(exclusiveFile: Self.guardName, in: directory)
            var removed: [StoredGeneration] = []
            for case let name? in try directory.names() {
                if name.hasPrefix(Self.incoming) || name.hasPrefix(Self.outgoing) {
                    try removeIfFree(name, in: directory)
                } else if ContentHash.isWellFormed(name), !keep.contains(name) {
                    let generation = describe(name, in: directory)
                    if try removeIfFree(name, in: directory) { removed.append(generation) }
                }
            }
            lock.release()
            return removed
        }
    }

    private func list(_ directory: borrowing FileDescriptor) throws(PluginError) -> [StoredGeneration] {
        var found: [StoredGeneration] = []
        for case let name? in try reading(path, { () throws(SystemFailure) in try directory.names() })
        where ContentHash.isWellFormed(name) {
            found.append(describe(name, in: directory))
        }
        return found
    }

    /// Whether it was free and is gone. Renamed first: nobody finds half of it.
    @discardableResult
    private func removeIfFree(_ name: String, in directory: borrowing FileDescriptor) throws(SystemFailure) -> Bool {
        let folder = try directory.open(name, O_RDONLY | O_DIRECTORY)
        guard let lock = try FileLock(LOCK_EX, ifFree: folder) else { return false }
        let aside = Self.outgoing + String(Identifier.random().prefix(16))
        try directory.rename(name, to: aside)
        try directory.removeTree(aside)
        if ContentHash.isWellFormed(name) { try? directory.remove(noteName(name)) }
        lock.release()
        return true
    }

    private func describe(_ hash: String, in directory: borrowing FileDescriptor) -> StoredGeneration {
        let bytes = try? directory.open(noteName(hash)).contents(limit: 4096)
        let note = bytes.flatMap { try? JSONValue(parsing: $0) }
        return StoredGeneration(
            hash: hash, id: note?["id"]?.string, version: note?["version"]?.string,
            storedAt: note?["stored_at"]?.string, isInUse: isHeld(hash, in: directory))
    }

    private func isHeld(_ hash: String, in directory: borrowing FileDescriptor) -> Bool {
        guard let folder = try? directory.open(hash, O_RDONLY | O_DIRECTORY) else { return false }
        let isFree = flock(folder.raw, LOCK_EX | LOCK_NB) == 0
        return !isFree
    }

    /// Says whose the folder is, beside it: the folder itself holds the plugin's files and nothing else.
    func writeNote(
        _ manifest: PluginManifest, _ content: PluginContent, in directory: borrowing FileDescriptor
    ) throws(PluginError) {
        let note: JSONValue = [
            "id": .string(manifest.id), "version": .string(manifest.version),
            "stored_at": .string(clock.now().description),
        ]
        try writing(path) { () throws(SystemFailure) in
            try AtomicFile.replace(noteName(content.hash), in: directory, with: note.bytes(.pretty))
        }
    }

    private func noteName(_ hash: String) -> String { "\(hash).json" }
}
