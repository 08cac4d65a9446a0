import ArenaCockpit
import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaStore
import Synchronization

/// A backend with two plugins, three kinds and five jobs, that remembers what it was asked.
final class StubBackend: CockpitBackend {
    let calls = Mutex<[String]>([])
    let enqueued = Mutex<[JobRequest]>([])
    let notReady: Failure?

    init(notReady: Failure? = nil) { self.notReady = notReady }

    func notReadyReason() async -> Failure? { notReady }

    func plugins() async throws -> [JSONValue] {
        [["id": "text", "state": "ready"], ["id": "replay", "state": "needs grant"]]
    }

    func plugin(_ id: String) async throws -> JSONValue {
        guard ["text", "replay"].contains(id) else {
            throw Failure(code: "plugin.unknown", category: .notFound, message: "There is no plugin '\(id)'.")
        }
        return ["id": .string(id)]
    }

    func trustPlugin(_ id: String, sha256: String?) async throws -> JSONValue {
        note("trust \(id) \(sha256 ?? "any")")
        return try await plugin(id)
    }

    func retryPlugin(_ id: String) async throws -> JSONValue {
        note("retry \(id)")
        return try await plugin(id)
    }

    func disablePlugin(_ id: String) async throws -> JSONValue {
        note("disable \(id)")
        return try await plugin(id)
    }

    func rescanPlugins() async throws -> JSONValue {
        note("rescan")
        return ["changed": 0]
    }

    func kinds(interface: String?) async throws -> [JSONValue] {
        let all: [JSONValue] = [
            ["interface": "arena.scorer/1", "id": "includes", "plugin": "text"],
            ["interface": "arena.scorer/1", "id": "exact_match", "plugin": "text"],
            ["interface": "arena.lane_type.engine/1", "id": "replay", "plugin": "replay"],
        ]
        return all.filter { kind in interface.map { kind["interface"]?.string == $0 } ?? true }
    }

    func lanes() async throws -> (lanes: [JSONValue], problem: JSONValue) {
        ([["id": "replay", "type": "replay"], ["id": "mine", "type": "openai"]], ["message": "arena.yaml:3:7: no."])
    }

    func jobs(_ query: JobQuery) async throws -> JobPage {
        let statuses = query.statuses.isEmpty ? "any" : query.statuses.joined(separator: "+")
        note("jobs \(statuses) of \(query.kind ?? "any") \(query.limit) \(query.cursor ?? "start")")
        return JobPage(jobs: [["id": "j1", "status": "done"]], nextCursor: query.cursor == nil ? "c1" : nil)
    }

    func deadJobs(_ filter: DeadJobFilter, limit: Int, cursor: String?) async throws -> JobPage {
        note("dead \(Self.text(filter)) \(limit) \(cursor ?? "start")")
        return JobPage(jobs: [["id": "j2", "status": "failed"]], nextCursor: nil)
    }

    private static func text(_ filter: DeadJobFilter) -> String {
        let texts: [String?] = [
            filter.statuses.map(\.rawValue).sorted().joined(separator: "+"), filter.kind, filter.code, filter.text,
            filter.endedAfter?.description, filter.endedBefore?.description,
        ]
        return texts.map { $0 ?? "any" }.joined(separator: " ")
    }

    func job(_ id: String) async throws -> JSONValue {
        if id == "broken" { throw Broken(secret: "sk-123") }
        return ["id": .string(id)]
    }

    func enqueueJob(_ request: JobRequest) async throws -> ArenaCockpit.EnqueuedJob {
        if request.kind == "picky" {
            throw Failure(code: "job.payload", category: .invalidArgument, message: "/n: must be an integer.")
        }
        note("enqueue \(request.kind) \(request.trigger) \(request.priority) \(request.payload.text())")
        enqueued.withLock { $0.append(request) }
        let again = request.kind == "again"
        return ArenaCockpit.EnqueuedJob(id: "j9", status: again ? "running" : "queued", isCoalesced: again)
    }

    func jobLog(_ id: String, _ part: LogPart) async throws -> JSONValue {
        switch part {
        case .page(let after, let limit): note("log \(id) \(after) \(limit)")
        case .tail(let count): note("log \(id) last \(count)")
        }
        return ["lines": [], "next": 7]
    }

    func cancelJob(_ id: String) async throws -> CancelledJob {
        note("cancel \(id)")
        switch id {
        case "over": throw Failure(code: "job.ended", category: .conflict, message: "It is done.")
        case "busy": return .cancelling(since: Timestamp(unixMilliseconds: 0))
        default: return .skipped
        }
    }

    func retryJobs(_ filter: DeadJobFilter) async throws -> BulkRetry {
        note("retry all \(Self.text(filter))")
        var result = BulkRetry()
        (result.retried, result.duplicates) = (["j1", "j3"], ["j2"])
        return result
    }

    func pruneJobs(olderThan age: Duration, statuses: Set<JobStatus>) async throws -> PrunedJobs {
        note("prune \(age.milliseconds / 1000) \(statuses.map(\.rawValue).sorted().joined(separator: "+"))")
        return PrunedJobs(jobs: 3, orphanedPaths: ["j1/a"])
    }

    func pausedKinds() async throws -> [JSONValue] { [["kind": "demo/b"], ["kind": "demo/a"]] }

    func pauseKind(_ kind: String, reason: String?) async throws -> String {
        guard kind != "unknown" else {
            throw Failure(code: "plugin.kind_not_found", category: .notFound, message: "There is no kind unknown.")
        }
        note("pause \(kind) \(reason ?? "without a reason")")
        return "demo/\(kind)"
    }

    func resumeKind(_ kind: String) async throws -> (kind: String, wasPaused: Bool) {
        note("resume \(kind)")
        return ("demo/\(kind)", kind == "sleep")
    }

    func retryJob(_ id: String) async throws -> JSONValue {
        note("retry job \(id)")
        return ["id": .string(id)]
    }

    func schedules(after id: String, limit: Int, preview: Int) async throws -> [JSONValue] {
        note("schedules \(id.isEmpty ? "start" : id) \(limit) \(preview)")
        return id.isEmpty ? [["id": "nightly"]] : []
    }

    func addSchedule(_ wish: ScheduleWish) async throws -> JSONValue {
        if wish.cron == "bad" {
            throw Failure(code: "schedule.invalid_cron", category: .invalidArgument, message: "Wrong at column 1.")
        }
        note(
            "schedule \(wish.kind) \(wish.cron ?? wish.everySeconds.map(String.init) ?? "never") "
                + "\(wish.timeZone ?? "no zone") \(wish.catchUp ?? "as usual") \(wish.payload.text())")
        return ["id": .string(wish.id ?? "s1")]
    }

    func removeSchedule(_ id: String) async throws {
        guard id == "nightly" else {
            throw Failure(code: "schedule.not_found", category: .notFound, message: "There is no schedule '\(id)'.")
        }
        note("remove schedule \(id)")
    }

    func metrics() async throws -> [MetricFamily] {
        [MetricFamily("stub_total", .counter, "What is counted.", [.init(3, ["kind": "a\"b"])])]
    }

    func score(_ request: ScoreRequest) async throws -> JSONValue {
        let items = request.items.map { "\($0.itemID)=\($0.output)~\($0.references.joined(separator: "|"))" }
        note("score \(request.scorer) \(request.config.text()) \(items.joined(separator: " "))")
        return ["scores": []]
    }

    func pluginFeed(lastEventID: String?) async throws -> any EventFeed { StubFeed(feed: self, after: lastEventID) }

    func jobFeed(lastEventID: String?) async throws -> any EventFeed { StubFeed(feed: self, after: lastEventID) }

    /// Readers of ``StubFeed`` that are there now, and what they are told.
    let readers = Mutex(0)
    let ticks = Mutex<[AsyncStream<Void>.Continuation]>([])

    /// Tells every reader that something is new.
    func tick() { for reader in ticks.withLock({ $0 }) { reader.yield() } }

    private struct StubFeed: EventFeed {
        let feed: StubBackend
        let after: String?
        var count = 0

        func follow(_ wake: @Sendable () -> Void) async {
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            feed.readers.withLock { $0 += 1 }
            feed.ticks.withLock { $0.append(continuation) }
            for await _ in stream { wake() }
            feed.readers.withLock { $0 -= 1 }
        }

        mutating func next() async throws -> [ServerEvent] {
            count += 1
            if count == 1 { return [ServerEvent("first", id: after ?? "0", data: ["text": "a\nb"])] }
            return [ServerEvent("tick", id: String(count))]
        }
    }

    private func note(_ call: String) { calls.withLock { $0.append(call) } }

    private struct Broken: Error { let secret: String }
}
