import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A C source of `Tests/Fixtures/Plugins`, compiled into a shared library of its own folder when a test asks for it.
///
/// Each has a folder of its own, readable by every user, which is removed when the test process ends.
package struct CompiledPlugin: Sendable {
    /// The path of the library.
    package let path: String
    /// The folder that holds nothing else.
    package let folder: String

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Compiles `source`, a file name such as `scorers.c`.
    ///
    /// - Parameters:
    ///   - defines: Macros, such as `MAJOR=2`.
    ///   - linking: Further arguments for the compiler.
    package init(_ source: String, defines: [String] = [], linking: [String] = []) throws {
        folder = try Self.makeFolder()
        path = folder + "/plugin.so"
        let arguments =
            [
                "-std=gnu11", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-I", Self.headers, "-I", Self.kit,
                "-o", path,
            ]
            + defines.map { "-D" + $0 } + [Self.checkout + "/Tests/Fixtures/Plugins/" + source] + linking
            + ["-lm", "-lpthread"]
        try Compiler.run("cc", arguments)
    }

    /// The same as the initializer, compiled once a test process: for libraries that other processes load. Tests that
    /// load one themselves want a copy each, for its static variables.
    package static func shared(_ source: String, defines: [String] = []) throws -> CompiledPlugin {
        let key = ([source] + defines).joined(separator: " ")
        return try compiled.withLock { compiled in
            if let plugin = compiled[key] { return plugin }
            let plugin = try CompiledPlugin(source, defines: defines)
            compiled[key] = plugin
            return plugin
        }
    }

    private static let compiled = Mutex<[String: CompiledPlugin]>([:])

    /// The folder of the headers that a plugin includes as `arena/plugin.h`.
    package static let headers = checkout + "/Sources/CArenaPlugin/include"

    /// The folder of the helpers that a plugin may include as `arena_kit/kit.h`.
    private static let kit = checkout + "/Sources/CArenaPluginKit/include"

    /// The root of the checkout that the tests were built from.
    package static let checkout = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    private static func makeFolder() throws -> String {
        guard let template = strdup("/tmp/arena-plugin-XXXXXX") else { throw Failure(description: "no memory") }
        defer { free(template) }
        let isMade = mkdtemp(template) != nil
        let folder = String(cString: template)
        guard isMade, chmod(folder, 0o755) == 0 else { throw Failure(description: "no folder in /tmp: errno \(errno)") }
        remains.withLock { folders in
            if folders.isEmpty { atexit { CompiledPlugin.removeAll() } }
            folders.append(folder)
        }
        return folder
    }

    private static let remains = Mutex<[String]>([])

    private static func removeAll() {
        for folder in remains.withLock({ $0 }) {
            unlink(folder + "/plugin.so")
            rmdir(folder)
        }
    }
}

/// Runs compilers that tests find on this machine.
package enum Compiler {
    /// Those of `names` that are installed.
    package static func installed(of names: [String]) -> [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return names.filter { name in path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 } }
    }

    /// Runs a compiler to its end.
    ///
    /// - Throws: ``CompiledPlugin/Failure`` unless it succeeds; what it printed is on the standard error stream.
    package static func run(_ name: String, _ arguments: [String]) throws {
        let strings: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, name, nil, nil, strings, environ)
        guard error == 0 else { throw CompiledPlugin.Failure(description: "\(name) cannot be started: errno \(error)") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw CompiledPlugin.Failure(description: "\(name) failed: \(arguments)") }
    }
}
