import ArenaCore
import ArenaJSON
import ArenaPluginConformance
import ArenaPluginHost
import ArenaTestSupport
import Foundation

/// A plugin of the fixtures in a folder of its own, and what checks it.
struct CheckedPlugin {
    let folder: String

    /// - Parameter defines: what of `nonconforming.c` is bent; none: it keeps every rule.
    init(_ defines: String..., linking: [String] = [], manifest: JSONValue = Self.manifest()) throws {
        try self.init(source: "nonconforming.c", defines: defines, linking: linking, manifest: manifest)
    }

    /// - Parameter source: of the fixtures' folder.
    init(source: String, defines: [String], linking: [String] = [], manifest: JSONValue) throws {
        let library =
            if linking.isEmpty {
                try CompiledPlugin.shared(source, defines: defines)
            } else {
                try CompiledPlugin(source, defines: defines, linking: linking)
            }
        folder = try TemporaryDirectory.path("plugin-\(Identifier.random())")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        try FileManager.default.copyItem(atPath: library.path, toPath: folder + "/plugin.so")
        try Data(manifest.bytes()).write(to: URL(filePath: folder + "/plugin.json"))
    }

    /// A plugin without a library: its files, by their paths.
    init(files: [String: String]) throws {
        folder = try TemporaryDirectory.path("plugin-\(Identifier.random())")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        for (name, text) in files {
            let path = "\(folder)/\(name)"
            try FileManager.default.createDirectory(
                at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755])
            try Data(text.utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
    }

    func check(
        _ groups: CheckGroup..., options: CheckOptions = CheckOptions(),
        finished: @Sendable (CheckResult) -> Void = { _ in }
    ) async throws -> [CheckResult] {
        var options = options
        if !groups.isEmpty { options.groups = Set(groups) }
        if options.replayFolder == "." { options.replayFolder = try TemporaryDirectory.path() }
        return try await Self.check(folder, options, finished: finished)
    }

    /// What failed, by the name of the check.
    func failures(_ groups: CheckGroup..., options: CheckOptions = CheckOptions()) async throws -> [String: Verdict] {
        var options = options
        options.groups = Set(groups)
        let failed = try await check(options: options).filter { $0.verdict.status == .fail }
        return Dictionary(failed.map { ($0.id, $0.verdict) }) { first, _ in first }
    }

    /// What the check named `id` finds wrong; nothing else is checked. `nil`: nothing, or it was skipped.
    func failure(of id: String) async throws -> Verdict? {
        var options = CheckOptions()
        (options.groups, options.names) = ([], [id])
        let verdict = try await check(options: options).first?.verdict
        return verdict?.status == .fail ? verdict : nil
    }

    static func check(
        _ path: String, _ options: CheckOptions, finished: @Sendable (CheckResult) -> Void = { _ in }
    ) async throws -> [CheckResult] {
        let scratch = try TemporaryDirectory.path("scratch")
        for folder in [scratch, try TemporaryDirectory.path("work")] {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let launcher = WorkerLauncher(executable: products + "/arena-worker", scratchRoot: scratch, spares: 1)
        let threads = PluginThreads(size: 2)
        let check = PluginCheck(
            loader: PluginLoader(launcher: launcher), threads: threads, workFolder: try TemporaryDirectory.path("work"),
            reader: { $0.hasSuffix(".yaml") ? try? await rubricReader() : nil })
        let results = await check.run(path: path, options, finished: finished)
        await launcher.stop()
        threads.stop()
        return results
    }

    /// What reads the rubrics that come with Arena.
    private static func rubricReader() async throws -> ResolvedKind? {
        let path = products + "/libarena-rubric_checks.so"
        guard case .usable(let manifest, let content) = PluginScanner(directories: []).examine(path: path).outcome,
            let kind = manifest.provides.first(where: { !$0.reads.isEmpty })
        else { return nil }
        let plugin = ReadyPlugin(
            manifest: manifest, sha256: content.hash, folder: products, library: path, isFirstParty: false,
            mayRunInHost: false, sandbox: .full)
        return ResolvedKind(plugin: plugin, kind: kind)
    }

    /// Where the tests, `arena-worker` and the bundled plugins lie.
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    static func manifest(examples: JSONValue = Self.examples, license: JSONValue = "Apache-2.0") -> JSONValue {
        func kind(_ interface: String, _ capabilities: JSONValue) -> JSONValue {
            [
                "interface": .string(interface), "id": "kind", "description": "It does what a test needs.",
                "schema": ["type": "object", "properties": ["depth": ["type": "integer", "minimum": 1]]],
                "capabilities": capabilities,
            ]
        }
        return [
            "id": "conforming", "version": "1.0.0", "abi": "1.0", "library": "plugin.so", "license": license,
            "description": "It keeps every rule, unless it is bent.", "services": ["arena.job/1"],
            "provides": [
                kind("arena.scorer/1", ["deterministic": true, "reentrant": true]),
                kind("arena.job_kind/1", ["resumable": true]),
                kind("arena.lane_type.engine/1", [:]),
            ],
            "examples": examples,
        ]
    }

    static let examples: JSONValue = [
        ["output": "yes", "reference": "yes", "value": 1], ["output": "no", "reference": "yes", "value": 0],
    ]
}
