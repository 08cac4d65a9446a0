import ArenaCore
import ArenaHTTPClient
import ArenaTestSupport
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExchangeTests {
    @Test func sendsMethodHeaderAndBodyAsGiven() async throws {
        try await withServer { request, peer in
            peer.answer("there", status: 201, headers: ["X-Two: a", "x-two: b", "X-None:"])
            return true
        } _: { client, server in
            var request = server.request("/a?b=c")
            request.method = "PUT"
            request.headers = [HTTPField("X-One", "1"), HTTPField("X-Empty", "")]
            request.body = Array("hello".utf8)
            let exchange = try await client.send(request)
            #expect(exchange.head.status == 201)
            #expect(exchange.head.headers.filter { $0.name.lowercased() == "x-two" }.map(\.value) == ["a", "b"])
            #expect(exchange.head["X-NONE"] == "")
            #expect(try await collected(exchange, upTo: 100) == Array("there".utf8))
            let seen = try #require(server.requests.first)
            #expect(seen.method == "PUT")
            #expect(seen.path == "/a?b=c")
            #expect(seen.body == Array("hello".utf8))
            #expect(seen.headers["x-one"] == "1")
            #expect(seen.headers["x-empty"] == "")
            // Nothing is added that nobody asked for.
            #expect(seen.headers["content-type"] == nil)
            #expect(seen.headers["expect"] == nil)
            #expect(seen.headers["accept-encoding"] == nil)
        }
    }

    @Test func aFailingStatusIsAnAnswerAndNoError() async throws {
        try await withServer { _, peer in
            peer.answer("no", status: 503)
            return true
        } _: { client, server in
            let exchange = try await client.send(server.request())
            #expect(exchange.head.status == 503)
            #expect(try await collected(exchange, upTo: 10) == Array("no".utf8))
        }
    }

    @Test func connectionsAreUsedAgain() async throws {
        try await withServer { request, peer in
            peer.answer(request.path)
            return true
        } _: { client, server in
            for index in 0..<5 {
                let text = try await client.text(server.request("/\(index)"))
                #expect(text == "/\(index)")
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test func piecesArriveAsTheyAreSent() async throws {
        let turns = Turns()
        try await withServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for word in ["one", "two", "three"] {
                peer.send("\(String(word.utf8.count, radix: 16))\r\n\(word)\r\n")
                // The next piece is sent only once this one has been read.
                turns.wait()
            }
            peer.send("0\r\nX-Trailer: yes\r\n\r\n")
            return true
        } _: { client, server in
            let exchange = try await client.send(server.request())
            var pieces: [String] = []
            for try await piece in exchange.body {
                pieces.append(String(decoding: piece, as: UTF8.self))
                turns.give()
            }
            #expect(pieces == ["one", "two", "three"])
            #expect(exchange.head["x-trailer"] == nil)
        }
    }

    @Test func aReaderThatStopsStopsTheServer() async throws {
        let total = 64 << 20
        let sent = Atomic(0)
        try await withServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 1 << 16)
            while sent.load(ordering: .relaxed) < total, peer.send(piece) { sent.add(piece.count, ordering: .relaxed) }
            return true
        } _: { client, server in
            let exchange = try await client.send(server.request())
            // While one reader rests, another request of the same client goes on.
            #expect(await client.failure(HTTPRequest(url: "http://127.0.0.1:1/", addresses: .loopback)) != nil)
            var read = 0
            for try await piece in exchange.body {
                read += piece.count
                // What is not read is held by the kernel's buffers and a little here.
                #expect(sent.load(ordering: .relaxed) - read < 24 << 20)
                if read % (1 << 20) < piece.count { await Task.yield() }
            }
            #expect(read == total)
        }
    }

    @Test func parallelRequestsDoNotWaitForEachOther() async throws {
        let everyone = Barrier(24)
        try await withServer { request, peer in
            everyone.arrive()
            peer.answer(request.path)
            return true
        } _: { client, server in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<24 {
                    group.addTask { try await client.text(server.request("/\(index)")) == "/\(index)" }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test func aCompressedAnswerIsDecodedWithinItsLimit() async throws {
        // gzip of 10 bytes "aaaaaaaaaa".
        let packed: [UInt8] = [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4B, 0x4C, 0x84, 0x01, 0x00, 0xF0, 0xCD, 0x11,
            0x4C, 0x0A, 0x00, 0x00, 0x00,
        ]
        try await withServer { _, peer in
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            peer.send(packed)
            return true
        } _: { client, server in
            var request = server.request()
            request.acceptsCompression = true
            #expect(try await client.text(request) == "aaaaaaaaaa")
            request.maxBodyBytes = 9
            let error = await client.failure(request)
            #expect(error?.code == "http.too_large")
            request.maxBodyBytes = nil
            request.acceptsCompression = false
            let raw = try await client.send(request)
            #expect(try await collected(raw, upTo: 100) == packed)
        }
    }

    @Test func aBodyAboveItsLimitIsRefused() async throws {
        try await withServer { _, peer in
            peer.answer(String(repeating: "x", count: 1000))
            return true
        } _: { client, server in
            var request = server.request()
            request.maxBodyBytes = 999
            let error = try #require(await client.failure(request))
            #expect(error.code == "http.too_large")
            #expect(error.category == .resourceExhausted)
            request.maxBodyBytes = 1000
            #expect(try await client.text(request).utf8.count == 1000)
            let exchange = try await client.send(server.request())
            await #expect(throws: HTTPClientError.self) { try await exchange.collect(upTo: 999) }
        }
    }
}

/// Lets a blocked thread go on, once for each time given.
final class Turns: Sendable {
    private let count = Mutex(0)

    func give() { count.withLock { $0 += 1 } }

    func wait() {
        while !count.withLock({ count in
            defer { if count > 0 { count -= 1 } }
            return count > 0
        }) { usleep(200) }
    }
}

/// Holds threads until all are there.
final class Barrier: Sendable {
    private let count: Int
    private let arrived = Atomic(0)

    init(_ count: Int) { self.count = count }

    func arrive() {
        arrived.add(1, ordering: .relaxed)
        while arrived.load(ordering: .relaxed) < count { usleep(200) }
    }
}
