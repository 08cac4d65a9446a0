import ArenaCore
import ArenaPluginHost
import Glibc
import Synchronization

/// Where everything lies that is measured, and a folder for what measuring leaves behind.
final class Workbench: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// The folder of `perf`, `arena`, `arena-worker` and the bundled plugins.
    let binaries: String
    /// A new folder; ``clear()`` removes it.
    let folder: String

    init() throws {
        guard let bundled = PluginDirectory.bundled() else {
            throw Failure(description: "/proc/self/exe is unreadable.")
        }
        binaries = bundled.path
        let missing = ["arena-worker", "libarena-text.so", "libarena-eval_rerun.so", "libarena-sleep.so"].filter {
            access("\(bundled.path)/\($0)", R_OK) != 0
        }
        guard missing.isEmpty else {
            throw Failure(description: "Build these first, in release: \(missing.joined(separator: ", ")).")
        }
        let template = (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/arena-perf-XXXXXX"
        var bytes = Array(template.utf8CString)
        guard mkdtemp(&bytes) != nil else { throw Failure(description: "\(template): errno \(errno)") }
        folder = String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    var worker: String { binaries + "/arena-worker" }

    /// The root of the checkout that `perf` was built from.
    static let checkout = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    func clear() { Self.run("rm", ["-rf", folder]) }

    /// A new folder in ``folder``.
    func makeFolder(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        guard mkdir(path, 0o700) == 0 else { throw Failure(description: "\(path): errno \(errno)") }
        return path
    }

    /// The launcher of children with no, or with some, children waiting.
    func launcher(spares: Int) throws -> WorkerLauncher {
        WorkerLauncher(
            executable: worker, scratchRoot: try makeFolder("scratch-" + Identifier.random()), spares: spares)
    }

    /// Compiles the least scorer there is.
    ///
    /// - Parameter id: of the plugin.
    func compileTinyScorer(id: String, to path: String) throws {
        try build("cc", cArguments(id) + ["-shared", "-o", path, fixture("tiny_scorer.c")])
    }

    /// A scorer in Swift that uses Foundation; `nil` where there is no Swift compiler.
    func compileFoundationScorer(id: String, to path: String) throws -> Bool {
        let object = path + ".o"
        try build("cc", cArguments(id) + ["-DPERF_FOREIGN", "-c", "-o", object, fixture("tiny_scorer.c")])
        return Self.run(
            "swiftc",
            [
                "-O", "-wmo", "-parse-as-library", "-emit-library", "-module-name", "Judge", "-o", path,
                fixture("foundation_judge.swift"), object,
            ]) == 0
    }

    /// Writes a plugin folder: manifest and library.
    func makePlugin(id: String, in plugins: String, library: (String) throws -> Void) throws {
        let folder = "\(plugins)/\(id)"
        guard mkdir(folder, 0o700) == 0 else { throw Failure(description: "\(folder): errno \(errno)") }
        try library("\(folder)/libtiny.so")
        unlink("\(folder)/libtiny.so.o")
        let manifest = """
            {"id":"\(id)","version":"1.0.0","abi":"1.0","title":"Tiny","license":"Apache-2.0","library":"libtiny.so",
             "provides":[{"interface":"arena.scorer/1","id":"tiny","capabilities":{"pure":true}}]}
            """
        try Self.write(manifest, to: "\(folder)/plugin.json")
    }

    /// Verdicts, digests and the store of copies of a home go; its plugins stay.
    func forgetPlugins(of home: String) {
        for name in ["store", "digests.json", "probes.json", "arena.db", "arena.db-wal", "arena.db-shm"] {
            Self.run("rm", ["-rf", "\(home)/\(name)"])
        }
    }

    static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw Failure(description: "\(path): errno \(errno)") }
        fputs(text, file)
        fclose(file)
    }

    private func cArguments(_ id: String) -> [String] {
        [
            "-std=gnu11", "-O2", "-fPIC", "-fvisibility=hidden", "-DPLUGIN_ID=\"\(id)\"", "-I",
            Self.checkout + "/Sources/CArenaPlugin/include",
        ]
    }

    private func fixture(_ name: String) -> String { "\(Self.checkout)/benches/perf/Fixtures/\(name)" }

    private func build(_ compiler: String, _ arguments: [String]) throws {
        let status = Self.run(compiler, arguments)
        guard status == 0 else { throw Failure(description: "\(compiler) failed: \(arguments)") }
    }

    /// Runs a program to its end. Blocks; returns its wait status.
    @discardableResult
    static func run(_ name: String, _ arguments: [String]) -> Int32 {
        guard let process = start(name, arguments) else { return -1 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// Starts a program. Whoever starts it waits for it.
    ///
    /// - Parameters:
    ///   - input: its standard input; its own stays with `nil`.
    ///   - output: its standard output; with `nil` it goes nowhere.
    static func start(_ name: String, _ arguments: [String], input: Int32? = nil, output: Int32? = nil) -> pid_t? {
        let strings: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, 0) }
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        var process: pid_t = 0
        return posix_spawnp(&process, name, &actions, nil, strings, environ) == 0 ? process : nil
    }
}
