#if canImport(Glibc)
import Glibc
#endif

/// The folder that one child may write to: made before the child starts, gone after it has ended.
enum ScratchFolder {
    /// Makes it for this user alone. `false` with `errno` set when that fails.
    static func make(_ path: String) -> Bool { mkdir(path, 0o700) == 0 }

    /// Removes it with all that is in it. What cannot be removed stays: nothing depends on it.
    static func remove(_ path: String) {
        guard let slash = path.lastIndex(of: "/"), let root = try? FileDescriptor.directory(String(path[..<slash]))
        else { return }
        try? root.removeTree(String(path[path.index(after: slash)...]))
    }
}
