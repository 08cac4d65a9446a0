import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

@Suite(.temporaryDirectory) struct ChangesTests {
    @Test(arguments: StoreHome.allCases)
    func changesAreToldInTheOrderOfTheirCommits(home: StoreHome) async throws {
        let store = try await home.open()
        let claim = try await store.running("j1")
        _ = try await store.report(
            [LogLine(level: 1, message: "hi", createdAt: Timestamp(unixMilliseconds: 0))], progress: ["done": 1],
            for: claim.lease)
        _ = try await store.finish(claim, sealing: [.run()])
        let batch = try await store.changes(after: 0)
        #expect(batch.changes.map(\.topic) == ["job", "job", "job", "job.log", "job.progress", "eval_run", "job"])
        #expect(batch.changes.map(\.key) == ["j1", "j1", "j1", "j1", "j1", "run1", "j1"])
        #expect(zip(batch.changes, batch.changes.dropFirst()).allSatisfy { $0.seq < $1.seq })
        let nothing = try await store.changes(after: batch.last)
        #expect(nothing.changes.isEmpty && !nothing.isReset && nothing.last == batch.last)
    }

    @Test func batchesHaveALimit() async throws {
        let store = try await ArenaStore.inMemory()
        for number in 0..<5 { _ = try await store.enqueue(.sample("j\(number)")) }
        let first = try await store.changes(after: 0, limit: 2)
        #expect(first.changes.map(\.key) == ["j0", "j1"])
        #expect(try await store.changes(after: first.last, limit: 2).changes.map(\.key) == ["j2", "j3"])
    }

    @Test func writeThatChangesNothingTellsNothing() async throws {
        let store = try await ArenaStore.inMemory()
        _ = try await store.claimAll()
        #expect(try await store.requestCancel("unknown") == .notFound)
        #expect(try await store.lastChange() == 0)
    }

    @Test func readerOlderThanWhatWasPrunedIsReset() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j1"))
        let seen = try await store.lastChange()
        _ = try await store.enqueue(.sample("j2"))
        clock.advance(by: .seconds(60))
        _ = try await store.enqueue(.sample("j3"))
        try await store.pruneChanges(olderThan: .seconds(30))
        let behind = try await store.changes(after: seen)
        #expect(behind.isReset && behind.changes.isEmpty)
        #expect(try await store.changes(after: seen + 1).changes.map(\.key) == ["j3"])
        clock.advance(by: .seconds(60))
        try await store.pruneChanges(olderThan: .seconds(30))
        #expect(try await store.changes(after: behind.last).isReset == false)
        #expect(try await store.changes(after: 0).isReset)
        #expect(try await store.changes(after: behind.last + 100).isReset)
    }

    @Test func listenerIsWokenByAWriteInThisProcess() async throws {
        let store = try await ArenaStore.inMemory()
        var wakeups = store.wakeups().makeAsyncIterator()
        await wakeups.next()
        _ = try await store.enqueue(.sample("j1"))
        await wakeups.next()
    }

    @Test func listenerIsWokenByAWriteOfAnotherStore() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let reader = try await ArenaStore.open(path: path, pollInterval: .milliseconds(5))
        let writer = try await ArenaStore.open(path: path)
        var tail = reader.tail(after: 0).makeAsyncIterator()
        for number in 0..<3 {
            _ = try await writer.enqueue(.sample("j\(number)"))
            let batch = try await tail.next()
            #expect(batch?.changes.map(\.key) == ["j\(number)"])
        }
    }

    @Test func listeningEndsWithItsTaskAndWithTheStore() async throws {
        let store = try await ArenaStore.open(path: TemporaryDirectory.path("arena.db"))
        #expect(!store.isPolling)
        let wakeups = store.wakeups()
        #expect(store.isPolling)
        let cancelled = Task { for await _ in wakeups {} }
        cancelled.cancel()
        await cancelled.value
        #expect(!store.isPolling)
        let listener = Task { for await _ in store.wakeups() {} }
        try await store.close()
        await listener.value
        for await _ in store.wakeups() { Issue.record("a closed store wakes nobody") }
    }
}
