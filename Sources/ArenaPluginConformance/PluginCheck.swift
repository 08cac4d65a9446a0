import ArenaCore
import ArenaJSON
import ArenaPluginABI
package import ArenaPluginHost

/// Examines a plugin before anybody grants it: its files and manifest here, its code only in throw-away children.
package struct PluginCheck: Sendable {
    private let loader: PluginLoader
    private let threads: PluginThreads
    private let workFolder: String

    /// - Parameter workFolder: where copies of the files are kept while they are examined.
    package init(loader: PluginLoader, threads: PluginThreads, workFolder: String) {
        self.loader = loader
        self.threads = threads
        self.workFolder = workFolder
    }

    /// Every check that applies to the folder or library at `path`, in order; a check that makes later ones moot ends it.
    package func run(path: String) async -> [CheckResult] {
        do {
            let candidate = try await settled(path)
            guard case .usable(let manifest, let content) = candidate.outcome else {
                let error: any Error = candidate.error ?? PluginError(.changing, "\(path) keeps changing.")
                return [CheckResult("static", failed: error)]
            }
            var results = [CheckResult("static", .passed, "\(manifest.id) \(manifest.version) is well-formed and safe")]
            results += manifest.warnings.map { CheckResult("manifest", .warning, $0) }
            let plugin = try await store(manifest, content, candidate.location)
            guard plugin.library != nil else {
                return results + [CheckResult("load", .skipped, "the plugin has no native code")]
            }
            switch try await PluginProbe(loader: loader).examine(plugin) {
            case .broken(let failure): return results + [CheckResult("load", failed: failure)]
            case .ready(let sandbox, _):
                results.append(
                    CheckResult(
                        "load", .passed,
                        "loads, keeps its manifest's word, and shuts down; sandbox \(sandbox.description)"))
            }
            for kind in manifest.provides where kind.interface == .scorer {
                results += await ScorerCheck(
                    kind: ResolvedKind(plugin: plugin, kind: kind), loader: loader, threads: threads
                )
                .run()
            }
            return results
        } catch {
            return [CheckResult("check", failed: error)]
        }
    }

    /// A candidate is only judged when its files have been quiet; waits for that, up to ten looks.
    private func settled(_ path: String) async throws -> PluginCandidate {
        let scanner = PluginScanner(directories: [])
        for _ in 0..<10 {
            let candidate = try await threads.call(within: .seconds(60)) { _ in scanner.examine(path: path) }
            guard case .settling(let wait) = candidate.outcome else { return candidate }
            try await Task.sleep(for: wait)
        }
        throw PluginError(.changing, "\(path) keeps changing.", hint: "Check it again when its build has ended.")
    }

    private func store(
        _ manifest: PluginManifest, _ content: PluginContent, _ location: PluginLocation
    ) async throws -> ReadyPlugin {
        let store = ContentStore(path: workFolder)
        let stored = try await threads.call(within: .seconds(60)) { _ in
            Result { () throws(PluginError) in try store.store(manifest, content, from: location) }
        }.get()
        return ReadyPlugin(
            manifest: manifest, sha256: content.hash, folder: stored.path, library: stored.libraryPath(manifest),
            isFirstParty: false, mayRunInHost: false, sandbox: .full)
    }
}
