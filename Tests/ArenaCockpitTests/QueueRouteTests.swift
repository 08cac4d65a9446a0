import ArenaCockpit
import ArenaCore
import ArenaJSON
import Testing

/// What an operator does with many jobs at once, over HTTP.
struct QueueRouteTests {
    @Test func findsJobsThatEndedWithoutSuccess() async throws {
        try await RunningServer.run { server in
            #expect(
                await server.send("GET", "/api/jobs/dead").json == [
                    "jobs": [["id": "j2", "status": "failed"]], "next_cursor": nil,
                ])
            let query =
                "status=failed,skipped&kind=sleep&code=lane.away&text=A%20b&ended_after=2026-11-21T09:05:07Z"
                + "&ended_before=2026-11-21T11:05:07%2B01:00&limit=5&cursor=c1"
            #expect(await server.send("GET", "/api/jobs/dead?\(query)").status == 200)
            #expect(
                server.calls == [
                    "dead failed any any any any any 200 start",
                    "dead failed+skipped sleep lane.away A b 2026-11-21T09:05:07.000Z 2026-11-21T10:05:07.000Z 5 c1",
                ])
        }
    }

    @Test(arguments: ["status=done", "status=failed,queued", "status=", "ended_after=monday", "limit=0", "message=x"])
    func refusesABadFilterByName(query: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/api/jobs/dead?\(query)")
            #expect(response.status == 400)
            #expect(response.detail.contains("'\(query.prefix { $0 != "=" })'"))
            #expect(server.calls.isEmpty)
        }
    }

    @Test func retriesAllThatAFilterFindsAndNamesThem() async throws {
        try await RunningServer.run { server in
            let body = #"{"statuses": ["skipped"], "code": "lane.away", "ended_before": "2026-11-21T09:05:07Z"}"#
            let answer = await server.send("POST", "/api/jobs/retry", body: body)
            #expect(answer.json == ["ok": true, "retried": ["j1", "j3"], "duplicates": ["j2"]])
            #expect(await server.send("POST", "/api/jobs/retry", body: "{}").status == 200)
            #expect(
                server.calls == [
                    "retry all skipped any lane.away any any 2026-11-21T09:05:07.000Z",
                    "retry all failed any any any any any",
                ])
        }
    }

    @Test func forgetsOldJobs() async throws {
        try await RunningServer.run { server in
            let answer = await server.send("POST", "/api/jobs/prune", body: #"{"older_than_s": 60}"#)
            #expect(answer.json == ["ok": true, "jobs": 3, "files": 1])
            let body = #"{"older_than_s": 0, "statuses": ["failed", "done", "done"]}"#
            #expect(await server.send("POST", "/api/jobs/prune", body: body).status == 200)
            #expect(server.calls == ["prune 60 done+failed+skipped", "prune 0 done+failed"])
        }
    }

    @Test(arguments: [
        ("retry", #"{"statuses": "failed"}"#, "'statuses'"), ("retry", #"{"statuses": ["done"]}"#, "'statuses'"),
        ("retry", #"{"statuses": []}"#, "'statuses'"), ("retry", #"{"ended_after": 5}"#, "'ended_after'"),
        ("retry", #"{"status": "failed"}"#, "'status'"), ("prune", "{}", "'older_than_s'"),
        ("prune", #"{"older_than_s": -1}"#, "'older_than_s'"),
        ("prune", #"{"older_than_s": 1, "statuses": []}"#, "'statuses'"),
        ("prune", #"{"older_than_s": 1, "statuses": ["done", "queued"]}"#, "'statuses'"),
        ("prune", #"{"older_than_s": 1, "statuses": [1]}"#, "'statuses'"),
    ])
    func refusesWhatItWouldHaveToGuessAt(route: String, body: String, mention: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send("POST", "/api/jobs/\(route)", body: body)
            #expect(response.status == 422)
            #expect(response.detail.contains(mention))
            #expect(server.calls.isEmpty)
        }
    }

    @Test func pausesAndResumesAKind() async throws {
        try await RunningServer.run { server in
            let page = await server.send("GET", "/api/kinds/paused?limit=1")
            #expect(page.json == ["kinds": [["kind": "demo/a"]], "next_cursor": "demo/a"])
            let paused = await server.send("POST", "/api/kinds/pause", body: #"{"kind": "sleep", "reason": "hot"}"#)
            #expect(paused.json == ["ok": true, "kind": "demo/sleep"])
            let resumed = await server.send("POST", "/api/kinds/resume", body: #"{"kind": "sleep"}"#)
            #expect(resumed.json == ["ok": true, "kind": "demo/sleep", "was_paused": true])
            let other = await server.send("POST", "/api/kinds/resume", body: #"{"kind": "other"}"#)
            #expect(other.json["was_paused"] == false)
            #expect(server.calls == ["pause sleep hot", "resume sleep", "resume other"])
        }
    }

    @Test func namesAKindThatCannotBePaused() async throws {
        try await RunningServer.run { server in
            let unknown = await server.send("POST", "/api/kinds/pause", body: #"{"kind": "unknown"}"#)
            #expect(unknown.status == 404 && unknown.code == "plugin.kind_not_found")
            for body in ["{}", #"{"kind": ""}"#, #"{"kind": "sleep", "reason": 5}"#, #"{"kind": "sleep", "why": "x"}"#]
            {
                #expect(await server.send("POST", "/api/kinds/pause", body: body).status == 422, "\(body)")
            }
            #expect(server.calls.isEmpty)
        }
    }

    @Test func namesEachMethodOfAPathOnce() async throws {
        try await RunningServer.run { server in
            let response = await server.send("PUT", "/api/jobs/dead", body: "{}")
            #expect(response.status == 405)
            #expect(response.headers["allow"] == "GET, DELETE")
        }
    }
}
