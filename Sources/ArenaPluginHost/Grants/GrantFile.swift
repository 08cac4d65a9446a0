import Glibc

/// `plugins.lock` in the Arena home: read and changed as a whole, by any number of processes.
///
/// Writing goes through a new file (mode 0600, synced, renamed), under a lock held in `.plugins.lock.guard`. A file
/// that cannot be understood is an error for reader and writer alike; it is never overwritten. All functions block.
package struct GrantFile: Sendable {
    static let name = "plugins.lock"
    private static let guardName = ".plugins.lock.guard"
    private static let largest: UInt64 = 16 << 20

    private let home: String
    package var path: String { "\(home)/\(Self.name)" }

    /// - Parameter home: `ARENA_HOME`; made by the first change if it is missing.
    package init(home: String) {
        self.home = home.count > 1 && home.hasSuffix("/") ? String(home.dropLast()) : home
    }

    /// What the file says now; a missing file says nothing is granted.
    ///
    /// - Throws: `plugin.lock_invalid`; `plugin.unsafe_permissions` when others could have written it.
    package func read() throws(PluginError) -> PluginLock {
        let directory: FileDescriptor
        do throws(SystemFailure) { directory = try FileDescriptor.directory(home) } catch {
            guard error.errno != ENOENT else { return PluginLock() }
            throw error.whileReading(home)
        }
        return try read(in: directory)
    }

    /// Changes the file. Nothing is written when `body` throws or changes nothing.
    ///
    /// - Throws: As ``read()``; `plugin.storage_failed`; what `body` throws.
    @discardableResult
    package func update<Result>(
        _ body: (inout PluginLock) throws(PluginError) -> Result
    ) throws(PluginError) -> Result {
        let directory = try writing(home) { () throws(SystemFailure) in
            try AtomicFile.makeDirectories(home)
            return try FileDescriptor.directory(home)
        }
        let lock = try writing("\(home)/\(Self.guardName)") { () throws(SystemFailure) in
            try FileLock(exclusiveFile: Self.guardName, in: directory)
        }
        let before = try read(in: directory)
        var after = before
        let result = try body(&after)
        if after != before {
            try writing(path) { () throws(SystemFailure) in
                try AtomicFile.replace(Self.name, in: directory, with: after.fileText)
            }
        }
        lock.release()
        return result
    }

    private func read(in directory: borrowing FileDescriptor) throws(PluginError) -> PluginLock {
        let found: (status: FileStatus, bytes: [UInt8])
        do throws(SystemFailure) {
            let file = try directory.open(Self.name)
            let status = try file.status()
            guard status.kind == .file else { throw SystemFailure("open", errno: ELOOP) }
            found = (status, try file.contents(limit: Self.largest))
        } catch {
            switch error.errno {
            case ENOENT: return PluginLock()
            case ELOOP: throw PluginLock.invalid(path, "it is a link, or no file")
            case EFBIG: throw PluginLock.invalid(path, "it has more than 16 MiB")
            default: throw error.whileReading(path)
            }
        }
        try OwnershipRule(groups: SystemGroups()).check(found.status, path: path)
        return try PluginLock(fileText: found.bytes, path: path)
    }
}
