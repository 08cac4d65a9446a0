import ArenaCockpit
import ArenaCore
import ArenaJSON
import Synchronization

/// A backend with two plugins, three kinds and five jobs, that remembers what it was asked.
final class StubBackend: CockpitBackend {
    let calls = Mutex<[String]>([])
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

    func jobs(_ query: JobQuery) async throws -> JobPage {
        note("jobs \(query.status ?? "any") \(query.limit) \(query.cursor ?? "start")")
        return JobPage(jobs: [["id": "j1", "status": "done"]], nextCursor: query.cursor == nil ? "c1" : nil)
    }

    func job(_ id: String) async throws -> JSONValue {
        if id == "broken" { throw Broken(secret: "sk-123") }
        return ["id": .string(id)]
    }

    func enqueueJob(_ request: JobRequest) async throws -> EnqueuedJob {
        if request.kind == "picky" {
            throw Failure(code: "job.payload", category: .invalidArgument, message: "/n: must be an integer.")
        }
        note("enqueue \(request.kind) \(request.trigger) \(request.priority) \(request.payload.text())")
        return EnqueuedJob(id: "j9", isCoalesced: request.kind == "again")
    }

    private func note(_ call: String) { calls.withLock { $0.append(call) } }

    private struct Broken: Error { let secret: String }
}
