import ArenaCore
import ArenaHTTPClient
import ArenaTestSupport
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1))) struct FailureTests {
    private func withClient(_ body: (HTTPClient) async throws -> Void) async throws {
        let client = HTTPClient()
        try await body(client)
        await client.close()
    }

    @Test func aPortThatNobodyListensOnIsUnreachable() async throws {
        let server = try StubServer { _, _ in false }
        server.stop()
        try await withClient { client in
            // The listener closes on its own thread.
            var error = await client.failure(server.request())
            while error?.code == "http.connection_lost" { error = await client.failure(server.request()) }
            #expect(error?.code == "http.unreachable")
            #expect(error?.category == .unavailable)
            #expect(
                error?.message
                    == "127.0.0.1:\(server.port) cannot be reached: 127.0.0.1:\(server.port): Connection refused.")
        }
    }

    @Test func aNameWithoutAddressIsUnreachable() async throws {
        try await withClient { client in
            var request = HTTPRequest(url: "http://no-such-host.invalid/")
            request.connectTimeout = .seconds(20)
            let error = try #require(await client.failure(request))
            #expect(error.code == "http.unreachable" || error.code == "http.timeout")
            #expect(error.message.contains("no-such-host.invalid"))
        }
    }

    @Test(arguments: [
        "http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "http://2130706433:9/", "http://0x7f.1:9/",
        "http://0.0.0.0:9/", "http://[::ffff:127.0.0.1]:9/", "http://169.254.169.254/latest/",
    ])
    func addressesThatTheRuleLeavesOutAreRefusedHoweverTheyAreWritten(_ url: String) async throws {
        try await withClient { client in
            let error = try #require(await client.failure(HTTPRequest(url: url)))
            #expect(error.code == "http.address_refused", "\(error)")
            #expect(error.category == .permissionDenied)
        }
    }

    @Test func metadataIsRefusedEvenWhereTheLocalNetworkIsAllowed() async throws {
        try await withClient { client in
            let error = await client.failure(HTTPRequest(url: "http://169.254.169.254/latest/", addresses: .local))
            #expect(error?.code == "http.address_refused")
            #expect(error?.message.contains("169.254.169.254") == true)
        }
    }

    @Test func aKeptConnectionIsNoWayRoundTheRule() async throws {
        try await withServer { _, peer in
            peer.answer("hello")
            return true
        } _: { client, server in
            let first = try await client.text(server.request())
            #expect(first == "hello")
            let error = await client.failure(HTTPRequest(url: server.url(), addresses: .publicOnly))
            #expect(error?.code == "http.address_refused")
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [
        "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1/", "example.org", "", "http://",
        "http://user:pa55@example.org/", "http://example.org:99999/", "http://exa mple.org/", "http://a/\r\nX: y",
    ])
    func whatIsNoUsableURLIsRefusedWithoutBeingRepeated(_ url: String) async throws {
        try await withClient { client in
            let error = try #require(await client.failure(HTTPRequest(url: url, addresses: .local)))
            #expect(error.code == "http.bad_url")
            #expect(error.category == .invalidArgument)
            #expect(!error.message.contains("pa55"))
        }
    }

    @Test(arguments: [
        HTTPField("X", "a\r\nY: b"), HTTPField("X Y", "a"), HTTPField("", "a"), HTTPField("X:", "a"),
        HTTPField("Content-Length", "5"), HTTPField("transfer-encoding", "chunked"), HTTPField("Host", "other"),
        HTTPField("X", "a\0"),
    ])
    func headersThatWouldBreakTheMessageAreRefused(_ field: HTTPField) async throws {
        try await withServer { _, peer in
            peer.answer("")
            return true
        } _: { client, server in
            var request = server.request()
            request.headers = [field]
            #expect(await client.failure(request)?.code == "http.bad_header")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aServerThatHangsRunsIntoTheIdleTimeout() async throws {
        try await withServer { request, peer in
            if request.path == "/later" { peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart") }
            peer.waitForEnd()
            return false
        } _: { client, server in
            for path in ["/never", "/later"] {
                var request = server.request(path)
                request.idleTimeout = .milliseconds(60)
                let error = await client.failure(request)
                #expect(error?.code == "http.timeout")
                #expect(error?.reason == .timeout(.idle, after: .milliseconds(60)))
                #expect(error?.message == "127.0.0.1:\(server.port) sent nothing for 60 ms.")
            }
        }
    }

    @Test func aServerThatDripsRunsIntoTheTotalTimeout() async throws {
        try await withServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\n\r\n")
            while peer.send("x") { usleep(2000) }
            return false
        } _: { client, server in
            var request = server.request()
            request.idleTimeout = .seconds(30)
            request.totalTimeout = .milliseconds(80)
            #expect(await client.failure(request)?.reason == .timeout(.total, after: .milliseconds(80)))
        }
    }

    @Test(arguments: [
        ("", "http.connection_lost"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "http.connection_lost"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "http.connection_lost"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "http.protocol"),
        ("SSH-2.0-OpenSSH\r\n", "http.protocol"),
        ("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "http.protocol"),
    ])
    func aServerThatLiesIsFound(_ answer: String, _ code: String) async throws {
        try await withServer { _, peer in
            peer.send(answer)
            return false
        } _: { client, server in
            let error = await client.failure(server.request())
            #expect(error?.code == code, "\(error?.message ?? "no error")")
        }
    }

    @Test func aResetIsALostConnection() async throws {
        try await withServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            peer.reset()
            return false
        } _: { client, server in
            #expect(await client.failure(server.request())?.code == "http.connection_lost")
        }
    }

    @Test(arguments: ["X-Endless: \(String(repeating: "y", count: 1000))\r\n", "X: y\r\n"])
    func anEndlessHeaderIsCutOff(_ line: String) async throws {
        try await withServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\n")
            while peer.send(line) {}
            return false
        } _: { client, server in
            let error = await client.failure(server.request())
            #expect(error?.code == "http.protocol")
            #expect(error?.message.contains("header") == true, "\(error?.message ?? "")")
        }
    }

    @Test func plainTextOnATLSPortIsNoSafeConnection() async throws {
        try await withServer { _, _ in
            false
        } _: { client, server in
            let url = "https://127.0.0.1:\(server.port)/"
            let error = try #require(await client.failure(HTTPRequest(url: url, addresses: .loopback)))
            #expect(error.code == "http.tls")
        }
    }

    @Test(arguments: ["/there", "http://169.254.169.254/", "file:///etc/passwd"])
    func redirectsAreAnAnswerLikeAnyOther(_ location: String) async throws {
        try await withServer { _, peer in
            peer.answer("moved", status: 302, headers: ["Location: \(location)"])
            return true
        } _: { client, server in
            let exchange = try await client.send(server.request())
            #expect(exchange.head.status == 302)
            #expect(exchange.head["location"] == location)
            #expect(try await collected(exchange, upTo: 100) == Array("moved".utf8))
            #expect(server.requests.count == 1)
        }
    }
}
