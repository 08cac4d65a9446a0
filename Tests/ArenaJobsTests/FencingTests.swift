import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Synchronization
import Testing

/// Two attempts believe that they hold one job: a host that was taken for dead comes back to life.
@Suite(.temporaryDirectory) struct FencingTests {
    private let clock = TestClock()

    private func dispatcher(
        _ store: ArenaStore, boot: String, _ body: @escaping @Sendable (ClaimedJob, Attempt) async -> AttemptOutcome
    ) -> Dispatcher {
        Dispatcher(
            store: store, catalog: StubCatalog(), executor: StubExecutor(body),
            configuration: DispatcherConfiguration(slots: 1), clock: clock, host: .fake(boot: boot, pid: 1),
            processes: StubProcesses([1: .present(startTicks: 1)]), ender: StubEnder())
    }

    @Test func zombieWritesNothingAndIsTold() async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let store = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        let other = try await ArenaStore.open(path: path, clock: clock, pollInterval: .milliseconds(5))
        _ = try await store.enqueue(.sample("j"))
        let (started, awakened) = (Gate(), Gate())
        let zombie = dispatcher(store, boot: "first") { _, attempt in
            try? await attempt.put(recordType: "note/1", key: "zombie", json: [:])
            started.open()
            await awakened.passed()
            do {
                _ = try await attempt.commit(checkpoint: [6], expected: 0)
                Issue.record("a zombie must not commit")
            } catch {
                let error = error as? JobsError
                #expect(error?.status == .aborted && error?.code == "job.lease_lost")
            }
            let put = await #expect(throws: JobsError.self) {
                try await attempt.put(recordType: "note/1", key: "again", json: [:])
            }
            #expect(put?.status == .aborted)
            attempt.log(level: 1, message: "zombie")
            return .done(["zombie": true])
        }
        let zombieServing = Task { try await zombie.run() }
        await started.passed()
        // The first host falls silent: its lease ends, and another host takes over.
        try await store.renew(
            try await store.liveAttempts().map(\.lease), until: clock.now() + .seconds(-1), dispatcherID: "nobody")
        let job = try await dispatcher(other, boot: "second") { job, attempt in
            awakened.open()
            try? await attempt.put(recordType: "note/1", key: "heir", json: [:])
            return .done(["heir": .number(JSONNumber(job.attempt))])
        }.runUntilFinished("j")
        #expect(job.result == ["heir": 2])
        zombie.stop()
        try await zombieServing.value
        #expect(try await store.job("j")?.result == ["heir": 2])
        #expect(try await store.pluginRecords(ofJob: "j", recordType: "note/1").map(\.key) == ["heir"])
        #expect(try await store.log(ofJob: "j").isEmpty)
        #expect(try await store.attempts(ofJob: "j").map(\.end) == [.lost, .done])
    }

    /// A host is killed after each of its steps; what the next one then finds.
    enum Step: CaseIterable {
        case claimed, begun, childRecorded, committed, committedTwice

        var sealedKeys: [String] {
            switch self {
            case .claimed, .begun, .childRecorded: []
            case .committed: ["n0"]
            case .committedTwice: ["n0", "n1"]
            }
        }
    }

    @Test(arguments: Step.allCases)
    func killingAHostAtAnyStepLosesNothingAndDoesNothingTwice(step: Step) async throws {
        let path = try TemporaryDirectory.path("arena.db")
        let child = ProcessStamp(pid: 51, startTicks: 3)
        do {
            let dying = try await ArenaStore.open(path: path, clock: clock)
            try await die(after: step, dying, child)
        }
        let store = try await ArenaStore.open(path: path, clock: clock)
        let ender = StubEnder()
        let heir = Dispatcher(
            store: store, catalog: StubCatalog(),
            executor: StubExecutor { job, attempt in
                let done = Int(job.checkpoint.first ?? 0)
                do {
                    for number in done..<4 {
                        try await attempt.put(
                            recordType: "note/1", key: "n\(number)", json: ["attempt": .number(JSONNumber(job.attempt))]
                        )
                        _ = try await attempt.commit(checkpoint: [UInt8(number + 1)], expected: UInt64(number))
                    }
                    return .done(["asked": .number(JSONNumber(4 - done))])
                } catch {
                    return .failed(Failure(error), status: .internalError, retry: false)
                }
            }, clock: clock, host: .fake(pid: 1), processes: StubProcesses([1: .present(startTicks: 1)]), ender: ender)
        let job = try await heir.runUntilFinished("j")
        #expect(job.status == .done && job.attempts == 2)
        #expect(job.result == ["asked": .number(JSONNumber(4 - step.sealedKeys.count))])
        let rows = try await store.pluginRecords(ofJob: "j", recordType: "note/1")
        #expect(rows.map(\.key) == ["n0", "n1", "n2", "n3"])
        #expect(rows.filter { $0.json["attempt"] == 1 }.map(\.key) == step.sealedKeys)
        #expect(ender.ended.withLock { $0 } == (step == .claimed || step == .begun ? [] : [child]))
    }

    /// Does what a host does up to a step, and no more.
    private func die(after step: Step, _ store: ArenaStore, _ child: ProcessStamp) async throws {
        _ = try await store.enqueue(.sample("j"))
        let claims = try await store.claim(
            ClaimRequest(limit: 1, dispatcherID: "d", host: .fake(pid: 50), leaseExpiresAt: clock.now() + .seconds(30)))
        let lease = try #require(claims.first).lease
        guard step != .claimed else { return }
        #expect(try await store.begin(lease, plugin: JobKindInfo.demo.plugin))
        guard step != .begun else { return }
        #expect(try await store.recordChild(child, of: lease))
        for (number, key) in step.sealedKeys.enumerated() {
            let row = try SealedRow(recordType: "note/1", key: key, json: ["attempt": 1], pluginID: "demo")
            _ = try await store.seal(
                [row], checkpoint: [UInt8(number + 1)], pluginSHA256: "ab", expected: UInt64(number), for: lease)
        }
    }
}
