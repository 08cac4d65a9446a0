import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// A plugin in a child that asks a real server on loopback through the host.
@Suite(.startsProcesses, .timeLimit(.minutes(2)))
struct PluginHTTPTests {
    private static let text = "sk-not-for-plugins-0123456789"

    private func manifest(_ scope: JSONObject?) -> JSONValue {
        var manifest: JSONObject = [
            "id": "http", "version": "1.0.0", "abi": "1.0", "library": "plugin.so",
            "provides": [
                ["interface": "arena.job_kind/1", "id": "fetch"], ["interface": "arena.job_kind/1", "id": "give_up"],
                ["interface": "arena.scorer/1", "id": "answered"],
            ],
        ]
        if var scope {
            scope["id"] = "arena.http/1"
            manifest["services"] = [.object(scope)]
        }
        return .object(manifest)
    }

    /// A house with the plugin in it, granted what `scope` says for a server that runs `script`.
    private func withPlugin(
        _ script: @escaping StubServer.Script, scope: (StubServer) -> JSONObject? = Self.everything,
        _ body: (TestHouse, StubServer) async throws -> Void
    ) async throws {
        let server = try StubServer(script)
        defer { server.stop() }
        try await TestHouse.withHouse { house in
            try house.place("http", from: "http.c", manifest: manifest(scope(server)))
            try await house.settle("http")
            #expect(try await house.status("http").state.name == "ready")
            try await body(house, server)
        }
    }

    private static func everything(_ server: StubServer) -> JSONObject? {
        [
            "hosts": [.string("127.0.0.1:\(server.port)"), "169.254.169.254:80"], "addresses": ["loopback"],
            "secrets": ["KEY"],
        ]
    }

    /// What the job reports: one line an event, `KIND STATUS DATA`.
    private func events(_ house: TestHouse, _ request: JSONValue, kind: String = "fetch") async throws -> [String] {
        let ended = try await end(house, request, kind: kind)
        #expect(ended.status == .done, "\(ended.failure?.message ?? "")")
        return ended.result?["events"]?.array?.compactMap(\.string) ?? []
    }

    private func end(_ house: TestHouse, _ request: JSONValue, kind: String = "fetch") async throws -> JobRecord {
        let job = try await house.runtime.jobs.enqueue(
            JobRequest(kind: "http/\(kind)", payload: request, trigger: "test", maxAttempts: 1)
        ).job
        return try await house.runtime.makeDispatcher().runUntilFinished(job.id)
    }

    /// The words of a request that ended with an error.
    private func failure(_ events: [String]) throws -> (status: String, code: String?) {
        let parts = try #require(events.last).split(separator: " ", maxSplits: 2).map(String.init)
        #expect(parts[0] == "2")
        return (parts[1], try JSONValue(parsing: parts[2])["code"]?.string)
    }

    @Test func aGrantedHostAnswersWithStatusHeaderAndBody() async throws {
        try await withPlugin { request, peer in
            peer.answer("body of \(request.method)\nsecond", status: 404, headers: ["X-Kind: stub"])
            return true
        } _: { house, server in
            let request: JSONValue = [
                "url": .string(server.url("/a")), "method": "POST", "headers": ["X-One": "1"], "body": "sent",
            ]
            let events = try await events(house, request)
            #expect(events.count == 1)
            let parts = try #require(events.first).split(separator: "\n", maxSplits: 1)
            #expect(parts[0].hasPrefix("2 0 {"))
            let head = try JSONValue(parsing: String(parts[0].dropFirst(4)))
            #expect(head["status"]?.int == 404)
            #expect(head["headers"]?["x-kind"]?.string == "stub")
            #expect(head["bytes"]?.int == 19)
            #expect(parts[1] == "body of POST\nsecond")
            let seen = try #require(server.requests.first)
            #expect(seen.body == Array("sent".utf8))
            #expect(seen.headers["x-one"] == "1")
        }
    }

    @Test func aScorerInAChildAsksWithinTheSameGrant() async throws {
        try await withPlugin { _, peer in
            peer.answer("judged")
            return true
        } _: { house, server in
            let scores = try await house.score(
                [#"{"url":"\#(server.url("/judge"))"}"#, #"{"url":"http://example.org/"}"#], with: "http/answered")
            #expect(scores.map(\.value) == [1, 0])
            #expect(scores[0].explain.hasSuffix("\njudged"))
            #expect(scores[1].explain.contains("service.host_not_granted"))
            #expect(server.requests.map(\.path) == ["/judge"])
        }
    }

    @Test func aStreamGivesItsHeadFirstAndLosesNothing() async throws {
        let total = 6 << 20
        try await withPlugin { _, peer in
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            return peer.send([UInt8](repeating: 0x61, count: total))
        } _: { house, server in
            let request: JSONValue = [
                "url": .string(server.url()), "stream": true, "max_bytes": JSONValue(total), "timeout_ms": 100_000,
            ]
            let ended = try await end(house, request)
            let events = ended.result?["events"]?.array?.compactMap(\.string) ?? []
            #expect(events.first?.hasPrefix(#"1 0 {"status":200,"#) == true)
            #expect(events.last?.contains(#""bytes":\#(total)"#) == true)
            #expect(ended.result?["bytes"]?.int == total)
        }
    }

    @Test func aHostOutsideOfTheGrantIsRefusedBeforeItIsAsked() async throws {
        try await withPlugin { _, peer in
            peer.answer("")
            return true
        } scope: { server in
            ["hosts": ["example.org"], "addresses": ["loopback"], "secrets": []]
        } _: { house, server in
            let refused = try failure(try await events(house, ["url": .string(server.url())]))
            #expect(refused == ("7", "service.host_not_granted"))
            #expect(server.connectionCount == 0)
        }
    }

    @Test func aGrantedNameDoesNotOpenAnAddressThatWasNotGranted() async throws {
        try await withPlugin { _, peer in
            peer.answer("")
            return true
        } scope: { server in
            ["hosts": [.string("localhost:\(server.port)")]]
        } _: { house, server in
            let url = "http://localhost:\(server.port)/"
            let refused = try failure(try await events(house, ["url": .string(url)]))
            #expect(refused == ("7", "http.address_refused"))
            #expect(server.connectionCount == 0)
        }
    }

    @Test func theMetadataServiceIsRefusedEvenWhenItIsNamed() async throws {
        try await withPlugin { _, _ in
            false
        } _: { house, _ in
            let refused = try failure(try await events(house, ["url": "http://169.254.169.254/latest/"]))
            #expect(refused == ("7", "http.address_refused"))
        }
    }

    @Test func withoutTheServiceInItsManifestAPluginGetsNone() async throws {
        try await withPlugin { _, _ in
            false
        } scope: { _ in
            nil
        } _: { house, server in
            let ended = try await end(house, ["url": .string(server.url())])
            #expect(ended.status == .failed)
            #expect(ended.failure?.message.contains("no http service") == true)
        }
    }

    @Test func aSecretReachesTheServerAndNothingElseEvenIfTheServerRepeatsIt() async throws {
        try await withPlugin { request, peer in
            let sent = request.headers["authorization"] ?? "nothing"
            peer.answer("welcome, \(sent)", headers: ["X-Sent: \(sent)"])
            return true
        } _: { house, server in
            try house.runtime.options.secrets.set(
                try SecretName("KEY"), to: Secret(Self.text), hosts: ["127.0.0.1:\(server.port)"])
            let events = try await events(
                house,
                ["url": .string(server.url()), "headers": ["Authorization": "Bearer ${secret:KEY}"]])
            #expect(events.last?.contains(#""x-sent":"Bearer ***""#) == true)
            #expect(events.last?.hasSuffix("welcome, Bearer ***") == true)
            #expect(server.requests.first?.headers["authorization"] == "Bearer \(Self.text)")
            #expect(!events.contains { $0.contains(Self.text) })
            // Neither payload, result, log nor anything else that the home keeps.
            let files = try #require(FileManager.default.enumerator(atPath: house.home))
            for case let file as String in files where file != "secrets" {
                let content = FileManager.default.contents(atPath: "\(house.home)/\(file)") ?? Data()
                #expect(content.range(of: Data(Self.text.utf8)) == nil, "\(file) holds the secret")
            }
        }
    }

    @Test func aSecretGoesOnlyWhereItWasGrantedAndIsFor() async throws {
        try await withPlugin { _, peer in
            peer.answer("")
            return true
        } _: { house, server in
            let secrets = house.runtime.options.secrets
            func refuse(_ reference: String, _ code: String) async throws {
                let request: JSONValue = [
                    "url": .string(server.url()), "headers": ["Authorization": .string(reference)],
                ]
                let refused = try failure(try await events(house, request))
                #expect(refused.code == code)
            }
            try await refuse("${secret:KEY}", "secret.unknown")
            try await refuse("${secret:OTHER}", "secret.not_granted")
            try await refuse("${secret:", "secret.bad_reference")
            try secrets.set(try SecretName("KEY"), to: Secret(Self.text), hosts: ["api.example.org"])
            try await refuse("${secret:KEY}", "secret.host_refused")
            #expect(server.connectionCount == 0)
        }
    }

    @Test func anAnswerThatIsTooLargeOrLateEndsWithItsReason() async throws {
        try await withPlugin { request, peer in
            if request.path == "/late" { peer.waitForEnd() }
            peer.answer(String(repeating: "x", count: 2000))
            return false
        } _: { house, server in
            let large: JSONValue = ["url": .string(server.url()), "max_bytes": 1999]
            let tooLarge = try failure(try await events(house, large))
            #expect(tooLarge == ("8", "http.too_large"))
            let late: JSONValue = ["url": .string(server.url("/late")), "timeout_ms": 50]
            let tooLate = try failure(try await events(house, late))
            #expect(tooLate == ("4", "http.timeout"))
        }
    }

    @Test(
        arguments: [
            ["url": 5], ["url": "http://a/", "redirect": true], ["url": "http://a/", "timeout_ms": 0],
            ["url": "http://a/", "headers": ["X": 1]], ["url": "http://a/", "max_bytes": 8_388_609], [:],
        ] as [JSONValue])
    func aRequestThatIsWrongSaysWhere(_ request: JSONValue) async throws {
        try await withPlugin { _, _ in
            false
        } _: { house, _ in
            let refused = try failure(try await events(house, request))
            #expect(refused == ("3", "service.bad_request"))
        }
    }

    @Test func givingUpOrCancellingEndsTheRequestAtTheServer() async throws {
        let (ends, gone) = AsyncStream.makeStream(of: Void.self)
        try await withPlugin { _, peer in
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst")
            peer.waitForEnd()
            gone.yield()
            return false
        } _: { house, server in
            var end = ends.makeAsyncIterator()
            let request: JSONValue = ["url": .string(server.url()), "stream": true, "timeout_ms": 100_000]
            let events = try await events(house, request, kind: "give_up")
            #expect(events.last?.hasPrefix("2 1 ") == true)
            await end.next()

            let job = try await house.runtime.jobs.enqueue(
                JobRequest(kind: "http/fetch", payload: request, trigger: "test", maxAttempts: 1)
            ).job
            async let ended = house.runtime.makeDispatcher().runUntilFinished(job.id)
            await server.waitForRequests(2)
            _ = try await house.runtime.jobs.cancel(job.id)
            let cancelled = try await ended
            #expect(cancelled.status != .done)
            #expect(cancelled.failure?.category == .cancelled || cancelled.failure == nil)
            await end.next()
        }
    }
}
