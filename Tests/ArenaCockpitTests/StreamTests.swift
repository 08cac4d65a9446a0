import ArenaCockpit
import ArenaTestSupport
import Synchronization
import Testing

/// Event streams on the wire.
@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    static let paths = ["/api/jobs/stream", "/api/plugins/stream"]

    @Test(arguments: paths)
    func givesAFirstEventAtOnceAndThenWhatComes(path: String) async throws {
        try await RunningServer.run { server in
            let reader = try await Reader(path, server)
            #expect(try await reader.event() == "event: first\nid: 0\ndata: {\"text\":\"a\\nb\"}")
            #expect(reader.head.contains("Content-Type: text/event-stream"))
            try await Self.until { server.backend.readers.withLock { $0 } == 1 }
            server.backend.tick()
            #expect(try await reader.event() == "event: tick\nid: 2\ndata: {}")
            await reader.leave()
        }
    }

    @Test func goesOnWhereTheReaderWas() async throws {
        try await RunningServer.run { server in
            let reader = try await Reader("/api/jobs/stream", server, headers: "Last-Event-ID: 41\r\n")
            #expect(try await reader.event().contains("id: 41"))
            await reader.leave()
        }
    }

    @Test func stopsItsWorkWhenTheReaderLeaves() async throws {
        try await RunningServer.run { server in
            let reader = try await Reader("/api/jobs/stream", server)
            _ = try await reader.event()
            try await Self.until { server.backend.readers.withLock { $0 } == 1 }
            await reader.leave()
            try await Self.until { server.backend.readers.withLock { $0 } == 0 }
        }
    }

    @Test func takesNoMoreReadersThanItsLimit() async throws {
        try await RunningServer.run(configure: { $0.limits.streams = 1 }) { server in
            let reader = try await Reader("/api/jobs/stream", server)
            _ = try await reader.event()
            let refused = await server.send("GET", "/api/plugins/stream")
            #expect(refused.status == 503)
            #expect(refused.code == "cockpit.too_many_streams")
            #expect(refused.headers["retry-after"] != nil)
            await reader.leave()
            try await Self.until { await server.send("HEAD", "/api/plugins/stream").status == 200 }
        }
    }

    @Test(arguments: [["Origin": "http://evil.example"], ["Sec-Fetch-Site": "same-site"]])
    func refusesThePagesOfOthers(headers: [String: String]) async throws {
        try await RunningServer.run { server in
            let response = await server.send("GET", "/api/jobs/stream", headers: headers)
            #expect(response.status == 403)
            #expect(response.code == "cockpit.foreign_origin")
        }
    }

    /// Waits for something that another task is about to do; the suite's time limit ends it.
    private static func until(_ isTrue: () async -> Bool) async throws {
        while await !isTrue() { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// One reader of a stream on a connection of its own.
    private final class Reader: Sendable {
        private let socket: Int32
        let head: String

        init(_ path: String, _ server: RunningServer, headers: String = "") async throws {
            let port = server.address.port
            let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(headers)\r\n"
            (socket, head) = try await RawConnection.onThread {
                let socket = try RawConnection.connect(port: port)
                RawConnection.send(Array(request.utf8), to: socket)
                return (socket, Self.read(until: "\r\n\r\n", from: socket))
            }
        }

        /// The next event, without what frames it.
        func event() async throws -> String {
            let socket = socket
            return try await RawConnection.onThread {
                // Each event is one chunk: its length, its text, a line end.
                _ = Self.read(until: "\r\n", from: socket)
                let text = Self.read(until: "\n\n", from: socket)
                _ = Self.read(until: "\r\n", from: socket)
                return text
            }
        }

        func leave() async { RawConnection.end(socket) }

        private static func read(until end: String, from socket: Int32) -> String {
            var text: [UInt8] = []
            var byte: UInt8 = 0
            while !text.suffix(end.utf8.count).elementsEqual(end.utf8), RawConnection.receive(&byte, from: socket) {
                text.append(byte)
            }
            return String(decoding: text.dropLast(end.utf8.count), as: UTF8.self)
        }
    }
}
