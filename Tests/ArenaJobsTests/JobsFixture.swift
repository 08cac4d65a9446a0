import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Synchronization

/// One kind, `demo/sleep`, whose plugin tests may exchange.
final class StubCatalog: JobKindCatalog {
    let kind: Mutex<JobKindInfo>
    let problems: [PayloadProblem]
    let concurrency = Mutex(ConcurrencyLimits())

    init(_ kind: JobKindInfo = .demo, problems: [PayloadProblem] = []) {
        self.kind = Mutex(kind)
        self.problems = problems
    }

    func jobKind(_ name: String) async throws -> JobKindInfo {
        let kind = kind.withLock { $0 }
        guard kind.name == name || name == "sleep" else {
            throw Failure(code: "plugin.kind_not_found", category: .notFound, message: "There is no kind \(name).")
        }
        return kind
    }

    func limits() async -> ConcurrencyLimits { concurrency.withLock { $0 } }

    func problems(in payload: JSONValue, of kind: JobKindInfo) async throws -> [PayloadProblem] { problems }
}

/// Runs attempts by a closure.
struct StubExecutor: JobExecutor {
    let body: @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome

    init(_ body: @escaping @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome) {
        self.body = body
    }

    func execute(_ job: ClaimedJob, in attempt: Attempt) async -> AttemptOutcome { await body(job, attempt) }
}

/// The processes that a test says there are.
final class StubProcesses: ProcessTable {
    private let table: Mutex<[Int32: ProcessPresence]>

    init(_ table: [Int32: ProcessPresence] = [:]) { self.table = Mutex(table) }

    func look(up pid: Int32) -> ProcessPresence { table.withLock { $0[pid] ?? .absent } }
    func set(_ pid: Int32, _ presence: ProcessPresence) { table.withLock { $0[pid] = presence } }
}

/// Notes what it was asked to end.
final class StubEnder: ProcessEnder {
    let ended = Mutex<[ProcessStamp]>([])
    let succeeds: Bool

    init(succeeds: Bool = true) { self.succeeds = succeeds }

    func end(_ process: ProcessStamp) async -> Bool {
        ended.withLock { $0.append(process) }
        return succeeds
    }
}

/// A gate that opens once.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func passed() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

extension JobKindInfo {
    static let demo = JobKindInfo(
        name: "demo/sleep", plugin: PluginStamp(id: "demo", version: "1.0.0", sha256: "ab"),
        defaultTimeout: .seconds(60), maxTimeout: .seconds(600), maxAttempts: 3, recordTypes: ["note/1"])
}

extension HostIdentity {
    static func fake(boot: String = "boot", namespace: UInt64 = 1, pid: Int32, start: UInt64 = 1) -> HostIdentity {
        HostIdentity(bootID: boot, pidNamespace: namespace, process: ProcessStamp(pid: pid, startTicks: start))
    }
}

extension NewJob {
    static func sample(_ id: String, dedupKey: String? = nil, maxAttempts: Int = 3) -> NewJob {
        NewJob(
            id: id, kind: "demo/sleep", payload: ["ms": 1], dedupKey: dedupKey, trigger: "test", seed: 1,
            maxAttempts: maxAttempts)
    }
}

extension ArenaStore {
    /// Enqueues, claims and begins a job for a host.
    func running(
        _ id: String, on host: HostIdentity = .fake(pid: 1),
        leaseExpiresAt: Timestamp = TestClock().now() + .seconds(30),
        dedupKey: String? = nil
    ) async throws -> Claim {
        _ = try await enqueue(.sample(id, dedupKey: dedupKey))
        return try await claimed(id, on: host, leaseExpiresAt: leaseExpiresAt)
    }

    /// Claims and begins a job that waits.
    func claimed(
        _ id: String, on host: HostIdentity = .fake(pid: 1),
        leaseExpiresAt: Timestamp = TestClock().now() + .seconds(30)
    ) async throws -> Claim {
        let claims = try await claim(
            ClaimRequest(limit: 1, onlyJobID: id, dispatcherID: "d", host: host, leaseExpiresAt: leaseExpiresAt))
        guard let claim = claims.first, try await begin(claim.lease, plugin: JobKindInfo.demo.plugin) else {
            throw Failure(code: "test", category: .internalError, message: "Job \(id) could not be claimed.")
        }
        return claim
    }

    /// Waits until a job fulfils a condition.
    func until(_ id: String, _ condition: (JobRecord) -> Bool) async throws -> JobRecord {
        for await _ in wakeups() {
            if let job = try await job(id), condition(job) { return job }
        }
        throw CancellationError()
    }
}
