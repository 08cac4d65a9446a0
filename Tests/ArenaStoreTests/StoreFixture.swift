import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport

/// Where a store under test keeps its tables. Most tests run on both.
enum StoreHome: CaseIterable, Sendable {
    case memory, file

    func open(clock: any WallClock = TestClock()) async throws -> ArenaStore {
        switch self {
        case .memory: try await ArenaStore.inMemory(clock: clock)
        case .file: try await ArenaStore.open(path: TemporaryDirectory.path("arena.db"), clock: clock)
        }
    }
}

extension NewJob {
    static func sample(_ id: String, priority: Int = 0, dedupKey: String? = nil, runAfter: Timestamp? = nil) -> NewJob {
        NewJob(
            id: id, kind: "demo/sleep", payload: ["b": 1, "a": [2, "x"]], priority: priority, dedupKey: dedupKey,
            trigger: "test", seed: .max, maxAttempts: 3, timeout: .milliseconds(1500), runAfter: runAfter)
    }
}

extension HostIdentity {
    static let here = HostIdentity(
        bootID: "boot", pidNamespace: 4_026_531_836, process: ProcessStamp(pid: 100, startTicks: .max))
}

extension PluginStamp {
    static let demo = PluginStamp(id: "demo", version: "1.0.0", sha256: "ab")
}

extension ArenaStore {
    func claimAll(limit: Int = 100, only jobID: String? = nil, leaseExpiresAt: Timestamp? = nil) async throws -> [Claim]
    {
        try await claim(
            ClaimRequest(
                limit: limit, onlyJobID: jobID, dispatcherID: "d1", host: .here,
                leaseExpiresAt: leaseExpiresAt ?? Timestamp(unixMilliseconds: 1_795_251_600_000) + .seconds(30)))
    }

    /// Enqueues, claims and begins a job.
    func running(_ id: String) async throws -> Claim {
        _ = try await enqueue(.sample(id))
        guard let claim = try await claimAll(only: id).first, try await begin(claim.lease, plugin: .demo) else {
            throw StoreError(code: "test", category: .internalError, message: "Job \(id) could not be claimed.")
        }
        return claim
    }

    func finish(_ claim: Claim, sealing rows: [SealedRow] = []) async throws -> JobRecord? {
        try await conclude(claim.lease, sealing: rows) { job in
            var conclusion = AttemptConclusion(.done, by: .finish, of: job)
            conclusion.result = ["ok": true]
            return conclusion
        }
    }
}

extension SealedRow {
    static func score(
        _ item: String, run: String = "run1", value: JSONValue = 1, key: String? = nil
    ) throws -> SealedRow {
        try SealedRow(
            recordType: "eval_score/1", key: key ?? item,
            json: [
                "eval_run_id": .string(run), "item_id": .string(item), "value": value, "pass": true, "reason": "ok",
            ],
            pluginID: "demo")
    }

    static func run(_ id: String = "run1") throws -> SealedRow {
        try SealedRow(
            recordType: "eval_run/1", key: id, json: ["id": .string(id), "bench_id": "b", "lane_id": "l"],
            pluginID: "demo")
    }

    static func note(_ key: String) throws -> SealedRow {
        try SealedRow(recordType: "note/1", key: key, json: ["text": "hello"], pluginID: "demo")
    }
}
