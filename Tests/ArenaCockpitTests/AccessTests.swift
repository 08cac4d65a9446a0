import ArenaCockpit
import ArenaCore
import Testing

/// Who may talk to the server, on the wire.
struct AccessTests {
    @Test func answersToItsOwnNames() async throws {
        try await RunningServer.run { server in
            for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
                let response = await server.send(
                    "GET", "/healthz", headers: ["Host": "\(host):\(server.address.port)"])
                #expect(response.status == 200, "\(host)")
            }
        }
    }

    @Test(arguments: ["evil.example", "127.0.0.1.evil.example", "127.0.0.2", "localhost.", "user@127.0.0.1", ""])
    func refusesAHostThatWasReboundToUs(host: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send(
                "GET", "/api/jobs", headers: ["Host": "\(host):\(server.address.port)"])
            #expect(response.status == 403)
            #expect(response.code == "cockpit.unknown_host")
            #expect(server.calls.isEmpty)
        }
    }

    @Test func refusesAHostOfAnotherPortOrNoneOrTwo() async throws {
        try await RunningServer.run { server in
            let own = "Host: 127.0.0.1:\(server.address.port)\r\n"
            for fields in ["Host: 127.0.0.1:1\r\n", "Host: 127.0.0.1\r\n", "", own + "Host: evil.example\r\n"] {
                let response = await server.exchange("GET /healthz HTTP/1.1\r\n\(fields)Connection: close\r\n\r\n")
                #expect(response.status == 403, "\(fields)")
            }
        }
    }

    @Test(arguments: ["http://evil.example", "http://localhost:1", "null", "https://127.0.0.1", ""])
    func refusesAWriteFromAForeignPage(origin: String) async throws {
        try await RunningServer.run { server in
            // A header that is there but empty must not count as absent.
            let host = "127.0.0.1:\(server.address.port)"
            let response = await server.exchange(
                "POST /api/jobs HTTP/1.1\r\nHost: \(host)\r\nOrigin: \(origin)\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 16\r\nConnection: close\r\n\r\n{\"kind\":\"sleep\"}"
            )
            #expect(response.status == 403)
            #expect(response.code == "cockpit.foreign_origin")
            #expect(server.calls.isEmpty)
        }
    }

    @Test func takesAWriteFromItsOwnPage() async throws {
        try await RunningServer.run { server in
            let headers = ["Origin": "http://127.0.0.1:\(server.address.port)", "Sec-Fetch-Site": "same-origin"]
            let response = await server.send("POST", "/api/jobs", headers: headers, body: #"{"kind":"sleep"}"#)
            #expect(response.status == 200)
        }
    }

    @Test(arguments: ["cross-site", "same-site"])
    func refusesAWriteThatABrowserMarksAsForeign(site: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send("POST", "/api/jobs", headers: ["Sec-Fetch-Site": site], body: "{}")
            #expect(response.code == "cockpit.foreign_origin")
        }
    }

    @Test(arguments: [
        "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json, text/plain",
    ])
    func refusesAWriteThatIsNotDeclaredAsJSON(type: String) async throws {
        try await RunningServer.run { server in
            let headers = ["Content-Type": type]
            let response = await server.send("POST", "/api/plugins/rescan", headers: headers, body: "{}")
            #expect(response.status == 415)
            #expect(response.code == "cockpit.not_json")
            #expect(server.calls.isEmpty)
        }
    }

    @Test func takesJSONWithACharset() async throws {
        try await RunningServer.run { server in
            let headers = ["Content-Type": "Application/JSON; charset=utf-8"]
            #expect(await server.send("POST", "/api/plugins/rescan", headers: headers, body: "{}").status == 200)
        }
    }

    @Test func neverGrantsAPreflight() async throws {
        try await RunningServer.run { server in
            let headers = ["Origin": "http://evil.example", "Access-Control-Request-Method": "POST"]
            let response = await server.send("OPTIONS", "/api/jobs", headers: headers)
            #expect(response.status == 403)
            let read = await server.send("GET", "/api/jobs", headers: ["Origin": "http://evil.example"])
            #expect(read.headers.keys.allSatisfy { !$0.hasPrefix("access-control-") })
        }
    }

    @Test(arguments: ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"])
    func needsATokenBehindAProxy(header: String) async throws {
        try await RunningServer.run { server in
            for path in ["/healthz", "/api/jobs", "/no/such/route"] {
                let response = await server.send("GET", path, headers: [header: "for=1.2.3.4"])
                #expect(response.status == 401, "\(path)")
                #expect(response.code == "cockpit.token_needed")
                #expect(response.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            }
            let headers = [header: "x", "Authorization": "Bearer \(RunningServer.token)"]
            #expect(await server.send("GET", "/api/jobs", headers: headers).status == 200)
        }
    }

    @Test func needsATokenWhenOthersCanConnect() async throws {
        try await RunningServer.run(configure: { $0.host = "0.0.0.0" }) { server in
            #expect(await server.send("GET", "/healthz").status == 401)
            let headers = ["Authorization": "Bearer \(RunningServer.token)"]
            #expect(await server.send("GET", "/healthz", headers: headers).status == 200)
            let rebound = headers.merging(["Host": "evil.example:\(server.address.port)"]) { $1 }
            #expect(await server.send("GET", "/healthz", headers: rebound).code == "cockpit.unknown_host")
        }
    }

    @Test func takesThePublicNameOfAProxyAndNeedsATokenThen() async throws {
        try await RunningServer.run(configure: { $0.publicURL = PublicURL("https://arena.example") }) { server in
            let token = ["Authorization": "Bearer \(RunningServer.token)"]
            #expect(await server.send("GET", "/healthz", headers: ["Host": "arena.example"]).status == 401)
            let headers = token.merging(["Host": "arena.example", "Origin": "https://arena.example"]) { $1 }
            #expect(await server.send("POST", "/api/plugins/rescan", headers: headers, body: "").status == 200)
            let plain = headers.merging(["Origin": "http://arena.example"]) { $1 }
            // The same name without TLS is another origin.
            #expect(await server.send("POST", "/api/plugins/rescan", headers: plain, body: "").status == 403)
            #expect(server.address.url == "https://arena.example/")
        }
    }

    @Test(arguments: ["Bearer wrong", "Bearer ", "Basic dXNlcjpwYXNz", "0123456789abcdef0123456789abcdef"])
    func refusesAWrongTokenEvenWhereNoneIsNeeded(authorization: String) async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/api/jobs", headers: ["Authorization": authorization])
            #expect(response.status == 401)
            #expect(response.code == "cockpit.token_wrong")
            #expect(!String(decoding: response.body, as: UTF8.self).contains(RunningServer.token))
        }
    }

    @Test(arguments: ["trust", "disable"])
    func needsTheOperatorForWhatWidensRights(action: String) async throws {
        try await RunningServer.run { server in
            let refused = await server.send("POST", "/api/plugins/text/\(action)", body: "{}")
            #expect(refused.status == 401)
            #expect(server.calls.isEmpty)
            let headers = ["Authorization": "bearer \(RunningServer.token)"]
            #expect(
                await server.send("POST", "/api/plugins/text/\(action)", headers: headers, body: "{}").status == 200
            )
            #expect(server.calls.count == 1)
        }
    }

    @Test func makesABrowserTheOperatorsByALinkThatWorksOnce() async throws {
        try await RunningServer.run { server in
            let path = String(server.address.oneTimeLink.dropFirst(server.address.url.count - 1))
            let first = await server.send("GET", path)
            #expect(first.status == 303)
            #expect(first.headers["location"] == "arena/")
            let cookie = try #require(first.headers["set-cookie"])
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(attribute)) }
            #expect(!cookie.contains(RunningServer.token))

            let second = await server.send("GET", path)
            #expect(second.code == "cockpit.link_used")
            #expect(second.headers["set-cookie"] == nil)

            let pair = String(cookie.prefix { $0 != ";" })
            let trusted = await server.send(
                "POST", "/api/plugins/text/trust", headers: ["Cookie": "a=b; \(pair)"], body: "")
            #expect(trusted.status == 200)
            let foreign = ["Cookie": pair, "Origin": "http://localhost:1"]
            #expect(await server.send("POST", "/api/plugins/text/trust", headers: foreign, body: "").status == 403)
            let stale = ["Cookie": pair + "0"]
            #expect(await server.send("POST", "/api/plugins/text/trust", headers: stale, body: "").status == 401)
        }
    }

    @Test func sendsTheProtectiveHeadersWithEveryAnswer() async throws {
        try await RunningServer.run { server in
            for (path, host) in [("/healthz", "127.0.0.1"), ("/no", "127.0.0.1"), ("/", "evil.example")] {
                let response = await server.send("GET", path, headers: ["Host": "\(host):\(server.address.port)"])
                #expect(response.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
                #expect(response.headers["x-content-type-options"] == "nosniff")
                #expect(response.headers["referrer-policy"] == "no-referrer")
                #expect(response.headers["cache-control"] == "no-store")
            }
        }
    }
}
