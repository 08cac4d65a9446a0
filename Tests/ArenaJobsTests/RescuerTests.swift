import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Synchronization
import Testing

@Suite struct RescuerTests {
    private let clock = TestClock()
    private let me = HostIdentity.fake(pid: 1)

    private func rescuer(
        _ store: ArenaStore, _ processes: StubProcesses = StubProcesses(), _ ender: StubEnder = StubEnder()
    ) -> Rescuer {
        Rescuer(store: store, clock: clock, observer: me, processes: processes, ender: ender)
    }

    @Test func deadHostLosesItsJobAtOnceAndUncounted() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j", on: .fake(pid: 50))
        #expect(try await rescuer(store).rescue().map(\.id) == ["j"])
        let job = try #require(try await store.job("j"))
        #expect(job.status == .queued && job.failures == 0 && job.crashes == 0 && job.rescues == 1)
        #expect(job.runAfter == nil)
        #expect(try await store.attempts(ofJob: "j").first?.end == .lost)
        #expect(try await store.standing(of: [claim.lease]) == [claim.lease: .lost])
        #expect(try await rescuer(store).rescue().isEmpty)
    }

    @Test func jobThatWasOnlyDispatchedIsRescuedToo() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.enqueue(.sample("j"))
        _ = try await store.claim(
            ClaimRequest(limit: 1, dispatcherID: "d", host: .fake(pid: 50), leaseExpiresAt: clock.now() + .seconds(30)))
        #expect(try await rescuer(store).rescue().map(\.status) == [.queued])
    }

    @Test func livingHostKeepsItsJobHoweverLongItTakes() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.running("j", on: .fake(pid: 50, start: 9))
        clock.advance(by: .seconds(86_400))
        let processes = StubProcesses([50: .present(startTicks: 9)])
        #expect(try await rescuer(store, processes).rescue().isEmpty)
        processes.set(50, .present(startTicks: 10))
        #expect(try await rescuer(store, processes).rescue().count == 1)
    }

    @Test(arguments: [HostIdentity.fake(boot: "elsewhere", pid: 50), .fake(namespace: 9, pid: 50)])
    func hostThatCannotBeComparedKeepsItsJobUntilTheLeaseEnds(host: HostIdentity) async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j", on: host)
        let rescuer = rescuer(store)
        #expect(try await rescuer.rescue().isEmpty)
        clock.advance(by: .milliseconds(29_999))
        #expect(try await rescuer.rescue().isEmpty)
        try await store.renew([claim.lease], until: clock.now() + .seconds(30), dispatcherID: "d")
        #expect(try await rescuer.rescue().isEmpty)
        clock.advance(by: .milliseconds(29_999))
        #expect(try await rescuer.rescue().isEmpty)
        clock.advance(by: .milliseconds(1))
        #expect(try await rescuer.rescue().map(\.id) == ["j"])
    }

    @Test(arguments: [86_400, -86_400])
    func clockThatJumpsEndsNoLeaseThatIsRenewed(seconds: Int) async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j", on: .fake(namespace: 9, pid: 50))
        let rescuer = rescuer(store)
        #expect(try await rescuer.rescue().isEmpty)
        clock.set(to: clock.now() + .seconds(seconds))
        #expect(try await rescuer.rescue().isEmpty)
        for _ in 0..<10 {
            clock.advance(by: .seconds(10))
            try await store.renew([claim.lease], until: clock.now() + .seconds(30), dispatcherID: "d")
            #expect(try await rescuer.rescue().isEmpty)
        }
        clock.advance(by: .seconds(30))
        #expect(try await rescuer.rescue().map(\.id) == ["j"])
    }

    @Test func rescueIsAnEntryOfTheAuditTrail() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.running("j", on: .fake(pid: 50))
        #expect(try await rescuer(store).rescue().count == 1)
        let trail = try await store.triggers(ofJob: "j")
        #expect(trail.map(\.event) == [.enqueue, .rescue])
        #expect(trail.last?.detail["attempt"] == 1)
    }

    @Test func childIsEndedBeforeItsJobIsFreed() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j", on: .fake(pid: 50))
        let child = ProcessStamp(pid: 51, startTicks: 3)
        #expect(try await store.recordChild(child, of: claim.lease))
        let stubborn = StubEnder(succeeds: false)
        #expect(try await rescuer(store, StubProcesses(), stubborn).rescue().isEmpty)
        #expect(try await store.job("j")?.status == .running)
        let ender = StubEnder()
        #expect(try await rescuer(store, StubProcesses(), ender).rescue().count == 1)
        #expect(ender.ended.withLock { $0 } == [child])
    }

    @Test func childOfAHostElsewhereIsNotTouched() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let claim = try await store.running("j", on: .fake(boot: "elsewhere", pid: 50))
        #expect(try await store.recordChild(ProcessStamp(pid: 51, startTicks: 3), of: claim.lease))
        clock.advance(by: .seconds(60))
        let ender = StubEnder()
        #expect(try await rescuer(store, StubProcesses(), ender).rescue().count == 1)
        #expect(ender.ended.withLock { $0.isEmpty })
    }

    @Test func ownAttemptsAndOtherJobsAreLeftAlone() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let own = try await store.running("j1", on: .fake(pid: 50))
        _ = try await store.running("j2", on: .fake(pid: 50))
        _ = try await store.running("j3", on: .fake(pid: 50))
        #expect(try await rescuer(store).rescue(onlyJobID: "j2").map(\.id) == ["j2"])
        #expect(try await rescuer(store).rescue(except: [own.lease]).map(\.id) == ["j3"])
        #expect(try await store.job("j1")?.status == .running)
    }

    @Test func attemptOfThisProcessThatNobodyRenewsIsFreedWhenItsLeaseEnds() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.running("j", on: me)
        let rescuer = rescuer(store, StubProcesses([1: .present(startTicks: 1)]))
        #expect(try await rescuer.rescue().isEmpty)
        clock.set(to: clock.now() + .seconds(3600))
        #expect(try await rescuer.rescue().isEmpty)
        clock.advance(by: .seconds(30))
        #expect(try await rescuer.rescue().count == 1)
    }

    @Test func twoRescuersFreeAJobOnce() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        _ = try await store.running("j", on: .fake(pid: 50))
        async let first = rescuer(store).rescue()
        async let second = rescuer(store).rescue()
        #expect(try await first.count + second.count == 1)
        #expect(try await store.job("j")?.rescues == 1)
    }

    @Test func dispatcherCountsAsLiveWhileItIsHeard() async throws {
        let store = try await ArenaStore.inMemory(clock: clock)
        let processes = StubProcesses([50: .present(startTicks: 1), 52: .present(startTicks: 1)])
        let hosts: [(String, HostIdentity, String?)] = [
            ("here", .fake(pid: 50), nil), ("dead", .fake(pid: 51), nil), ("foreground", .fake(pid: 52), "j"),
            ("elsewhere", .fake(boot: "other", pid: 53), nil),
        ]
        for (id, host, only) in hosts {
            try await store.addDispatcher(
                DispatcherRecord(id: id, host: host, onlyJobID: only, startedAt: clock.now(), heartbeatAt: clock.now()))
        }
        let rescuer = rescuer(store, processes)
        #expect(try await Set(rescuer.liveDispatchers().map(\.id)) == ["here", "elsewhere"])
        try await rescuer.forgetDeadDispatchers()
        #expect(try await Set(store.dispatchers().map(\.id)) == ["here", "elsewhere", "foreground"])
        clock.advance(by: .seconds(31))
        #expect(try await rescuer.liveDispatchers().isEmpty)
        try await rescuer.forgetDeadDispatchers()
        #expect(try await Set(store.dispatchers().map(\.id)) == ["here", "foreground"])
    }
}
