import ArenaRuntime
import Glibc

/// A directory of a test's own, removed with everything in it when the closure ends.
struct TemporaryHome {
    let path: String

    var home: ArenaHome { ArenaHome(path: path) }
    var environment: [String: String] { ["ARENA_HOME": path, "HOME": "/home/nobody"] }

    static func with<Result>(yaml: String? = nil, _ body: (TemporaryHome) throws -> Result) throws -> Result {
        let home = TemporaryHome(path: try make())
        defer { remove(home.path) }
        if let yaml { try home.write(yaml, to: "arena.yaml") }
        return try body(home)
    }

    /// Makes a directory that the caller removes.
    static func make() throws -> String {
        var template = Array("/tmp/arena-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed(errno: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func write(_ text: String, to name: String, mode: mode_t = 0o600) throws {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failed(errno: errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw Failed(errno: errno) }
        // The mode of a new file passes through the umask.
        fchmod(descriptor, mode)
    }

    /// The permission bits of a file or directory below the home, or of the home itself.
    func mode(_ name: String = ".") -> mode_t {
        var status = stat()
        return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    /// The names in a directory below the home.
    func names(_ directory: String = ".") -> [String] { Self.names("\(path)/\(directory)") }

    struct Failed: Error { let errno: Int32 }

    private static func names(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func remove(_ path: String) {
        for name in names(path) {
            let inner = "\(path)/\(name)"
            if unlink(inner) != 0 { remove(inner) }
        }
        rmdir(path)
    }
}
