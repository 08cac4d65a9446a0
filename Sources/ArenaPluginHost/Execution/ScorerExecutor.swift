import ArenaCore
package import ArenaJSON
package import ArenaPluginABI

/// Judges batches with any scorer, in the host or in a child: one interface, and where it runs is policy.
///
/// Batches are cut to 256 items. A batch that its scorer crashes on is halved until the item is found, which fails while
/// the others score. Three crashes park the plugin.
package actor ScorerExecutor {
    /// What tells one created scorer from another.
    private struct Key: Hashable {
        let sha256: String
        let kind: String
        let config: String
    }
    /// The instances of one scorer: each judges one batch at a time.
    private struct Pool {
        var idle: [any ScorerInstance] = []
        var inUse = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var usedAt: UInt64 = 0
    }

    package static let batchSize = 256
    package static let crashesUntilParked = 3
    private static let instancesPerScorer = 2
    private static let mostPools = 16

    private let loader: PluginLoader
    private let threads: PluginThreads
    private var pools: [Key: Pool] = [:]
    private var libraries: [String: PluginLibrary] = [:]
    private var demoted: Set<String> = []
    private var crashes: [String: Int] = [:]

    package init(loader: PluginLoader, threads: PluginThreads) {
        self.loader = loader
        self.threads = threads
    }

    /// Where a kind's calls really run now: a scorer that hung in the host runs in a child ever after.
    package func isolation(of kind: ResolvedKind) -> Isolation {
        demoted.contains(kind.plugin.sha256) ? .child : kind.plugin.isolation(of: kind.kind)
    }

    /// Why a plugin no longer runs; `nil` while it does.
    package func parkedReason(of sha256: String) -> String? {
        guard let count = crashes[sha256], count >= Self.crashesUntilParked else { return nil }
        return "its scorer crashed \(count) times"
    }

    /// Lets a parked plugin run again.
    package func forgive(_ sha256: String) {
        crashes[sha256] = nil
        demoted.remove(sha256)
    }

    /// Judges items, in order.
    ///
    /// - Parameter config: checked against the kind's schema by the caller.
    /// - Throws: ``PluginFault`` for a fault of the scorer as a whole.
    package func score(
        _ batch: ScoreBatch, with kind: ResolvedKind, config: JSONValue = [:]
    ) async throws(PluginFault) -> [ScoreResult] {
        let key = Key(sha256: kind.plugin.sha256, kind: kind.kind.id, config: config.text(.sorted))
        if batch.count <= Self.batchSize { return try await narrow(batch, kind, key, depth: 0) }
        var results: [ScoreResult] = []
        var start = 0
        while start < batch.count {
            let end = min(start + Self.batchSize, batch.count)
            results += try await narrow(batch[start..<end], kind, key, depth: 0)
            start = end
        }
        return results
    }

    /// Gives every idle instance back.
    package func stop() async {
        let idle = pools.values.flatMap(\.idle)
        pools = [:]
        for instance in idle { await instance.discard() }
    }

    /// Scores, and halves a batch that loses its scorer.
    private func narrow(
        _ batch: ScoreBatch, _ kind: ResolvedKind, _ key: Key, depth: Int
    ) async throws(PluginFault) -> [ScoreResult] {
        if batch.count == 0 { return [] }
        if depth == 0, let reason = parkedReason(of: key.sha256) {
            throw PluginFault(.parked(reason: reason), plugin: kind.plugin.id)
        }
        do {
            return try await attempt(batch, kind, key, limit: limit(of: kind, depth: depth))
        } catch {
            guard error.lostChild, case .child = isolation(of: kind) else { throw error }
            if case .workerUnavailable = error.kind { throw error }
            if depth == 0 { crashes[key.sha256, default: 0] += 1 }
            if batch.count == 1 {
                return [
                    ScoreResult(
                        status: .internalError, value: 0, flags: [], reason: .infrastructure, explain: error.message)
                ]
            }
            let middle = batch.count / 2
            let first = try await narrow(batch[0..<middle], kind, key, depth: depth + 1)
            return first + (try await narrow(batch[middle..<batch.count], kind, key, depth: depth + 1))
        }
    }

    /// The manifest's limit for a whole batch; while an item is looked for each try gets less.
    private func limit(of kind: ResolvedKind, depth: Int) -> Duration {
        let whole = kind.kind.capabilities.timeout.standard ?? .seconds(10)
        return depth == 0 ? whole : max(whole / 4, .milliseconds(500))
    }

    private func attempt(
        _ batch: ScoreBatch, _ kind: ResolvedKind, _ key: Key, limit: Duration
    ) async throws(PluginFault) -> [ScoreResult] {
        let instance = try await checkOut(kind, key)
        do {
            let results = try await instance.score(batch, within: limit)
            checkIn(instance, key)
            return results
        } catch {
            if error.lostChild || error.kind == .cancelled {
                checkIn(nil, key)
                if case .host = isolation(of: kind), case .unresponsive = error.kind {
                    // Its thread is lost and its state unknown: from now on a child, which can be ended.
                    demoted.insert(key.sha256)
                    return try await attempt(batch, kind, key, limit: limit)
                }
                await instance.discard()
            } else {
                checkIn(instance, key)
            }
            throw error
        }
    }

    private func checkOut(_ kind: ResolvedKind, _ key: Key) async throws(PluginFault) -> any ScorerInstance {
        await evictIfCrowded(keeping: key)
        while true {
            var pool = pools[key] ?? Pool()
            pool.usedAt = monotonicNanoseconds()
            if let instance = pool.idle.popLast() {
                pool.inUse += 1
                pools[key] = pool
                return instance
            }
            if pool.inUse < Self.instancesPerScorer {
                pool.inUse += 1
                pools[key] = pool
                do { return try await create(kind, key) } catch {
                    checkIn(nil, key)
                    throw error
                }
            }
            await withCheckedContinuation { continuation in
                pools[key, default: Pool()].waiting.append(continuation)
            }
        }
    }

    private func checkIn(_ instance: (any ScorerInstance)?, _ key: Key) {
        guard var pool = pools[key] else { return }
        pool.inUse -= 1
        if let instance { pool.idle.append(instance) }
        let next = pool.waiting.isEmpty ? nil : pool.waiting.removeFirst()
        pools[key] = pool
        next?.resume()
    }

    private func create(_ kind: ResolvedKind, _ key: Key) async throws(PluginFault) -> any ScorerInstance {
        guard case .host = isolation(of: kind), let path = kind.plugin.library else {
            return try await ChildScorer(kind, config: key.config, loader: loader)
        }
        let library = try await library(path, plugin: kind.plugin.id)
        return try await HostScorer(kind, config: key.config, library: library, threads: threads)
    }

    /// The library in this process, loaded once and never unloaded. dlopen runs constructors, so not on this actor.
    private func library(_ path: String, plugin: String) async throws(PluginFault) -> PluginLibrary {
        if let library = libraries[path] { return library }
        do {
            let loaded = try await threads.call(within: .seconds(5)) { _ in
                Result { () throws(PluginABIError) in try PluginLibrary(path: path) }
            }
            let library = try loaded.get()
            libraries[path] = library
            return library
        } catch let error as PluginABIError {
            throw PluginFault(.refused(Failure(error)), plugin: plugin)
        } catch {
            throw PluginFault(error as? PluginThreads.Refusal ?? .cancelled, plugin: plugin, after: .seconds(5))
        }
    }

    /// Keeps the number of scorers that hold a process bounded: the one unused for longest goes.
    private func evictIfCrowded(keeping key: Key) async {
        guard pools.count >= Self.mostPools, pools[key] == nil else { return }
        let quiet = pools.filter { $0.value.inUse == 0 && $0.value.waiting.isEmpty }
        guard let oldest = quiet.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return }
        pools[oldest.key] = nil
        for instance in oldest.value.idle { await instance.discard() }
    }
}
