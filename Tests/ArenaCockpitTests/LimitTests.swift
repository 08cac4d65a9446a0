import ArenaCockpit
import ArenaCore
import ArenaTestSupport
import Testing

/// What one client may cost.
struct LimitTests {
    @Test func refusesABodyThatIsDeclaredTooLargeWithoutReadingIt() async throws {
        try await RunningServer.run { server in
            let headers = ["Content-Length": String(1 << 30)]
            let response = await server.send("POST", "/api/jobs", headers: headers)
            #expect(response.status == 413)
            #expect(response.code == "cockpit.body_too_large")
            #expect(response.headers["connection"] == "close")
        }
    }

    @Test func refusesABodyThatGrowsTooLarge() async throws {
        try await RunningServer.run(configure: { $0.limits.body = .kibibytes(4) }) { server in
            let chunk = "400\r\n" + String(repeating: "x", count: 1024) + "\r\n"
            let response = await server.send(
                "POST",
                "/api/jobs",
                headers: ["Transfer-Encoding": "chunked", "Connection": "keep-alive"],
                body: nil,
                raw: String(repeating: chunk, count: 64)
            )
            #expect(response.status == 413)
        }
    }

    @Test func takesABodyUpToTheLimit() async throws {
        try await RunningServer.run { server in
            let frame = #"{"kind":"sleep","payload":{"x":""}}"#
            let text = String(repeating: "x", count: (1 << 20) - frame.utf8.count)
            let body = #"{"kind":"sleep","payload":{"x":"\#(text)"}}"#
            #expect(await server.send("POST", "/api/jobs", body: body).status == 200)
            #expect(await server.send("POST", "/api/jobs", body: body + " ").status == 413)
        }
    }

    @Test func refusesAHeaderThatIsTooLarge() async throws {
        try await RunningServer.run { server in
            let field = ["X-Long": String(repeating: "x", count: 17 << 10)]
            let long = await server.send("GET", "/healthz", headers: field)
            #expect(long.status == 431)
            #expect(long.code == "cockpit.header_too_large")
            var many: [String: String] = [:]
            for index in 0..<90 { many["X-\(index)"] = String(repeating: "x", count: 300) }
            #expect(await server.send("GET", "/healthz", headers: many).status == 431)
            let target = "/healthz?" + String(repeating: "x", count: 17 << 10)
            let refused = await server.send("GET", target).status
            #expect(refused == 431)
        }
    }

    @Test(arguments: [
        "NONSENSE\r\n\r\n", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ])
    func answersWhatIsNotARequest(text: String) async throws {
        try await RunningServer.run { server in
            let response = await server.exchange(text)
            #expect(response.status == 400)
            #expect(response.code == "cockpit.malformed_request")
        }
    }

    @Test func closesAConnectionThatNeverFinishesItsHeader() async throws {
        try await RunningServer.run(configure: { $0.limits.headerTimeout = .milliseconds(50) }) { server in
            let port = server.address.port
            #expect(await RawConnection.exchange(Array("GET /healthz HTTP/1.1\r\nHo".utf8), port: port).isEmpty)
        }
    }

    @Test func refusesABodyThatNeverArrives() async throws {
        try await RunningServer.run(configure: { $0.limits.bodyTimeout = .milliseconds(50) }) { server in
            let response = await server.send("POST", "/api/jobs", headers: ["Content-Length": "10"], body: "{")
            #expect(response.status == 408)
            #expect(server.calls.isEmpty)
        }
    }

    @Test func answersAConnectionTooMany() async throws {
        try await RunningServer.run(configure: { $0.limits.connections = 1 }) { server in
            let port = server.address.port
            let held = try await RawConnection.onThread {
                // An answered request shows that the server has counted this connection.
                let socket = try RawConnection.connect(port: port)
                let request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n"
                RawConnection.send(Array(request.utf8), to: socket)
                var byte: UInt8 = 0
                _ = RawConnection.receive(&byte, from: socket)
                return socket
            }
            let response = await server.send("GET", "/healthz")
            RawConnection.end(held)
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] != nil)
        }
    }

    @Test func answersRequestsThatComeTogether() async throws {
        try await RunningServer.run { server in
            let host = "Host: 127.0.0.1:\(server.address.port)\r\n"
            let request = "GET /healthz HTTP/1.1\r\n\(host)\r\n"
            let last = "GET /healthz HTTP/1.1\r\n\(host)Connection: close\r\n\r\n"
            let bytes = await RawConnection.exchange(
                Array((request + request + last).utf8), port: server.address.port)
            #expect(String(decoding: bytes, as: UTF8.self).split(separator: "HTTP/1.1 200").count == 3)
        }
    }

    @Test func saysThatItsPortIsTaken() async throws {
        try await RunningServer.run { first in
            let port = first.address.port
            let error = await #expect(throws: CockpitError.self) {
                try await RunningServer.run(configure: { $0.port = port }) { _ in }
            }
            #expect(error?.code == "cockpit.port_in_use")
            #expect(error?.category.exitStatus == 73)
        }
    }
}
