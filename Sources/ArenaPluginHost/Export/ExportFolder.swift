package import ArenaCore
import ArenaJSON
import CLinux
import Crypto
import Glibc
import Synchronization

/// One file of a finished export.
package struct ExportedFile: Hashable, Sendable {
    package let name: String
    package let mediaType: String
    package let size: ByteCount
    package let sha256: String
    package let rows: UInt64
}

/// The folder that an export grows in, beside its target, until it is renamed to it as a whole.
///
/// All functions block. It is locked as long as it is in use, so that what a killed host left behind is told from the
/// work of another one and removed by the next export.
final class ExportFolder: Sendable {
    /// What marks a folder as made by an export: the report of it. Only such a folder is replaced.
    static let receipt = ".arena-export.json"
    private static let prefix = ".arena-export-"
    private static let suffix = ".partial"
    private static let mostReceipt: UInt64 = 16 << 20

    private let parent: FileDescriptor
    private let folder: FileDescriptor
    private let staging: String
    private let target: String
    private let path: String
    private let replaces: Bool
    private let isGone = Mutex(false)

    /// - Parameters:
    ///   - path: absolute; what is missing above it is made.
    ///   - replaces: whether an earlier export there may be replaced.
    init(target path: String, replaces: Bool) throws(ExportError) {
        self.path = path
        self.replaces = replaces
        guard let slash = path.lastIndex(of: "/"), path.index(after: slash) < path.endIndex else {
            throw ExportError(.foreignTarget(path: path))
        }
        target = String(path[path.index(after: slash)...])
        let above = slash == path.startIndex ? "/" : String(path[..<slash])
        staging = Self.prefix + String(Identifier.random().prefix(16)) + Self.suffix
        do throws(SystemFailure) {
            try AtomicFile.makeDirectories(above)
            parent = try FileDescriptor.directory(above)
        } catch { throw error.whileExporting(path) }
        do throws(SystemFailure) {
            // Nobody sweeps between the making of the folder and its lock.
            let turn = try FileLock(LOCK_EX, parent.open(".", O_RDONLY | O_DIRECTORY))
            Self.sweep(parent)
            try parent.makeDirectory(staging, permissions: 0o700)
            folder = try parent.open(staging, O_RDONLY | O_DIRECTORY)
            guard flock(folder.raw, LOCK_EX | LOCK_NB) == 0 else { throw SystemFailure("flock", errno: errno) }
            turn.release()
        } catch { throw error.whileExporting(path) }
        do throws(ExportError) { try checkTarget() } catch {
            discard()
            throw error
        }
    }

    deinit { discard() }

    /// Whether the target is free, or an earlier export that may go.
    private func checkTarget() throws(ExportError) {
        guard let status = try? parent.status(of: target) else { return }
        guard replaces else { throw ExportError(.exists(path: path)) }
        guard status.kind == .directory, let there = try? parent.open(target, O_RDONLY | O_DIRECTORY),
            let names = try? there.names(), names.isEmpty || names.contains(Self.receipt)
        else { throw ExportError(.foreignTarget(path: path)) }
    }

    /// Refuses to put nothing where an earlier export has rows, as its receipt says.
    func requireNoRowsToReplace() throws(ExportError) {
        guard let there = try? parent.open(target, O_RDONLY | O_DIRECTORY), let file = try? there.open(Self.receipt),
            let bytes = try? file.contents(limit: Self.mostReceipt), let receipt = try? JSONValue(parsing: bytes)
        else { return }
        for file in receipt["files"]?.array ?? [] where file["rows"]?.int ?? 0 > 0 {
            throw ExportError(.nothingFits(path: path))
        }
    }

    /// A new file of this folder, which is readable by this user alone until the folder is in place.
    func create(_ name: String, mediaType: String) throws(ExportError) -> ExportFolderFile {
        do throws(SystemFailure) {
            let file = try folder.open(name, O_WRONLY | O_CREAT | O_EXCL, permissions: 0o600)
            return ExportFolderFile(name, mediaType, file)
        } catch { throw error.whileExporting(path) }
    }

    /// Adds the receipt, makes all names durable and puts the folder in place, in one step. What it replaces is gone.
    func commit(receipt: JSONValue) throws(ExportError) {
        try checkTarget()
        do throws(SystemFailure) {
            let file = try folder.open(Self.receipt, O_WRONLY | O_CREAT | O_EXCL, permissions: 0o600)
            try file.write(receipt.bytes(.pretty))
            try file.sync()
            try folder.sync()
            var code = arena_linux_rename_new(parent.raw, staging, target)
            if code == EEXIST, replaces {
                code = arena_linux_rename_exchange(parent.raw, staging, target)
                // The old export now bears the temporary name.
                if code == 0 { try? parent.removeTree(staging) }
            }
            guard code == 0 else { throw SystemFailure("rename \(target)", errno: code) }
            isGone.withLock { $0 = true }
            try parent.sync()
        } catch {
            discard()
            throw error.errno == EEXIST ? ExportError(.exists(path: path)) : error.whileExporting(path)
        }
    }

    /// Removes it with all that is in it. A second time, or after ``commit(receipt:)``, it does nothing.
    func discard() {
        let isFirst = isGone.withLock { isGone in
            defer { isGone = true }
            return !isGone
        }
        if isFirst { try? parent.removeTree(staging) }
    }

    /// Removes what exports of hosts that were killed left here.
    private static func sweep(_ parent: borrowing FileDescriptor) {
        for case let name? in (try? parent.names()) ?? [] where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            guard let folder = try? parent.open(name, O_RDONLY | O_DIRECTORY),
                flock(folder.raw, LOCK_EX | LOCK_NB) == 0
            else { continue }
            try? parent.removeTree(name)
        }
    }
}

/// A file of an export while it is written. On one thread at a time.
final class ExportFolderFile: Sendable {
    let name: String
    private let mediaType: String
    private let file: FileDescriptor
    private let state = Mutex((hash: SHA256(), size: UInt64(0)))

    fileprivate init(_ name: String, _ mediaType: String, _ file: consuming FileDescriptor) {
        self.name = name
        self.mediaType = mediaType
        self.file = file
    }

    func append(_ bytes: [UInt8]) throws(SystemFailure) {
        try file.write(bytes)
        state.withLock {
            $0.hash.update(data: bytes)
            $0.size += UInt64(bytes.count)
        }
    }

    /// Makes its bytes durable.
    func finish(rows: UInt64) throws(SystemFailure) -> ExportedFile {
        try file.sync()
        let (digest, size) = state.withLock { ($0.hash.finalize(), $0.size) }
        return ExportedFile(
            name: name, mediaType: mediaType, size: ByteCount(size), sha256: Identifier.hex(digest), rows: rows)
    }
}

extension SystemFailure {
    func whileExporting(_ path: String) -> ExportError {
        ExportError(.storage(path: path, reason: text, isFull: errno == ENOSPC || errno == EDQUOT))
    }
}
