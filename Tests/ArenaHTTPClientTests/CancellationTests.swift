import ArenaCore
import ArenaHTTPClient
import ArenaTestSupport
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    /// Answers with a first piece, then waits for the client to go and says so.
    private static func hanging(_ gone: AsyncStream<Void>.Continuation, answers: Bool) -> StubServer.Script {
        { _, peer in
            if answers { peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst") }
            peer.waitForEnd()
            gone.yield()
            return false
        }
    }

    @Test func cancellingTheSenderEndsTheConnection() async throws {
        let (ends, gone) = AsyncStream.makeStream(of: Void.self)
        try await withServer(Self.hanging(gone, answers: false)) { client, server in
            let task = Task { await client.failure(server.request()) }
            await server.waitForRequests(1)
            task.cancel()
            #expect(await task.value?.code == "http.cancelled")
            for await _ in ends { break }
        }
    }

    @Test func cancellingTheReaderEndsTheConnection() async throws {
        let (ends, gone) = AsyncStream.makeStream(of: Void.self)
        try await withServer(Self.hanging(gone, answers: true)) { client, server in
            let (pieces, read) = AsyncStream.makeStream(of: Void.self)
            let task = Task { () -> HTTPClientError? in
                do {
                    for try await _ in try await client.send(server.request()).body { read.yield() }
                    return nil
                } catch { return error as? HTTPClientError }
            }
            for await _ in pieces { break }
            task.cancel()
            #expect(await task.value?.code == "http.cancelled")
            for await _ in ends { break }
        }
    }

    @Test func droppingOrCancellingTheExchangeEndsTheConnection() async throws {
        let (ends, gone) = AsyncStream.makeStream(of: Void.self)
        try await withServer(Self.hanging(gone, answers: true)) { client, server in
            var end = ends.makeAsyncIterator()
            _ = try await client.send(server.request())
            _ = await end.next()
            let exchange = try await client.send(server.request())
            exchange.cancel()
            _ = await end.next()
            await #expect(throws: HTTPClientError.self) { try await exchange.collect(upTo: 100) }
        }
    }

    @Test func aTaskThatIsCancelledAlreadySendsNothingThatIsWaitedFor() async throws {
        try await withServer(Self.hanging(AsyncStream.makeStream(of: Void.self).continuation, answers: false)) {
            client, server in
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return await client.failure(server.request())
            }
            task.cancel()
            #expect(await task.value?.code == "http.cancelled")
        }
    }

    @Test func closingEndsWhatIsUnderWayAndRefusesWhatComesLater() async throws {
        let (ends, gone) = AsyncStream.makeStream(of: Void.self)
        try await withServer(Self.hanging(gone, answers: false)) { client, server in
            async let failure = client.failure(server.request())
            await server.waitForRequests(1)
            await client.close()
            #expect(await failure?.code == "http.cancelled")
            #expect(await client.failure(server.request())?.code == "http.cancelled")
            await client.close()
            for await _ in ends { break }
        }
    }
}
