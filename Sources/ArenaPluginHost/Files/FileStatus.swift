import Glibc

/// What `stat` says of a file: who owns it, who may change it, and whether it is still the file that was seen before.
///
/// Two equal values mean an unchanged file: every write, rename and change of rights moves `changed` (ctime), which no
/// program can set. The kernel's clock for it ticks each few milliseconds, so a value counts as proof only once
/// `changed` lies well in the past; ``Settling/quietTime`` is the distance Arena keeps.
package struct FileStatus: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
    package var mode: UInt32
    package var owner: UInt32
    package var group: UInt32
    package var size: UInt64
    /// mtime and ctime in nanoseconds since 1970.
    package var modified: Int64
    package var changed: Int64

    package enum Kind: Hashable, Sendable {
        case file, directory, link
        /// Named for people: `a FIFO`, `a socket`, `a device`.
        case other(String)
    }

    package var kind: Kind {
        switch mode & UInt32(S_IFMT) {
        case UInt32(S_IFREG): .file
        case UInt32(S_IFDIR): .directory
        case UInt32(S_IFLNK): .link
        case UInt32(S_IFIFO): .other("a FIFO")
        case UInt32(S_IFSOCK): .other("a socket")
        default: .other("a device")
        }
    }

    package var isExecutable: Bool { mode & 0o100 != 0 }
}

extension FileStatus {
    init(_ raw: stat) {
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        mode = UInt32(raw.st_mode)
        owner = raw.st_uid
        group = raw.st_gid
        size = UInt64(max(0, raw.st_size))
        modified = Self.nanoseconds(raw.st_mtim)
        changed = Self.nanoseconds(raw.st_ctim)
    }

    /// Saturates: a file system may hold any number as a time.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (product, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return time.tv_sec < 0 ? .min : .max }
        return product.addingReportingOverflow(Int64(time.tv_nsec)).partialValue
    }
}
