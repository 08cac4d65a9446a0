import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// The durable queue as clients of the server see it.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(1)))
struct QueueServerTests {
    /// A server without a dispatcher: jobs wait until a test runs them.
    private func serving(_ body: @escaping @Sendable (TestHouse, HouseServer) async throws -> Void) async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            try await HouseServer.run(on: house.runtime) { try await body(house, $0) }
        }
    }

    @Test func theSameWorkIsOneJobUnlessTheClientSaysOtherwise() async throws {
        try await serving { house, server in
            func ask(_ key: String?) async throws -> JSONValue {
                var body: JSONObject = ["kind": "sleep", "payload": ["seconds": 0], "trigger": "test"]
                body["dedup_key"] = key.map(JSONValue.string)
                return try await server.send("POST", "/api/jobs", body: .object(body)).json
            }
            let first = try await ask("k")
            #expect(first["coalesced"] == false && first["status"] == "queued")
            let again = try await ask("k")
            #expect(again["coalesced"] == true && again["job_id"] == first["job_id"] && again["status"] == "queued")
            #expect(try await ask("")["coalesced"] == false)
            #expect(try await ask("")["coalesced"] == false)
            #expect(try await ask(nil)["coalesced"] == false, "it names no lane and no bench")
            let id = try #require(first["job_id"]?.string)
            let trail = try await server.send("GET", "/api/jobs/\(id)").json["triggers"]?.array ?? []
            #expect(trail.map { $0["event"] } == ["enqueue", "coalesce"])
            #expect(
                trail.allSatisfy { $0["count"] == 1 && $0["source"] == "test" && $0["last_at"] == $0["created_at"] })
        }
    }

    @Test func aJobRunsAsTheClientWantsIt() async throws {
        try await serving { house, server in
            let body: JSONValue = [
                "kind": "sleep", "payload": ["seconds": 0], "run_after": "2126-01-01T00:00:00+02:00",
                "seed": "18446744073709551615", "max_attempts": 2, "timeout_ms": 1500,
            ]
            let id = try #require(try await server.send("POST", "/api/jobs", body: body).json["job_id"]?.string)
            let job = try await server.send("GET", "/api/jobs/\(id)").json
            #expect(job["run_after"] == "2125-12-31T22:00:00.000Z" && job["seed"] == "18446744073709551615")
            #expect(job["max_attempts"] == 2 && job["timeout_ms"] == 1500 && job["queued_ms"] == nil)
            let tooLong: JSONValue = [
                "kind": "sleep", "payload": ["seconds": 0], "timeout_ms": 315_360_000_000,
            ]
            let refused = try await server.send("POST", "/api/jobs", body: tooLong)
            #expect(refused.status == 422 && refused.json["code"] == "job.timeout_too_long")
        }
    }

    @Test func aRunningJobIsCancelledAndSaysSo() async throws {
        try await serving { house, server in
            let dispatcher = house.runtime.makeDispatcher()
            let dispatching = Task { try await dispatcher.run() }
            let body: JSONValue = ["kind": "sleep", "payload": ["seconds": 60, "steps": 600]]
            let id = try #require(try await server.send("POST", "/api/jobs", body: body).json["job_id"]?.string)
            let running = try await server.events("/api/jobs/stream") { event in
                let jobs = event.data["jobs"]?.array ?? [event.data["job"] ?? .null]
                return jobs.contains { $0["progress"]?["eta_s"]?.int ?? 0 > 0 }
            }
            #expect(running.last?.data["job"]?["progress"]?["total"] == 600)
            let answer = try await server.send("DELETE", "/api/jobs/\(id)")
            #expect(answer.status == 202 && answer.json["status"] == "cancelling")
            #expect(answer.json["cancel_requested_at"]?.string.flatMap { Timestamp($0) } != nil)
            let again = try await server.send("DELETE", "/api/jobs/\(id)")
            #expect([202, 409].contains(again.status))
            if again.status == 202 { #expect(again.json == answer.json, "the first request counts") }
            let ended = try await house.runtime.jobs.untilFinished(id)
            #expect(ended.status == .skipped && ended.reason == "cancelled")
            let late = try await server.send("DELETE", "/api/jobs/\(id)")
            #expect(late.status == 409 && late.json["code"] == "job.ended")
            #expect(try await server.send("DELETE", "/api/jobs/none").status == 404)
            let detail = try await server.send("GET", "/api/jobs/\(id)").json
            let attempt = try #require(detail["attempt_history"]?.array?.last)
            #expect(attempt["outcome"] == "cancelled" && attempt["run_ms"] == detail["run_ms"])
            #expect((detail["queued_ms"]?.int ?? -1) >= 0)
            dispatcher.stop()
            try await dispatching.value
        }
    }

    @Test func aPausedKindWaitsAndTheStreamTells() async throws {
        try await serving { house, server in
            let start = try await server.events("/api/jobs/stream") { _ in true }[0]
            #expect(start.data["paused_kinds"] == [] && start.data["schedules"] == [])
            let pause: JSONValue = ["kind": "sleep", "reason": "too warm"]
            #expect(try await server.send("POST", "/api/kinds/pause", body: pause).json["kind"] == "sleep/sleep")
            let told = try await server.events("/api/jobs/stream", lastEventID: start.id) { $0.name == "paused_kinds" }
            let paused = try #require(told.last?.data["paused_kinds"])
            #expect(paused.array?.map { $0["reason"] } == ["too warm"])
            #expect(try await server.send("GET", "/api/kinds/paused").json["kinds"] == paused)

            let job: JSONValue = ["kind": "sleep", "payload": ["seconds": 0]]
            let id = try #require(try await server.send("POST", "/api/jobs", body: job).json["job_id"]?.string)
            _ = try await house.runtime.makeDrain().run()
            #expect(try await house.runtime.store.job(id)?.status == .queued)
            let resumed = try await server.send("POST", "/api/kinds/resume", body: ["kind": "sleep/sleep"])
            #expect(resumed.json["was_paused"] == true)
            _ = try await house.runtime.makeDrain().run()
            #expect(try await house.runtime.store.job(id)?.status == .done)
            let unknown = try await server.send("POST", "/api/kinds/pause", body: ["kind": "no/such"])
            #expect(unknown.status == 404)
        }
    }

    @Test func theStreamTellsOfSchedulesLogLinesAndPrunedJobs() async throws {
        try await serving { house, server in
            let start = try await server.events("/api/jobs/stream") { _ in true }[0].id
            let nap: JSONValue = ["id": "nap", "kind": "sleep", "payload": ["seconds": 0], "cron": "@daily"]
            #expect(try await server.send("POST", "/api/schedule", body: nap).status == 200)
            let added = try await server.events("/api/jobs/stream", lastEventID: start) { $0.name == "schedule" }
            #expect(added.last?.data["schedule"]?["next_runs"]?.array?.count == 3)
            #expect(try await server.send("DELETE", "/api/schedule/nap").status == 200)
            let gone = try await server.events("/api/jobs/stream", lastEventID: start) { $0.name == "schedule_removed" }
            #expect(gone.last?.data == ["id": "nap"])

            let job: JSONValue = ["kind": "sleep", "payload": ["seconds": 0]]
            let id = try #require(try await server.send("POST", "/api/jobs", body: job).json["job_id"]?.string)
            _ = try await server.send("DELETE", "/api/jobs/\(id)")
            #expect(try await house.runtime.pruneJobs(olderThan: .seconds(-1)).jobs == 1)
            let removed = try await server.events("/api/jobs/stream", lastEventID: start) { $0.name == "removed" }
            #expect(removed.last?.data == ["job_id": .string(id)])
            #expect(try await server.send("GET", "/api/jobs/\(id)").status == 404)
        }
    }

    @Test func whatFailedIsFoundAndRetriedTogether() async throws {
        try await serving { house, server in
            let store = house.runtime.store
            for (id, message) in [("a", "The lane was away."), ("b", "The disk is full.")] {
                try await Self.fail(id, message, in: store)
            }
            let found = try await server.send("GET", "/api/jobs/dead?kind=sleep&text=LANE").json["jobs"]
            #expect(found?.array?.map { $0["id"] } == ["a"])
            #expect(
                try await server.send("GET", "/api/jobs/dead?code=test.failed&limit=1").json["next_cursor"] != .null)
            let bad = try await server.send("GET", "/api/jobs/dead?cursor=x")
            #expect(bad.status == 400 && bad.json["code"] == "jobs.bad_cursor")
            let retried = try await server.send("POST", "/api/jobs/retry", body: ["text": "LANE"]).json
            #expect(retried["retried"] == ["a"] && retried["duplicates"] == [])
            #expect(try await store.triggers(ofJob: "a").last?.source == "http")
            #expect(try await server.send("GET", "/api/jobs?status=queued,running").json["jobs"]?[0]?["id"] == "a")
            #expect(try await server.send("GET", "/api/jobs?status=failed&kind=sleep").json["jobs"]?[0]?["id"] == "b")
            #expect(try await server.send("GET", "/api/jobs?kind=other/kind").json["jobs"] == [])
        }
    }

    @Test func theLastLinesOfALogAreThereWithoutTheRest() async throws {
        try await serving { house, server in
            let store = house.runtime.store
            let lease = try await Self.hold("a", in: store).lease
            let lines = (1...1200).map { LogLine(level: 1, message: "line \($0)", createdAt: store.now()) }
            #expect(try await store.report(lines, progress: nil, for: lease))
            let tail = try await server.send("GET", "/api/jobs/a/log?tail=2").json
            #expect(tail["lines"]?.array?.map { $0["message"] } == ["line 1199", "line 1200"])
            let next = try #require(tail["next"]?.int)
            #expect(try await server.send("GET", "/api/jobs/a/log?after=\(next)").json["lines"] == [])
            let detail = try await server.send("GET", "/api/jobs/a").json
            #expect(detail["log"]?.array?.last?["message"] == "line 1200", "a long log ends where it ends")
            #expect(try await server.send("GET", "/api/jobs/none/log?tail=2").status == 404)
        }
    }

    @Test func pruningDeletesTheFilesThatOnlyTheJobKnew() async throws {
        try await serving { house, server in
            let store = house.runtime.store
            let lease = try await Self.hold("a", in: store).lease
            let folder = house.home + "/artifacts/a"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(filePath: folder + "/f.txt"))
            let rows = ["f.txt", "gone.txt"].map { name in
                SealedRow.artifact(
                    ArtifactRecord(
                        name: name, mediaType: "text/plain", size: ByteCount(1), sha256: "ab", path: "a/\(name)"))
            }
            _ = try await store.seal(rows, checkpoint: [], pluginSHA256: "ab", expected: 0, for: lease)
            _ = try await store.conclude(lease) { AttemptConclusion(.failed, by: .fail, of: $0) }
            let kept = try await server.send("POST", "/api/jobs/prune", body: ["older_than_s": 3600])
            #expect(kept.json == ["ok": true, "jobs": 0, "files": 0])
            #expect(FileManager.default.fileExists(atPath: folder + "/f.txt"))
            let pruned = try await house.runtime.pruneJobs(olderThan: .seconds(-1), statuses: [.failed])
            #expect(pruned.jobs == 1 && pruned.orphanedPaths.count == 2)
            #expect(!FileManager.default.fileExists(atPath: folder), "the empty folder goes too")
        }
    }

    private static func hold(_ id: String, in store: ArenaStore) async throws -> Claim {
        _ = try await store.enqueue(
            NewJob(id: id, kind: "sleep/sleep", payload: ["seconds": 0], trigger: "test", seed: 1, maxAttempts: 1))
        let host = HostIdentity(bootID: "b", pidNamespace: 1, process: ProcessStamp(pid: 1, startTicks: 1))
        let claims = try await store.claim(
            ClaimRequest(
                limit: 1, onlyJobID: id, dispatcherID: "d", host: host, leaseExpiresAt: store.now() + .seconds(60)))
        let claim = try #require(claims.first)
        let plugin = PluginStamp(id: "sleep", version: "1", sha256: "ab")
        #expect(try await store.begin(claim.lease, plugin: plugin))
        return claim
    }

    private static func fail(_ id: String, _ message: String, in store: ArenaStore) async throws {
        let claim = try await hold(id, in: store)
        _ = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(.failed, by: .fail, of: job)
            conclusion.failure = Failure(code: "test.failed", category: .unavailable, message: message)
            return conclusion
        }
    }
}
