import ArenaConcurrency
import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import Glibc
import Synchronization

/// A dispatcher at work while its disk fills up and is freed again.
struct FullDiskTrial {
    /// A file system of a few megabytes.
    let folder: String

    private var path: String { folder + "/arena.db" }
    private var ballast: String { folder + "/ballast" }

    /// - Returns: `{enqueued, refused: {code, message, hint}, claim, commit, jobs, done, rows, problems}`: what was
    ///   answered while the disk was full, and what the store holds in the end.
    func run() async throws -> JSONValue {
        let store = try await ArenaStore.open(path: path, pollInterval: .milliseconds(20))
        let (told, filled) = (Told(), Told())
        let dispatcher = Dispatcher(
            store: store, catalog: OneKind(), executor: Filler(isFull: filled, refused: told),
            configuration: DispatcherConfiguration(slots: 1))
        let serving = Task { try await dispatcher.run() }
        _ = try await store.enqueue(.trial("first", payload: ["waits": true]))
        for await _ in store.wakeups() where try await store.job("first")?.status == .running { break }
        _ = try await store.enqueue(.trial("waiting"))
        try fill()
        var enqueued = 2
        var refused: Failure?
        while refused == nil, enqueued < 20_000 {
            do {
                _ = try await store.enqueue(.trial("j\(enqueued)", payload: ["text": .string(Self.text)]))
                enqueued += 1
            } catch {
                refused = Failure(error)
            }
        }
        let claim = await code { _ = try await store.claim(.trial(in: store)) }
        filled.tell("yes")
        let commit = await told.heard()
        unlink(ballast)
        _ = try await store.enqueue(.trial("last"))
        enqueued += 1
        for await _ in store.wakeups() where try await store.jobs(.done).count == enqueued { break }
        dispatcher.stop()
        try await serving.value
        let rows = try await store.pluginRecords(ofJob: "first", recordType: "note/1").count
        let problems = try await store.integrityProblems()
        let answer: JSONValue = [
            "enqueued": JSONValue(enqueued), "refused": refused?.json ?? .null, "claim": .string(claim),
            "commit": .string(commit), "jobs": JSONValue(try await store.jobs(JobFilter(limit: 30_000)).count),
            "done": JSONValue(try await store.jobs(.done).count), "rows": JSONValue(rows),
            "problems": .array(problems.map(JSONValue.string)),
        ]
        try await store.close()
        return answer
    }

    private static let text = String(repeating: "full ", count: 400)

    /// Writes until nothing more fits.
    private func fill() throws {
        let descriptor = Glibc.open(ballast, O_CREAT | O_WRONLY, 0o600)
        guard descriptor >= 0 else { throw Failure(code: "trial.fill", category: .internalError, message: ballast) }
        defer { _ = close(descriptor) }
        for size in [65_536, 4096, 512] {
            let piece = [UInt8](repeating: 1, count: size)
            while write(descriptor, piece, size) == size {}
        }
        guard errno == ENOSPC else { throw Failure(code: "trial.fill", category: .internalError, message: ballast) }
    }

    private func code(_ body: () async throws -> Void) async -> String {
        do { try await body() } catch { return Failure(error).code }
        return "none"
    }
}

/// Something that is said once and heard once.
private final class Told: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func tell(_ text: String) { continuation.yield(text) }

    func heard() async -> String {
        for await text in stream { return text }
        return "cancelled"
    }
}

/// The job that waits seals a row, again and again until the disk takes it; any other is done at once.
private struct Filler: JobExecutor {
    let isFull: Told
    let refused: Told

    func execute(_ job: ClaimedJob, in attempt: Attempt) async -> AttemptOutcome {
        guard job.record.payload["waits"] == true else { return .done([:]) }
        _ = await isFull.heard()
        do {
            let text = JSONValue.string(String(repeating: "row ", count: 100_000))
            try await attempt.put(recordType: "note/1", key: "only", json: ["text": text])
        } catch {
            return .failed(Failure(error), status: .internalError, retry: false)
        }
        while !Task.isCancelled {
            do {
                _ = try await attempt.commit(checkpoint: [1], expected: 0)
                refused.tell("none")
                return .done([:])
            } catch {
                refused.tell(error.code)
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        return .cancelled
    }
}

private struct OneKind: JobKindCatalog {
    func jobKind(_ name: String) async throws -> JobKindInfo {
        JobKindInfo(
            name: "trial/k", plugin: PluginStamp(id: "trial", version: "1.0.0", sha256: "ab"),
            recordTypes: ["note/1"])
    }

    func limits() async -> ConcurrencyLimits { ConcurrencyLimits() }
    func problems(in payload: JSONValue, of kind: JobKindInfo) async throws -> [PayloadProblem] { [] }
}

extension JobFilter {
    fileprivate static let done = JobFilter(statuses: [.done], limit: 30_000)
}

extension ClaimRequest {
    fileprivate static func trial(in store: ArenaStore) -> ClaimRequest {
        ClaimRequest(limit: 1, dispatcherID: "other", host: .trial, leaseExpiresAt: store.now() + .seconds(30))
    }
}
