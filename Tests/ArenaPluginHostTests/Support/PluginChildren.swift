import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaTestSupport
import Glibc

/// A plugin of the fixtures on a folder of its own, and what starts children of it.
struct PluginChildren {
    let folder: TestFolder
    let loader: PluginLoader
    /// Its first job kind.
    let kind: ResolvedKind

    /// - Parameter id: of the plugin, and the name of its source.
    init(_ id: String, jobKinds: [String], services: [String] = [], defines: [String] = []) throws {
        let folder = try TestFolder()
        self.folder = folder
        let scratch = try folder.folder("scratch", mode: 0o700)
        let plugin = try CompiledPlugin.shared("\(id).c", defines: defines)
        loader = PluginLoader(
            launcher: WorkerLauncher(executable: try Self.worker(), scratchRoot: scratch, spares: 0))
        let manifest: JSONValue = [
            "id": .string(id), "version": "1.0.0", "abi": "1.0", "library": "plugin.so",
            "services": .array(services.map(JSONValue.string)),
            "provides": .array(jobKinds.map { ["interface": "arena.job_kind/1", "id": .string($0)] }),
        ]
        let document = try ManifestDocument(manifest.bytes(), path: "\(id)/plugin.json", form: .json)
        let ready = ReadyPlugin(
            manifest: try PluginManifest(document, isFirstParty: false), sha256: "first", folder: plugin.folder,
            library: plugin.path, isFirstParty: false, mayRunInHost: false, sandbox: .full)
        kind = ResolvedKind(plugin: ready, kind: ready.manifest.provides[0])
    }

    /// The second kind of the same generation.
    var otherKind: ResolvedKind { ResolvedKind(plugin: kind.plugin, kind: kind.plugin.manifest.provides[1]) }

    /// The same kind of another generation.
    var nextGeneration: ResolvedKind {
        let plugin = kind.plugin
        return ResolvedKind(
            plugin: ReadyPlugin(
                manifest: plugin.manifest, sha256: "second", folder: plugin.folder, library: plugin.library,
                isFirstParty: false, mayRunInHost: false, sandbox: .full),
            kind: kind.kind)
    }

    /// Waits until no child is left: each has a folder of its own as long as it lives.
    func untilNoneIsLeft() async throws {
        while try Self.isEmpty(folder("scratch")) == false { try await Task.sleep(for: .milliseconds(1)) }
    }

    private static func isEmpty(_ path: String) throws -> Bool {
        guard let stream = opendir(path) else { throw Failed("opendir", errno) }
        defer { closedir(stream) }
        var count = 0
        while readdir(stream) != nil { count += 1 }
        return count <= 2
    }

    /// `arena-worker`, which was built beside the tests.
    static func worker() throws -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard readlink("/proc/self/exe", &path, path.count - 1) > 0 else { throw Failed("readlink", errno) }
        let parts = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: "/", omittingEmptySubsequences: false)
        return (parts.dropLast() + ["arena-worker"]).joined(separator: "/")
    }
}
