import Glibc

/// An advisory lock (`flock`) that every process of one Arena home respects; released when the value ends.
///
/// Held on a descriptor of its own, so threads of one process exclude each other as processes do.
struct FileLock: ~Copyable, Sendable {
    let descriptor: FileDescriptor

    /// Takes over a descriptor and waits for its lock, `LOCK_SH` or `LOCK_EX`. Blocks.
    init(_ operation: Int32, _ descriptor: consuming FileDescriptor) throws(SystemFailure) {
        try Self.lock(descriptor.raw, operation)
        self.descriptor = descriptor
    }

    /// Takes over a descriptor; `nil` when the lock is held elsewhere. Never waits.
    init?(_ operation: Int32, ifFree descriptor: consuming FileDescriptor) throws(SystemFailure) {
        while flock(descriptor.raw, operation | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return nil }
            guard errno == EINTR else { throw SystemFailure("flock", errno: errno) }
        }
        self.descriptor = descriptor
    }

    /// Creates the lock file when it is missing (mode 0600), then waits for the lock. Blocks.
    init(exclusiveFile name: String, in directory: borrowing FileDescriptor) throws(SystemFailure) {
        try self.init(LOCK_EX, directory.open(name, O_RDWR | O_CREAT, permissions: 0o600))
    }

    /// Lets others share an exclusive lock. Never waits.
    borrowing func share() throws(SystemFailure) {
        try Self.lock(descriptor.raw, LOCK_SH)
    }

    /// Ends the lock here rather than wherever the value is last used. An error on the way ends it too.
    consuming func release() {}

    private static func lock(_ raw: Int32, _ operation: Int32) throws(SystemFailure) {
        while flock(raw, operation) != 0 {
            guard errno == EINTR else { throw SystemFailure("flock", errno: errno) }
        }
    }
}
