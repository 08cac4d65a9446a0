import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaLanes
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// A home of its own with a runtime on it, beside the plugins and programs that were built with the tests.
struct TestHouse {
    let home: String
    let runtime: ArenaRuntime

    /// The folder that the tests, `arena`, `arena-worker` and the bundled plugins lie in.
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

    static func withHouse(
        trustsAll: Bool = true, lanes: [LaneDefinition] = [.replay], _ body: (TestHouse) async throws -> Void
    ) async throws {
        let home = "/tmp/arena-house-\(Identifier.random())"
        try FileManager.default.createDirectory(
            atPath: home + "/plugins", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: home) }
        let bundled = try #require(PluginDirectory.bundled())
        let runtime = try await ArenaRuntime(
            RuntimeOptions(
                home: home,
                pluginDirectories: [bundled] + rubrics(bundled, home)
                    + [PluginDirectory(path: home + "/plugins", origin: .home)],
                trustsAllPlugins: trustsAll, lanes: lanes,
                benchFolders: [home + "/benches", CompiledPlugin.checkout + "/benches"],
                worker: products + "/arena-worker"))
        do {
            try await body(TestHouse(home: home, runtime: runtime))
            await runtime.close()
        } catch {
            await runtime.close()
            throw error
        }
    }

    /// The rubrics of the checkout, and those of the home.
    private static func rubrics(_ bundled: PluginDirectory, _ home: String) -> [PluginDirectory] {
        guard case .bundled(let owner) = bundled.origin else { return [] }
        return [
            PluginDirectory(
                path: CompiledPlugin.checkout + "/rubrics", origin: .bundledRubrics(executableOwner: owner)),
            PluginDirectory(path: home + "/rubrics", origin: .homeRubrics),
        ]
    }

    /// Drops the corpus plugin in as a folder, in one step, and waits until it is settled.
    func drop(_ name: String = "corpus", defines: [String] = [], manifest: JSONValue = Self.manifest()) async throws {
        try place(name, defines: defines, manifest: manifest)
        try await settle(name)
    }

    func place(
        _ name: String, from source: String = "corpus.c", defines: [String] = [], manifest: JSONValue
    ) throws {
        let built = try CompiledPlugin(source, defines: defines)
        let staging = "\(home)/.\(name)-\(Identifier.random())"
        try FileManager.default.createDirectory(
            atPath: staging, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        try FileManager.default.copyItem(atPath: built.path, toPath: staging + "/plugin.so")
        try Data(manifest.bytes()).write(to: URL(filePath: staging + "/plugin.json"))
        let target = "\(home)/plugins/\(name)"
        if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
        try FileManager.default.moveItem(atPath: staging, toPath: target)
    }

    /// Looks until the plugin is in a state that lasts.
    func settle(_ name: String) async throws {
        let changes = await runtime.registry.changes()
        await runtime.registry.refresh()
        for await snapshot in changes {
            guard let status = snapshot.plugins.first(where: { $0.location.name == name }) else { continue }
            if status.state.name != "settling", status.state.name != "checking" { return }
        }
    }

    func status(_ name: String = "corpus") async throws -> PluginStatus {
        try #require(await runtime.registry.snapshot.plugins.first { $0.location.name == name })
    }

    static func manifest(
        id: String = "corpus", abi: String = "1.0", kind: String = "obey", timeoutMilliseconds: Int = 1000
    ) -> JSONValue {
        [
            "id": .string(id), "version": "1.0.0", "abi": .string(abi), "library": "plugin.so",
            "provides": [
                [
                    "interface": "arena.scorer/1", "id": .string(kind),
                    "capabilities": ["timeout_ms": ["default": JSONValue(timeoutMilliseconds)]],
                ],
                [
                    "interface": "arena.job_kind/1", "id": .string(kind),
                    "capabilities": [
                        "timeout_ms": ["default": JSONValue(timeoutMilliseconds)], "memory_mb": 300,
                    ],
                ],
            ],
        ]
    }

    /// Scores one answer of each text.
    func score(_ outputs: [String], with scorer: String) async throws -> [ScoreResult] {
        let kind = try await runtime.scoring.scorer(scorer, config: [:])
        let items = outputs.enumerated().map { ScoreItem(itemID: "\($0)", output: $1, references: ["yes"]) }
        return try await runtime.scoring.score(ScoreBatch(items), with: kind, config: [:])
    }

    /// Whether the host still does its work, whatever a plugin did.
    func isAlive() async throws -> Bool {
        try await score(["yes", "no"], with: "text/exact_match").map(\.value) == [1, 0]
    }
}
