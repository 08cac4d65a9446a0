import CArenaPlugin
import Glibc

/// A plugin library as the build made it, loaded from beside the test binary.
///
/// Never unloaded: a Swift library does not survive that.
struct BuiltPlugin {
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    let entry: UnsafePointer<arena_entry>
    let path: String

    init(_ id: String) throws {
        path = try Self.directory() + "/libarena-\(id).so"
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw Missing(description: "\(path) does not load: \(dlerror().map { String(cString: $0) } ?? "?")")
        }
        guard let symbol = dlsym(library, ARENA_ENTRY_SYMBOL) else {
            throw Missing(description: "\(path) lacks \(ARENA_ENTRY_SYMBOL)")
        }
        typealias Entry = @convention(c) () -> UnsafePointer<arena_entry>?
        guard let entry = unsafeBitCast(symbol, to: Entry.self)() else {
            throw Missing(description: "\(path) has no entry")
        }
        self.entry = entry
    }

    /// The table of an interface, or `nil`, as the plugin says.
    func table<T>(_ interface: String, _ kind: String, as type: T.Type) -> UnsafePointer<T>? {
        lend(interface) { interface in
            lend(kind) { entry.pointee.get_interface(interface, $0)?.assumingMemoryBound(to: T.self) }
        }
    }

    private static func directory() throws -> String {
        guard let path = realpath("/proc/self/exe", nil) else { throw Missing(description: "no /proc/self/exe") }
        defer { free(path) }
        let text = String(cString: path)
        return String(text[..<(text.lastIndex(of: "/") ?? text.startIndex)])
    }
}

/// Lends a string to C for the time of `body`.
func lend<R>(_ text: String, _ body: (arena_str) throws -> R) rethrows -> R {
    var text = text
    return try text.withUTF8 { utf8 in
        try utf8.withMemoryRebound(to: CChar.self) {
            try body(arena_str(ptr: $0.baseAddress, len: UInt64($0.count)))
        }
    }
}

extension arena_str {
    var text: String {
        guard let ptr else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: ptr, count: Int(len)), as: UTF8.self)
    }
}

/// The text of a file of this repository.
func repositoryFile(_ path: String, from file: StaticString = #filePath) throws -> String {
    let root = "\(file)".split(separator: "/").dropLast(3).joined(separator: "/")
    guard let stream = fopen("/\(root)/\(path)", "rb") else {
        throw BuiltPlugin.Missing(description: "no file \(path)")
    }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
}
