import ArenaCore
import ArenaStore
import ArenaTestSupport
import Testing

@Suite(.temporaryDirectory) struct ClaimTests {
    @Test(arguments: StoreHome.allCases)
    func takesTheHighestPriorityThenTheOldest(home: StoreHome) async throws {
        let store = try await home.open()
        for (id, priority) in [("a", 0), ("b", 5), ("c", 0), ("d", 5)] {
            _ = try await store.enqueue(.sample(id, priority: priority))
        }
        #expect(try await store.claimAll(limit: 3).map(\.job.id) == ["b", "d", "a"])
        #expect(try await store.claimAll(limit: 3).map(\.job.id) == ["c"])
        #expect(try await store.claimAll(limit: 3).isEmpty)
    }

    @Test func leavesJobsThatAreNotDueYet() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        let due = clock.now() + .seconds(10)
        _ = try await store.enqueue(.sample("j1", runAfter: due))
        #expect(try await store.claimAll().isEmpty)
        #expect(try await store.outlook() == QueueOutlook(isDue: false, next: due))
        clock.set(to: due)
        #expect(try await store.claimAll().count == 1)
        #expect(try await store.outlook() == QueueOutlook(isDue: false, next: nil))
    }

    @Test func canTakeOneJobAlone() async throws {
        let store = try await ArenaStore.inMemory()
        _ = try await store.enqueue(.sample("j1"))
        _ = try await store.enqueue(.sample("j2"))
        #expect(try await store.claimAll(only: "j2").map(\.job.id) == ["j2"])
        #expect(try await store.outlook(onlyJobID: "j2").isDue == false)
        #expect(try await store.outlook(onlyJobID: "j1").isDue)
    }

    @Test func eachClaimHasATokenOfItsOwn() async throws {
        let store = try await ArenaStore.inMemory()
        for number in 0..<50 { _ = try await store.enqueue(.sample("j\(number)")) }
        let tokens = try await store.claimAll().map(\.lease.token)
        #expect(Set(tokens).count == 50)
        #expect(tokens.allSatisfy { $0.utf8.count == 32 })
    }

    @Test func twoStoresOnOneFileNeverTakeTheSameJob() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let stores = [try await ArenaStore.open(path: path), try await ArenaStore.open(path: path)]
        for number in 0..<60 { _ = try await stores[number % 2].enqueue(.sample("j\(number)")) }
        let claimed = try await withThrowingTaskGroup(of: [String].self) { group in
            for worker in 0..<4 {
                group.addTask {
                    var mine: [String] = []
                    while let claim = try await stores[worker % 2].claimAll(limit: 1).first {
                        mine.append(claim.job.id)
                    }
                    return mine
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.count == 60)
        #expect(Set(claimed).count == 60)
    }

    @Test func attemptRecordsWhoRunsIt() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j1")
        #expect(try await store.recordChild(ProcessStamp(pid: 77, startTicks: .max), of: claim.lease))
        let attempt = try #require(try await store.attempts(ofJob: "j1").first)
        #expect(attempt.host == .here)
        #expect(attempt.child == ProcessStamp(pid: 77, startTicks: .max))
        #expect(attempt.plugin == .demo)
        #expect(attempt.end == nil)
        #expect(try await store.liveAttempts().map(\.lease) == [claim.lease])
        _ = try await store.finish(claim)
        #expect(try await store.liveAttempts().isEmpty)
        #expect(try await store.attempts(ofJob: "j1").first?.end == .done)
    }

    @Test func renewingMovesTheEndOfTheLease() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j1")
        let later = clock.now() + .seconds(99)
        try await store.renew([claim.lease], until: later, dispatcherID: "d1")
        #expect(try await store.attempts(ofJob: "j1").first?.leaseExpiresAt == later)
    }

    @Test func dispatcherIsKnownWhileItIsRegistered() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        let record = DispatcherRecord(
            id: "d1", host: .here, onlyJobID: nil, startedAt: clock.now(), heartbeatAt: clock.now())
        try await store.addDispatcher(record)
        #expect(try await store.dispatchers() == [record])
        clock.advance(by: .seconds(5))
        try await store.renew([], until: clock.now(), dispatcherID: "d1")
        #expect(try await store.dispatchers().first?.heartbeatAt == clock.now())
        try await store.removeDispatcher("d1")
        #expect(try await store.dispatchers().isEmpty)
    }
}
