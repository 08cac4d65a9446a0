import ArenaCockpit
import ArenaCore
import ArenaJSON
import Synchronization
import Testing

/// Jobs over HTTP.
struct JobRouteTests {
    @Test func givesAPageOfJobs() async throws {
        try await RunningServer.run { server in
            let page = await server.send("GET", "/api/jobs?status=done,failed&kind=sleep&limit=20").json
            #expect(page == ["jobs": [["id": "j1", "status": "done"]], "next_cursor": "c1"])
            #expect(await server.send("GET", "/api/jobs?cursor=c1").json["next_cursor"] == .null)
            #expect(server.calls == ["jobs done+failed of sleep 20 start", "jobs any of any 200 c1"])
        }
    }

    @Test(arguments: ["limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "unknown=1"])
    func refusesABadQueryByName(query: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/api/jobs?\(query)")
            #expect(response.status == 400)
            let name = String(query.prefix { $0 != "=" })
            #expect(response.detail.contains("'\(name)'"))
        }
    }

    @Test func enqueuesAJob() async throws {
        try await RunningServer.run { server in
            let body = #"{"kind":"sleep","payload":{"ms":1},"trigger":"cron","priority":5,"dispatch":true}"#
            let response = await server.send("POST", "/api/jobs", body: body)
            #expect(response.json == ["ok": true, "coalesced": false, "job_id": "j9", "status": "queued"])
            #expect(server.calls == [#"enqueue sleep cron 5 {"ms":1}"#])
        }
    }

    @Test func enqueuesAJobAsTheClientWantsItRun() async throws {
        try await RunningServer.run { server in
            let body = """
                {"kind": "sleep", "dedup_key": "", "run_after": "2026-11-21T10:05:07.25+01:00", "max_attempts": 2,
                "seed": "18446744073709551615", "timeout_ms": 1500}
                """
            #expect(await server.send("POST", "/api/jobs", body: body).status == 200)
            var wanted = JobRequest(kind: "sleep")
            wanted.dedupKey = ""
            wanted.runAfter = Timestamp("2026-11-21T09:05:07.25Z")
            (wanted.seed, wanted.maxAttempts, wanted.timeout) = (.max, 2, .milliseconds(1500))
            #expect(await server.send("POST", "/api/jobs", body: #"{"kind":"sleep","seed":7}"#).status == 200)
            var plain = JobRequest(kind: "sleep")
            plain.seed = 7
            #expect(server.backend.enqueued.withLock { $0 } == [wanted, plain])
        }
    }

    @Test func namesTheLiveJobThatAnswersForADuplicate() async throws {
        try await RunningServer.run { server in
            let response = await server.send("POST", "/api/jobs", body: #"{"kind":"again"}"#)
            #expect(response.json == ["ok": true, "coalesced": true, "job_id": "j9", "status": "running"])
        }
    }

    @Test(arguments: [
        (#"{"kind":"sleep","code":"/tmp/x.so"}"#, 422, "'code'"), (#"{"kind":7}"#, 422, "'kind'"),
        ("{}", 422, "'kind'"),
        (#"{"kind":"sleep","payload":[]}"#, 422, "'payload'"), (#"{"kind":"sleep","priority":101}"#, 422, "'priority'"),
        (#"{"kind":"sleep","trigger":""}"#, 422, "'trigger'"), ("[]", 422, "object"),
        (#"{"kind":"sleep","dedup_key":7}"#, 422, "'dedup_key'"),
        (#"{"kind":"sleep","run_after":"tomorrow"}"#, 422, "'run_after'"),
        (#"{"kind":"sleep","run_after":"2026-02-30T00:00:00Z"}"#, 422, "'run_after'"),
        (#"{"kind":"sleep","seed":-1}"#, 422, "'seed'"), (#"{"kind":"sleep","seed":1.5}"#, 422, "'seed'"),
        (#"{"kind":"sleep","seed":"18446744073709551616"}"#, 422, "'seed'"),
        (#"{"kind":"sleep","max_attempts":0}"#, 422, "'max_attempts'"),
        (#"{"kind":"sleep","timeout_ms":"1s"}"#, 422, "'timeout_ms'"),
        (#"{"kind":"picky"}"#, 422, "/n:"),
        ("{", 400, "line 1"), (#"{"kind":"a","kind":"b"}"#, 400, "kind"),
    ])
    func refusesABodyAndSaysWhatIsWrong(body: String, status: Int, mention: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send("POST", "/api/jobs", body: body)
            #expect(response.status == status)
            #expect(response.detail.contains(mention))
            #expect(server.calls.isEmpty)
        }
    }

    @Test func givesThePartOfALogThatIsAskedFor() async throws {
        try await RunningServer.run { server in
            #expect(await server.send("GET", "/api/jobs/j1/log?after=7&limit=5").json == ["lines": [], "next": 7])
            #expect(await server.send("GET", "/api/jobs/j1/log?tail=20").status == 200)
            #expect(await server.send("GET", "/api/jobs/j1/log").status == 200)
            #expect(server.calls == ["log j1 7 5", "log j1 last 20", "log j1 0 200"])
            for query in ["tail=0", "tail=1001", "tail=5&after=1", "tail=5&limit=1"] {
                let refused = await server.send("GET", "/api/jobs/j1/log?\(query)")
                #expect(refused.status == 400 && refused.detail.contains("'tail'"), "\(query)")
            }
        }
    }

    @Test func saysWhetherACancelledJobIsSkippedOrStillRuns() async throws {
        try await RunningServer.run { server in
            let waiting = await server.send("DELETE", "/api/jobs/j1")
            #expect(waiting.status == 200 && waiting.json == ["ok": true, "job_id": "j1", "status": "skipped"])
            let running = await server.send("DELETE", "/api/jobs/busy")
            #expect(running.status == 202)
            #expect(
                running.json == [
                    "ok": true, "job_id": "busy", "status": "cancelling",
                    "cancel_requested_at": "1970-01-01T00:00:00.000Z",
                ])
            let over = await server.send("DELETE", "/api/jobs/over")
            #expect(over.status == 409 && over.code == "job.ended")
            #expect(await server.send("POST", "/api/jobs/j1/retry", body: "{}").json == ["id": "j1"])
            #expect(server.calls == ["cancel j1", "cancel busy", "cancel over", "retry job j1"])
        }
    }
}
