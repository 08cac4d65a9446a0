import ArenaCore
import ArenaJSON
import ArenaPluginABI
package import ArenaPluginHost

/// Examines a plugin before anybody grants it: its files and manifest here, its code only in throw-away children, one a
/// check.
package struct PluginCheck: Sendable {
    private let loader: PluginLoader
    private let threads: PluginThreads
    private let workFolder: String
    private let reader: RubricReaderSearch

    /// - Parameters:
    ///   - workFolder: where copies of the files are kept while they are examined.
    ///   - reader: who reads the rubrics that are documents of a plugin which reads none itself.
    package init(
        loader: PluginLoader, threads: PluginThreads, workFolder: String,
        reader: @escaping RubricReaderSearch = { _ in nil }
    ) {
        self.reader = reader
        self.loader = loader
        self.threads = threads
        self.workFolder = workFolder
    }

    /// What would be checked of the folder or library at `path`, without running any of its code.
    ///
    /// - Throws: ``PluginError`` for what is no plugin.
    package func plan(path: String, _ options: CheckOptions = CheckOptions()) async throws -> [PlannedCheck] {
        let candidate = try await settled(path)
        guard case .usable(let manifest, let content) = candidate.outcome else {
            throw candidate.error ?? PluginError(.changing, "\(path) keeps changing.")
        }
        let plugin = try await store(manifest, content, candidate.location)
        let subject = ExaminedPlugin(plugin: plugin, loader: loader, threads: threads, options: options, reader: reader)
        if let replay = options.replay { return [FuzzCheck.replay(replay, of: subject)] }
        var checks = StaticCheck(subject: subject).checks
        if plugin.library != nil {
            checks += LoadCheck(subject: subject).checks + ContractCheck(subject: subject).checks
        } else if plugin.hasCode {
            // Functions and programs keep the rules of scorers; those of the C interface are not theirs.
            checks += [LoadCheck(subject: subject).promises]
        }
        for kind in manifest.provides {
            checks += BendingCheck(subject: subject, kind: kind).checks + InterfaceCheck.checks(of: kind, subject)
            checks += FuzzCheck(subject: subject, kind: kind).checks
        }
        return CheckGroup.allCases.flatMap { group in
            checks.filter { $0.group == group && (options.groups.contains(group) || options.names.contains($0.id)) }
        }
    }

    /// Makes every check that applies, in order. Of what cannot be loaded or started, or crashes or hangs whatever it
    /// is asked, nothing further is asked.
    ///
    /// - Parameter finished: told each result as soon as it is known.
    package func run(
        path: String, _ options: CheckOptions = CheckOptions(),
        finished: @Sendable (CheckResult) -> Void = { _ in }
    ) async -> [CheckResult] {
        let checks: [PlannedCheck]
        do { checks = try await plan(path: path, options) } catch {
            let check = PlannedCheck(.static, "plugin", subject: path, "it is a plugin") { throw error }
            let result = await check.run()
            finished(result)
            return [result]
        }
        var results: [CheckResult] = []
        var lost = LostKinds()
        for check in checks {
            let reason = lost.reason(toSkip: check)
            let result = if let reason { check.skipped(reason) } else { await check.run() }
            lost.note(result, of: check)
            finished(result)
            results.append(result)
        }
        return results
    }

    /// A candidate is only judged when its files have been quiet; waits for that, up to ten looks. A folder without a
    /// manifest may still hold rubrics.
    private func settled(_ path: String) async throws -> PluginCandidate {
        let scanner = PluginScanner(directories: [])
        let candidate = try await settled(path) { scanner.examine(path: path) }
        guard candidate.error?.reason == .manifestMissing else { return candidate }
        let rubrics = PluginScanner(directories: [PluginDirectory(path: path, origin: .homeRubrics)])
        let found = try await settled(path) { rubrics.scan().candidates.first ?? candidate }
        return found.error == nil ? found : candidate
    }

    private func settled(
        _ path: String, _ look: @escaping @Sendable () -> PluginCandidate
    ) async throws -> PluginCandidate {
        for _ in 0..<10 {
            let candidate = try await threads.call(within: .seconds(60)) { _ in look() }
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
