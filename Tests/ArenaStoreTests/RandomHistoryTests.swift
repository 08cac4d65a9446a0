import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// Histories that nobody thought of: whatever is asked in whatever order, the rules of a job's life hold after each step.
@Suite(.temporaryDirectory) struct RandomHistoryTests {
    /// More where slow tests are wanted.
    private static let histories: Range<UInt64> =
        ProcessInfo.processInfo.environment["ARENA_SLOW_TESTS"] == "1" ? 0..<24 : 0..<5

    @Test(arguments: histories) func rulesHoldAfterEveryStep(seed: UInt64) async throws {
        var history = try await History(seed: seed)
        for _ in 0..<120 { try await history.step() }
        try await history.checkAll()
        #expect(history.finished > 0)
    }

    /// Eight dispatchers, each with a connection of its own: every job ends once, and no limit is passed.
    @Test func eightClaimantsOnOneFileFinishEveryJobOnce() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let count = 40
        let first = try await ArenaStore.open(path: path)
        for number in 0..<count {
            let needs = JobNeeds(laneID: number % 4 == 0 ? "l" : nil, laneAlone: number % 8 == 0, gpu: number % 5 == 0)
            _ = try await first.enqueue(
                NewJob(
                    id: "j\(number)", kind: "demo/\(number % 3)", payload: [:], needs: needs, trigger: "test", seed: 1,
                    maxAttempts: 3))
        }
        let limits = ConcurrencyLimits(kinds: ["demo/1": 2])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    let store = try await ArenaStore.open(path: path, pollInterval: .milliseconds(5))
                    var random = SeededGenerator(seed: UInt64(worker))
                    for await _ in store.wakeups() {
                        while true {
                            let claims = try await store.claim(.of(worker, limits))
                            guard !claims.isEmpty else { break }
                            for claim in claims { try await Self.work(on: claim, in: store, limits, &random) }
                        }
                        if try await store.jobs(JobFilter(statuses: [.done], limit: count)).count == count { break }
                    }
                    try await store.close()
                }
            }
            try await group.waitForAll()
        }
        for number in 0..<count {
            let ends = try await first.attempts(ofJob: "j\(number)").map(\.end)
            #expect(ends.count { $0 == .done } == 1 && ends.last == .done && ends.allSatisfy { $0 != nil })
            let rows = try await first.pluginRecords(ofJob: "j\(number)", recordType: "note/1")
            #expect(rows.map(\.key) == ["by \(ends.count)"])
        }
    }

    /// One attempt: it looks whether too many are held, and ends well or not.
    private static func work(
        on claim: Claim, in store: ArenaStore, _ limits: ConcurrencyLimits, _ random: inout SeededGenerator
    ) async throws {
        #expect(try await store.begin(claim.lease, plugin: .demo))
        let held = try await store.jobs(JobFilter(statuses: [.dispatched, .running]))
        #expect(held.count { $0.kind == "demo/1" } <= 2)
        #expect(held.count { $0.needs.gpu } <= 1)
        let onLane = held.filter { $0.needs.laneID == "l" }
        #expect(onLane.count <= 1 || !onLane.contains { $0.needs.laneAlone })
        if Int.random(in: 0..<4, using: &random) == 0 {
            _ = try await store.conclude(claim.lease) { AttemptConclusion(.failed, by: .retry, of: $0) }
        } else {
            let row = try SealedRow.note("by \(claim.lease.attempt)")
            #expect(try await store.finish(claim, sealing: [row])?.status == .done)
        }
    }
}

extension ClaimRequest {
    fileprivate static func of(_ worker: Int, _ limits: ConcurrencyLimits) -> ClaimRequest {
        ClaimRequest(
            limit: 3, limits: limits, dispatcherID: "d\(worker)", host: .here,
            leaseExpiresAt: TestClock().now() + .seconds(30))
    }
}
