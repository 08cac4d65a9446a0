import ArenaCockpit
import ArenaCore
import ArenaJSON
import Testing

/// What the routes answer.
struct RouteTests {
    @Test func saysThatItIsAlive() async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/healthz")
            #expect(response.json == ["ok": true, "version": "1.2.3"])
            #expect(response.headers["content-type"] == "application/json")
        }
    }

    @Test func saysWhyItIsNotReady() async throws {
        let reason = Failure(code: "store.locked", category: .locked, message: "The store is locked.", hint: "Wait.")
        try await RunningServer.run(backend: StubBackend(notReady: reason)) { server in
            let response = await server.send("GET", "/readyz")
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] != nil)
            #expect(response.headers["content-type"] == "application/problem+json")
            #expect(
                response.json == [
                    "type": "about:blank", "title": "Service Unavailable", "status": 503,
                    "detail": "The store is locked.", "code": "store.locked", "hint": "Wait.",
                ]
            )
        }
    }

    @Test func asksTheOperatorForWhatWidensRights() async throws {
        try await RunningServer.run { server in
            let operators = server.routes.filter { $0.hasSuffix(" operator") }
            #expect(
                operators == [
                    "POST /api/plugins/{id}/trust operator", "POST /api/plugins/{id}/disable operator",
                ])
        }
    }

    @Test func describesEveryRouteInItsManual() async throws {
        let manual = try String(
            decoding: RepositoryFile.bytes(of: "docs/HTTP.md", from: #filePath),
            as: UTF8.self
        )
        try await RunningServer.run { server in
            #expect(server.routes.count > 20)
            for route in server.routes {
                let line = "| `" + route.split(separator: " ").dropLast().joined(separator: " ")
                #expect(manual.contains("\(line)`") || manual.contains("\(line)?"), "\(line)")
            }
        }
    }

    @Test func schedulesAreListedAddedAndTakenOut() async throws {
        try await RunningServer.run { server in
            let page = await server.send("GET", "/api/schedule?limit=1&preview=7")
            #expect(page.json == ["schedules": [["id": "nightly"]], "next_cursor": "nightly"])
            #expect(await server.send("GET", "/api/schedule?cursor=nightly").json["next_cursor"] == .null)
            let body = #"{"kind": "sleep", "cron": "@daily", "tz": "Europe/Berlin", "payload": {"seconds": 1}}"#
            let added = await server.send("POST", "/api/schedule", body: body)
            #expect(added.status == 200 && added.json == ["ok": true, "schedule": ["id": "s1"]])
            #expect(await server.send("DELETE", "/api/schedule/nightly").json == ["ok": true, "id": "nightly"])
            #expect(await server.send("DELETE", "/api/schedule/other").status == 404)
            #expect(
                server.calls == [
                    "schedules start 1 7", "schedules nightly 200 3",
                    #"schedule sleep @daily Europe/Berlin as usual {"seconds":1}"#, "remove schedule nightly",
                ])
            for (body, code) in [
                (#"{"cron": "@daily"}"#, "cockpit.bad_field"),
                (#"{"kind": "sleep", "cron": "bad"}"#, "schedule.invalid_cron"),
                (#"{"kind": "sleep", "every_s": 0}"#, "cockpit.bad_field"),
                (#"{"kind": "sleep", "every": 5}"#, "cockpit.unknown_field"),
                (#"{"kind": "sleep", "payload": 5}"#, "cockpit.bad_field"),
            ] {
                let refused = await server.send("POST", "/api/schedule", body: body)
                #expect(refused.status == 422 && refused.code == code, "\(body)")
            }
        }
    }

    @Test func pagesAListThatChangesBetweenRequests() async throws {
        try await RunningServer.run { server in
            let first = await server.send("GET", "/api/kinds?limit=2").json
            #expect(first["kinds"]?.array?.map { $0["id"] } == ["replay", "exact_match"])
            let cursor = try #require(first["next_cursor"]?.string).split(separator: " ").joined(separator: "%20")
            let second = await server.send("GET", "/api/kinds?limit=2&cursor=\(cursor)").json
            #expect(second["kinds"]?.array?.map { $0["id"] } == ["includes"])
            #expect(second["next_cursor"] == .null)
        }
    }

    @Test func filtersKindsByInterface() async throws {
        try await RunningServer.run { server in
            let kinds = await server.send("GET", "/api/kinds?interface=arena.lane_type.engine%2F1").json["kinds"]
            #expect(kinds?.array?.count == 1)
        }
    }

    @Test func passesAPluginRouteOn() async throws {
        try await RunningServer.run { server in
            let plugin = await server.send("GET", "/api/plugins/text").json
            #expect(plugin == ["id": "text"])
            #expect(await server.send("POST", "/api/plugins/text/retry", body: "{}").status == 200)
            let hash = String(repeating: "a", count: 64)
            let headers = ["Authorization": "Bearer \(RunningServer.token)"]
            let body = #"{"sha256":"\#(hash)"}"#
            #expect(
                await server.send("POST", "/api/plugins/text/trust", headers: headers, body: body).status == 200)
            #expect(server.calls == ["retry text", "trust text \(hash)"])
        }
    }

    @Test func namesTheOneLengthThatATextMayHave() async throws {
        try await RunningServer.run { server in
            let headers = ["Authorization": "Bearer \(RunningServer.token)"]
            let body = #"{"sha256":"abc"}"#
            let response = await server.send("POST", "/api/plugins/text/trust", headers: headers, body: body)
            #expect(response.detail == "The field 'sha256' must be text of 64 characters.")
        }
    }

    @Test func passesABackendsErrorOnInItsOwnWords() async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/api/plugins/none")
            #expect(response.status == 404)
            #expect(response.code == "plugin.unknown")
        }
    }

    @Test func hidesAnErrorThatIsNotMadeForPeople() async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/api/jobs/broken")
            #expect(response.status == 500)
            #expect(response.code == "internal")
            #expect(!String(decoding: response.body, as: UTF8.self).contains("sk-123"))
        }
    }

    @Test func passesAnswersToTheirScorer() async throws {
        try await RunningServer.run { server in
            let body =
                #"{"scorer":"includes","config":{"a":1},"items":[{"output":"x","reference":"y"},"#
                + #"{"item_id":"b","output":"","references":["1","2"]}]}"#
            #expect(await server.send("POST", "/api/score", body: body).status == 200)
            #expect(server.calls == [#"score includes {"a":1} 1=x~y b=~1|2"#])
        }
    }

    @Test(arguments: [
        (#"{"items":[{"output":"x"}]}"#, "'scorer'"), (#"{"scorer":"a","items":[]}"#, "'items'"),
        (#"{"scorer":"a","items":[{"reference":"x"}]}"#, "'items/0/output'"),
        (#"{"scorer":"a","items":[{"output":"x","score":1}]}"#, "'items/0/score'"),
        (#"{"scorer":"a","items":[{"output":"x","references":[1]}]}"#, "'items/0/references'"),
        (#"{"scorer":"a","config":[],"items":[{"output":"x"}]}"#, "'config'"),
    ])
    func namesWhatIsWrongWithAnswers(body: String, mention: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send("POST", "/api/score", body: body)
            #expect(response.status == 422)
            #expect(response.detail.contains(mention))
            #expect(server.calls.isEmpty)
        }
    }

    @Test func saysWhetherTheCallerIsTheOperator() async throws {
        try await RunningServer.run { server in
            #expect(await server.send("GET", "/api/session").json == ["operator": false, "version": "1.2.3"])
            let headers = ["Authorization": "Bearer \(RunningServer.token)"]
            #expect(await server.send("GET", "/api/session", headers: headers).json["operator"] == true)
        }
    }

    @Test(arguments: [
        "/api/plugins/..", "/api/plugins/%2e%2e", "/api/plugins/a%2Fb", "/api/plugins/A", "/nothing", "/api",
    ])
    func knowsNoOtherRoutes(path: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", path)
            #expect(response.status == 404)
            #expect(response.code == "cockpit.no_such_route")
        }
    }

    @Test func saysWhichMethodsARouteTakes() async throws {
        try await RunningServer.run { server in
            let response = await server.send("DELETE", "/api/jobs", body: "")
            #expect(response.status == 405)
            #expect(response.headers["allow"] == "GET, POST")
            let plain = await server.send("DELETE", "/api/jobs", headers: ["Content-Type": ""])
            #expect(plain.status == 405, "whatever the type of a body that nobody reads")
            #expect(plain.headers["allow"] == "GET, POST")
        }
    }

    @Test(arguments: [("%zz", 400), ("%ff", 400)])
    func refusesAPathThatIsNotText(path: String, status: Int) async throws {
        try await RunningServer.run { server in
            #expect(await server.send("GET", "/api/jobs/\(path)").status == status)
        }
    }

    @Test func answersHeadWithoutABody() async throws {
        try await RunningServer.run { server in
            let response = await server.send("HEAD", "/healthz")
            #expect(response.status == 200)
            #expect(response.body.isEmpty)
            let whole = await server.send("GET", "/healthz")
            #expect(response.headers["content-length"] == String(whole.body.count))
        }
    }
}
