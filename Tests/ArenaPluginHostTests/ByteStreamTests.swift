import ArenaCore
import ArenaPluginHost
import ArenaPluginWire
import Synchronization
import Testing

/// Work whose answers are bytes: nothing of it is dropped.
@Suite(.timeLimit(.minutes(1)))
struct ByteStreamTests {
    private let queue = CompletionQueue(mostOpen: 2)

    @Test func everyPieceComesInOrderHoweverSlowTheReader() async throws {
        try await queue.stream(tag: 1) { push in
            for index in 0..<500 { await push([UInt8(index % 256)]) }
            return [7]
        }
        var pieces: [UInt8] = []
        while true {
            let event = await queue.next(within: .seconds(30))
            #expect(event.tag == 1)
            if event.kind == .done {
                #expect(event.status == .ok && event.data == [7])
                break
            }
            pieces += event.data
            if pieces.count % 50 == 0 { await Task.yield() }
        }
        #expect(pieces == (0..<500).map { UInt8($0 % 256) })
    }

    @Test func theWorkWaitsForItsReader() async throws {
        let pushed = Atomic(0)
        try await queue.stream(tag: 1) { push in
            while !Task.isCancelled {
                await push([1])
                pushed.add(1, ordering: .relaxed)
            }
            throw CancellationError()
        }
        for _ in 0..<100 {
            _ = await queue.next(within: .seconds(30))
            #expect(pushed.load(ordering: .relaxed) < 200)
        }
        // Giving it up lets it go on to its end.
        await queue.abort(tag: 1)
        while true {
            let event = await queue.next(within: .seconds(30))
            if event.kind == .done {
                #expect(event.status == .cancelled)
                break
            }
        }
    }

    @Test func theEndOfTheCallLetsWaitingWorkGo() async throws {
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        try await queue.stream(tag: 1) { push in
            for _ in 0..<100 { await push([1]) }
            ended.finish()
            return []
        }
        _ = await queue.next(within: .seconds(30))
        await queue.close()
        for await _ in ends {}
    }

    @Test func aQueueOfItsOwnSizeRefusesMore() async throws {
        for tag in 1...2 as ClosedRange<UInt64> {
            try await queue.stream(tag: tag) { _ in
                try await Task.sleep(for: .seconds(600))
                return []
            }
        }
        let error = await #expect(throws: ServiceError.self) { try await queue.stream(tag: 3) { _ in [] } }
        #expect(error?.code == "service.too_many_requests")
        await queue.close()
    }
}
