import ArenaCore
import ArenaJSON
import Glibc

/// The file of a home that holds secrets: for its owner alone, changed as a whole. All functions block for a moment.
struct SecretFile: Sendable {
    struct Entry: Sendable {
        var value: Secret
        /// `name` or `name:port`; none: wherever it is configured or granted to go.
        var hosts: [String]
    }

    let path: String
    private static let largest = ByteCount.mebibytes(1)

    /// What it holds; a missing file holds nothing.
    func read() throws(SecretError) -> [String: Entry] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [:] }
            throw SecretError(errno == ELOOP ? .foreignFile(path) : .system(path, errno: errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SecretError(.system(path, errno: EINVAL))
        }
        if status.st_mode & 0o077 != 0 { throw SecretError(.exposedFile(path)) }
        if status.st_uid != geteuid() { throw SecretError(.foreignFile(path)) }
        guard UInt64(max(0, status.st_size)) <= Self.largest.bytes else {
            throw SecretError(.badFile(path, why: "it is larger than \(Self.largest)"))
        }
        return try decode(try bytes(of: descriptor, Int(status.st_size)))
    }

    /// Changes what it holds, alone among all processes.
    func update(_ body: (inout [String: Entry]) throws(SecretError) -> Void) throws(SecretError) {
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw SecretError(.system(path + ".lock", errno: errno)) }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw SecretError(.system(path + ".lock", errno: errno)) }
        }
        var entries = try read()
        try body(&entries)
        try write(entries)
    }

    private func decode(_ bytes: [UInt8]) throws(SecretError) -> [String: Entry] {
        let document: JSONValue
        // The parser's own words could repeat a part of the text.
        do { document = try JSONValue(parsing: bytes) } catch {
            throw SecretError(.badFile(path, why: "it is no JSON"))
        }
        guard let members = document.object else { throw SecretError(.badFile(path, why: "it is no object")) }
        var entries: [String: Entry] = [:]
        for (name, member) in members {
            guard let value = member["value"]?.string else {
                throw SecretError(.badFile(path, why: "\(name) has no value"))
            }
            entries[name] = Entry(value: Secret(value), hosts: member["hosts"]?.array?.compactMap(\.string) ?? [])
        }
        return entries
    }

    private func write(_ entries: [String: Entry]) throws(SecretError) {
        var members: JSONObject = [:]
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            members[name] = [
                "value": .string(entry.value.reveal()), "hosts": .array(entry.hosts.map(JSONValue.string)),
            ]
        }
        let draft = "\(path).\(Identifier.random())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SecretError(.system(draft, errno: errno)) }
        let bytes = JSONValue.object(members).bytes()
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        let isWhole = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWhole, rename(draft, path) == 0 else {
            let number = errno
            unlink(draft)
            throw SecretError(.system(path, errno: number))
        }
    }

    private func bytes(of descriptor: Int32, _ size: Int) throws(SecretError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while bytes.count <= size {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SecretError(.system(path, errno: errno)) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
