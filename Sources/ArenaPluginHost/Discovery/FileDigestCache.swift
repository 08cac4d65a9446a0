package import ArenaCore
import ArenaJSON
import Crypto
import Glibc
import Synchronization

/// Remembers the SHA-256 of files that have not changed since they were hashed, also across processes.
///
/// The key is the file's ``FileStatus``: whoever writes to the file moves its ctime, which no program can set. So a
/// stored copy that was tampered with is hashed again, and is found out. Any thread may use it; hashing blocks.
package final class FileDigestCache: Sendable {
    private struct Known {
        var digest: String
        var used: Bool
    }

    private struct Book {
        var known: [FileStatus: Known] = [:]
        var isDirty = false
    }

    private let book: Mutex<Book>
    private let path: String?
    private let clock: any WallClock

    /// - Parameter path: The file that keeps the digests between processes; `nil` keeps them in memory. One that is
    ///   missing or damaged is an empty one.
    package init(path: String? = nil, clock: any WallClock = SystemClock()) {
        self.path = path
        self.clock = clock
        book = Mutex(Book(known: path.map(Self.load) ?? [:]))
    }

    /// The digest in lower-case hexadecimal digits of an open file, hashed when it is not known.
    func digest(of file: borrowing FileDescriptor, limit: UInt64) throws(SystemFailure) -> String {
        let before = try file.status()
        let known: String? = book.withLock { book in
            book.known[before]?.used = true
            return book.known[before]?.digest
        }
        if let known { return known }
        var hash = SHA256()
        try file.forEachChunk(limit: limit) { chunk throws(SystemFailure) in hash.update(bufferPointer: chunk) }
        let digest = Identifier.hex(hash.finalize())
        if try file.status() == before { remember(digest, for: before) }
        return digest
    }

    /// Records the digest of a file that the caller has just written and hashed itself.
    func remember(_ digest: String, for status: FileStatus) {
        // Within the tick of the kernel's clock a later write would leave the same ctime behind.
        let age = clock.now().unixMilliseconds - status.changed / 1_000_000
        guard age >= Settling.quietTime.milliseconds else { return }
        book.withLock { book in
            book.known[status] = Known(digest: digest, used: true)
            book.isDirty = true
        }
    }

    /// Writes what was learnt, leaving out files that nobody asked for since this value was made. A failure to write
    /// costs the next process some hashing and nothing else, so it is not reported.
    package func save() {
        guard let path, let slash = path.lastIndex(of: "/") else { return }
        let rows: [JSONValue]? = book.withLock { book in
            guard book.isDirty else { return nil }
            book.isDirty = false
            return book.known.filter(\.value.used).map { Self.row($0, $1.digest) }
        }
        guard let rows else { return }
        do throws(SystemFailure) {
            let directory = try FileDescriptor.directory(String(path[..<slash]))
            let document: JSONValue = ["version": 1, "files": .array(rows)]
            try AtomicFile.replace(
                String(path[path.index(after: slash)...]), in: directory, with: document.bytes(.compact))
        } catch {}
    }

    private static func row(_ status: FileStatus, _ digest: String) -> JSONValue {
        let numbers = [
            status.device, status.inode, UInt64(status.mode), UInt64(status.owner), UInt64(status.group), status.size,
        ]
        return .array(
            numbers.map { JSONValue($0) } + [
                JSONValue(status.modified), JSONValue(status.changed), .string(digest),
            ])
    }

    private static func load(_ path: String) -> [FileStatus: Known] {
        guard let file = try? FileDescriptor.open(path), let bytes = try? file.contents(limit: 16 << 20),
            let document = try? JSONValue(parsing: bytes), document["version"]?.int == 1
        else { return [:] }
        var known: [FileStatus: Known] = [:]
        for row in document["files"]?.array ?? [] {
            guard let digest = row[8]?.string, digest.utf8.count == 64, let status = status(row) else { return [:] }
            known[status] = Known(digest: digest, used: false)
        }
        return known
    }

    private static func status(_ row: JSONValue) -> FileStatus? {
        func number<T: FixedWidthInteger>(_ index: Int) -> T? {
            guard case .number(let number)? = row[index] else { return nil }
            return T(number.text)
        }
        guard let device: UInt64 = number(0), let inode: UInt64 = number(1), let mode: UInt32 = number(2),
            let owner: UInt32 = number(3), let group: UInt32 = number(4), let size: UInt64 = number(5),
            let modified: Int64 = number(6), let changed: Int64 = number(7)
        else { return nil }
        return FileStatus(
            device: device, inode: inode, mode: mode, owner: owner, group: group, size: size,
            modified: modified, changed: changed)
    }
}
