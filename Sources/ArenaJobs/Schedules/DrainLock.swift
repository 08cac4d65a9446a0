import ArenaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The right to be the one drain of a home. The kernel takes it back when its holder ends, however that ends: no file
/// that stays behind and no process number that is used again can block a drain or let two go at once.
package final class DrainLock: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock on a file, which is made if need be and stays. Given back with the last reference.
    ///
    /// - Returns: `nil` when another holds it.
    /// - Throws: `drain.lock_unusable` when the file cannot be opened or locked at all.
    package static func take(_ path: String) throws(JobsError) -> DrainLock? {
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unusable(path, errno) }
        // Held by the open file: children close their copy when they start their own program.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            if reason == EINTR { continue }
            _ = close(descriptor)
            if reason == EWOULDBLOCK { return nil }
            throw unusable(path, reason)
        }
        return DrainLock(descriptor)
    }

    private static func unusable(_ path: String, _ reason: Int32) -> JobsError {
        JobsError(
            code: "drain.lock_unusable", category: .unavailable,
            message: "The file \(path) cannot be locked: \(String(cString: strerror(reason))).",
            hint: "It must lie on a disk that can be written and that knows locks.")
    }
}
