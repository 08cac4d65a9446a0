import ArenaCore
import Glibc

/// A regular file that is open for reading, so that what was checked is what is read.
struct SmallFile: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private let status: stat

    /// `nil` when there is no such file.
    init?(opening path: String, followingLinks: Bool = true) throws(ConfigurationError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .cannotRead(path, errno: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .cannotRead(path, errno: EINVAL)
        }
        self.descriptor = descriptor
        self.path = path
        self.status = status
    }

    deinit { close(descriptor) }

    /// The permission bits.
    var mode: mode_t { status.st_mode & 0o7777 }
    /// The user that owns the file.
    var owner: uid_t { status.st_uid }

    /// The whole content, unless it is longer than a limit.
    func read(limit: ByteCount) throws(ConfigurationError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(path, errno: errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard UInt64(bytes.count) <= limit.bytes else { throw .tooLarge(path, limit: limit) }
        }
    }
}
