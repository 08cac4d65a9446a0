import ArenaCore
import Glibc

/// Replaces a whole file so that a reader sees the old or the new text and never a part, also after a loss of power.
enum AtomicFile {
    /// Writes beside the target, syncs, renames over it, syncs the directory. Mode 0600 unless told otherwise. Blocks.
    static func replace(
        _ name: String, in directory: borrowing FileDescriptor, with bytes: [UInt8], permissions: mode_t = 0o600
    ) throws(SystemFailure) {
        let staging = ".\(name).\(Identifier.random().prefix(12))"
        let file = try directory.open(staging, O_WRONLY | O_CREAT | O_EXCL, permissions: permissions)
        do throws(SystemFailure) {
            try file.setPermissions(permissions)
            try file.write(bytes)
            try file.sync()
            try directory.rename(staging, to: name)
        } catch {
            try? directory.remove(staging)
            throw error
        }
        try directory.sync()
    }

    /// Makes `path` and what is missing above it, each with mode 0700. Blocks.
    static func makeDirectories(_ path: String) throws(SystemFailure) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw SystemFailure("mkdir \(path)", errno: errno)
        }
        try makeDirectories(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw SystemFailure("mkdir \(path)", errno: errno)
        }
    }
}
