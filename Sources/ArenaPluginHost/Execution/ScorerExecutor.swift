import ArenaCore
package import ArenaJSON
package import ArenaPluginABI

/// Judges batches with any scorer, in the host or in a child: one interface, and where it runs is policy.
///
/// Batches are cut to 256 items. Small batches for a scorer whose children are all busy are judged together by the next
/// that is free, so that many callers with an item each cost little more than one with many. A batch that its scorer
/// crashes on is halved until the item is found, which fails while the others score. Three crashes park the plugin.
package actor ScorerExecutor {
    /// What tells one created scorer from another.
    private struct Key: Hashable {
        let sha256: String
        let kind: String
        let config: String
    }

    package static let batchSize = 256
    package static let crashesUntilParked = 3
    private static let mostPools = 16

    private let loader: PluginLoader
    private let threads: PluginThreads
    private let services: CallServices
    private let bearsLosses: Bool
    private var pools: [Key: ScorerPool] = [:]
    /// Those who wait for the results of a batch that is judged with others, by its request.
    private var callers: [UInt64: CheckedContinuation<Result<[ScoreResult], PluginFault>, Never>] = [:]
    private var lastRequest: UInt64 = 0
    private var isStopped = false
    private var libraries: [String: PluginLibrary] = [:]
    private var demoted: Set<String> = []
    private var crashes: [String: Int] = [:]

    /// - Parameters:
    ///   - services: for scorers in children; in the host there are none to be had.
    ///   - bearsLosses: whether the items of a batch that loses its scorer are tried apart, and a plugin that loses it
    ///     again and again is parked; else such a batch fails at once.
    package init(
        loader: PluginLoader, threads: PluginThreads, services: CallServices = .none, bearsLosses: Bool = true
    ) {
        self.bearsLosses = bearsLosses
        self.loader = loader
        self.threads = threads
        self.services = services
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
        if batch.count <= Self.batchSize { return try await judge(batch, kind, key) }
        var results: [ScoreResult] = []
        var start = 0
        while start < batch.count {
            let end = min(start + Self.batchSize, batch.count)
            results += try await judge(batch[start..<end], kind, key)
            start = end
        }
        return results
    }

    /// Makes a scorer ready to judge, so that one which refuses its configuration says so before there is an item.
    package func prepare(_ kind: ResolvedKind, config: JSONValue) async throws(PluginFault) {
        let key = Key(sha256: kind.plugin.sha256, kind: kind.kind.id, config: config.text(.sorted))
        checkIn(try await checkOut(kind, key), key)
    }

    /// Gives every idle instance back; what waits for one is refused.
    package func stop() async {
        isStopped = true
        var instances: [any ScorerInstance] = []
        for key in pools.keys {
            guard let (idle, waiting, requests) = pools[key]?.close() else { continue }
            instances += idle
            for continuation in waiting { continuation.resume() }
            for request in requests { answer(request.id, .failure(Self.stopped)) }
        }
        pools = [:]
        for instance in instances { await instance.discard() }
    }

    private static let stopped = PluginFault(.workerUnavailable(reason: "the host is shutting down"))

    // MARK: Small batches together

    private func judge(
        _ batch: ScoreBatch, _ kind: ResolvedKind, _ key: Key
    ) async throws(PluginFault) -> [ScoreResult] {
        guard case .child = isolation(of: kind), pools[key]?.isBusy == true, batch.count > 0 else {
            return try await narrow(batch, kind, key, depth: 0)
        }
        lastRequest += 1
        let request = ScorerPool.Request(id: lastRequest, kind: kind, batch: batch)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                callers[request.id] = continuation
                pools[key]?.add(request)
                if Task.isCancelled { withdraw(request.id, key) }
            }
        } onCancel: {
            Task { await withdraw(request.id, key) }
        }
        return try result.get()
    }

    private func withdraw(_ request: UInt64, _ key: Key) {
        pools[key]?.remove(request)
        answer(request, .failure(PluginFault(.cancelled)))
    }

    /// Resumes who asked, unless that has been done.
    private func answer(_ request: UInt64, _ result: Result<[ScoreResult], PluginFault>) {
        callers.removeValue(forKey: request)?.resume(returning: result)
    }

    /// Judges what has gathered while every instance was busy.
    private func judgeTogether(_ key: Key) async {
        guard let requests = pools[key]?.takeRequests(upTo: Self.batchSize), let kind = requests.first?.kind else {
            return
        }
        do throws(PluginFault) {
            let results = try await narrow(ScoreBatch(joining: requests.map(\.batch)), kind, key, depth: 0)
            var start = 0
            for request in requests {
                answer(request.id, .success(Array(results[start..<(start + request.batch.count)])))
                start += request.batch.count
            }
        } catch {
            guard requests.count > 1 else { return answer(requests[0].id, .failure(error)) }
            // Each gets its own fault and nobody another's.
            for request in requests {
                do throws(PluginFault) {
                    answer(request.id, .success(try await narrow(request.batch, kind, key, depth: 0)))
                } catch {
                    answer(request.id, .failure(error))
                }
            }
        }
    }

    // MARK: One batch

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
            // A child that was ended because its caller gave up says nothing about the plugin.
            if Task.isCancelled { throw PluginFault(.cancelled, plugin: kind.plugin.id) }
            guard bearsLosses, error.lostChild, case .child = isolation(of: kind) else { throw error }
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
            } else if error.code == "scorer.out_of_step" {
                // No line of that program can be trusted any more.
                checkIn(nil, key)
                await instance.discard()
            } else {
                checkIn(instance, key)
            }
            throw error
        }
    }

    private func checkOut(_ kind: ResolvedKind, _ key: Key) async throws(PluginFault) -> any ScorerInstance {
        await evictIfCrowded(keeping: key)
        while !isStopped {
            pools[key, default: ScorerPool()].usedAt = monotonicNanoseconds()
            switch pools[key, default: ScorerPool()].checkOut() {
            case .take(let instance): return instance
            case .create:
                do { return try await create(kind, key) } catch {
                    checkIn(nil, key)
                    throw error
                }
            case .wait:
                await withCheckedContinuation { pools[key, default: ScorerPool()].wait($0) }
            }
        }
        throw Self.stopped
    }

    private func checkIn(_ instance: (any ScorerInstance)?, _ key: Key) {
        guard pools[key] != nil else {
            if let instance { Task { await instance.discard() } }
            return
        }
        if let next = pools[key]?.checkIn(instance) {
            next.resume()
        } else if pools[key]?.hasRequests == true {
            Task { await judgeTogether(key) }
        }
    }

    private func create(_ kind: ResolvedKind, _ key: Key) async throws(PluginFault) -> any ScorerInstance {
        if case .host = isolation(of: kind), let scorer = kind.kind.foreign, case .function(var function) = scorer {
            if let own = scorer.ownLibrary { function.library = "\(kind.plugin.folder)/\(own)" }
            return try await HostScorer(function, plugin: kind.plugin.id, threads: threads)
        }
        guard case .host = isolation(of: kind), let path = kind.plugin.library else {
            return try await ChildScorer(kind, config: key.config, loader: loader, services: services)
        }
        let library = try await library(path, plugin: kind.plugin.id)
        return try await HostScorer(kind, config: key.config, library: library, threads: threads)
    }

    /// The library in this process, loaded once and never unloaded. dlopen runs constructors, so not on this actor.
    func library(_ path: String, plugin: String) async throws(PluginFault) -> PluginLibrary {
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
        let quiet = pools.filter { $0.value.isQuiet }
        guard let oldest = quiet.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return }
        pools[oldest.key] = nil
        for instance in oldest.value.idle { await instance.discard() }
    }
}
