import Glibc

/// A folder of its own for one test, removed with the value.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/arena-host-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed("mkdtemp", errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
    }

    deinit { Self.remove(path) }

    /// Read-only folders are opened up first; no link is followed.
    private static func remove(_ path: String) {
        _ = run(["find", path, "-type", "d", "-exec", "chmod", "u+rwx", "{}", "+"])
        _ = run(["rm", "-rf", path])
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func folder(_ name: String, mode: mode_t = 0o755) throws -> String {
        var parent = path
        for part in name.split(separator: "/") {
            parent += "/\(part)"
            guard mkdir(parent, 0o755) == 0 || errno == EEXIST else { throw Failed("mkdir \(parent)", errno) }
        }
        guard chmod(self(name), mode) == 0 else { throw Failed("chmod", errno) }
        return self(name)
    }

    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws {
        try write(name, Array(text.utf8), mode: mode)
    }

    /// Writes beside and renames, as careful programs do: the file is a new inode.
    func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws {
        if let slash = name.lastIndex(of: "/") {
            let parent = String(name[..<slash])
            if access(self(parent), F_OK) != 0 { try folder(parent) }
        }
        let staging = "\(path)/.staging-\(UInt64.random(in: .min ... .max))"
        let file = open(staging, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw Failed("open \(staging)", errno) }
        defer { close(file) }
        fchmod(file, mode)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failed("write", errno) }
            done += count
        }
        guard rename(staging, self(name)) == 0 else { throw Failed("rename", errno) }
    }

    func link(_ name: String, to target: String) throws {
        guard symlink(target, self(name)) == 0 else { throw Failed("symlink", errno) }
    }

    func read(_ name: String) throws -> [UInt8] { try readFile(self(name)) }

    func remove(_ name: String) {
        Self.remove(self(name))
    }

    func permissions(_ name: String) -> mode_t? {
        var status = stat()
        return lstat(self(name), &status) == 0 ? status.st_mode & 0o7777 : nil
    }
}

struct Failed: Error, CustomStringConvertible {
    let description: String
    init(_ operation: String, _ code: Int32) { description = "\(operation): errno \(code)" }
}

func readFile(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Failed("open \(path)", errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = Glibc.read(file, &chunk, chunk.count)
        guard count > 0 else { return bytes }
        bytes += chunk[..<count]
    }
}

/// Runs a program of the PATH to its end; its exit status, or 255.
func run(_ command: [String]) -> Int32 {
    var arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child = pid_t()
    guard posix_spawnp(&child, command[0], nil, nil, &arguments, environ) == 0 else { return 255 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 255
}
