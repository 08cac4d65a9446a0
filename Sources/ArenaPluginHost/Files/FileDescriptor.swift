import Glibc

/// An open file or directory; closes itself. All functions block: call them on threads of one's own.
///
/// Nothing here follows a symbolic link in the last component of a name, opens a FIFO blockingly, or hands a descriptor
/// to a child process.
struct FileDescriptor: ~Copyable, Sendable {
    let raw: Int32

    init(adopting raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    private static let always = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY

    /// Opens a directory that the user named; here, and only here, links are followed.
    static func directory(_ path: String) throws(SystemFailure) -> FileDescriptor {
        let raw = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard raw >= 0 else { throw SystemFailure("open \(path)", errno: errno) }
        return FileDescriptor(adopting: raw)
    }

    static func open(
        _ path: String, _ flags: Int32 = O_RDONLY, permissions: mode_t = 0
    ) throws(SystemFailure) -> FileDescriptor {
        let raw = Glibc.open(path, flags | always, permissions)
        guard raw >= 0 else { throw SystemFailure("open \(path)", errno: errno) }
        return FileDescriptor(adopting: raw)
    }

    /// Opens `name`, one component, in this directory.
    borrowing func open(
        _ name: String, _ flags: Int32 = O_RDONLY, permissions: mode_t = 0
    ) throws(SystemFailure) -> FileDescriptor {
        let raw = openat(raw, name, flags | Self.always, permissions)
        guard raw >= 0 else { throw SystemFailure("open \(name)", errno: errno) }
        return FileDescriptor(adopting: raw)
    }

    /// Opens a path of several components below this directory, refusing a link in each of them.
    borrowing func open(descending path: String, _ flags: Int32 = O_RDONLY) throws(SystemFailure) -> FileDescriptor {
        let parts = path.split(separator: "/").map(String.init)
        var current = try open(".", O_RDONLY | O_DIRECTORY)
        for (index, part) in parts.enumerated() {
            current = try current.open(part, index == parts.count - 1 ? flags : O_RDONLY | O_DIRECTORY)
        }
        return current
    }

    borrowing func status() throws(SystemFailure) -> FileStatus {
        var result = stat()
        guard fstat(raw, &result) == 0 else { throw SystemFailure("fstat", errno: errno) }
        return FileStatus(result)
    }

    /// The status of `name` in this directory; of a link itself, not of what it points to.
    borrowing func status(of name: String) throws(SystemFailure) -> FileStatus {
        var result = stat()
        guard fstatat(raw, name, &result, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw SystemFailure("stat \(name)", errno: errno)
        }
        return FileStatus(result)
    }

    /// What the link `name` in this directory says; `nil` when it is longer than `limit` or no UTF-8.
    borrowing func linkTarget(of name: String, limit: Int = 1024) throws(SystemFailure) -> String? {
        var buffer = [CChar](repeating: 0, count: limit + 1)
        let count = readlinkat(raw, name, &buffer, buffer.count)
        guard count >= 0 else { throw SystemFailure("readlink \(name)", errno: errno) }
        guard count <= limit else { return nil }
        return String(validating: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in this directory, sorted by their bytes, without `.` and `..`; `nil` stands for one that is no UTF-8.
    borrowing func names() throws(SystemFailure) -> [String?] {
        // A descriptor of its own: fdopendir takes it over, and its reading position is not shared.
        let copy = openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw SystemFailure("open directory", errno: errno) }
        guard let stream = fdopendir(copy) else {
            let code = errno
            close(copy)
            throw SystemFailure("fdopendir", errno: code)
        }
        defer { closedir(stream) }
        var found: [String?] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            // The record may be shorter than the type, so only its name's bytes are touched: they end with NUL.
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
            let start = UnsafeRawPointer(entry) + offset
            let bytes = UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self)))
            let name = String(validating: bytes, as: UTF8.self)
            if name != ".", name != ".." { found.append(name) }
        }
        guard errno == 0 else { throw SystemFailure("readdir", errno: errno) }
        return found.sorted { Array(($0 ?? "").utf8).lexicographicallyPrecedes(Array(($1 ?? "").utf8)) }
    }
}
