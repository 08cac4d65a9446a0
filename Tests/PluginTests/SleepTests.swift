import ArenaJSON
import CArenaPlugin
import Testing

@Suite(.serialized) struct SleepTests {
    @Test func sealsEachStepAndTellsHowFarItIs() throws {
        let host = FakeHost()
        let outcome = try host.run("sleep", #"{"seconds": 0, "steps": 4}"#)
        #expect(outcome.result == ["seconds": 0, "steps": 4])
        #expect(host.store.commits.count == 4)
        #expect(outcome.call.progress.map(\.done) == [1, 2, 3, 4])
    }

    @Test(arguments: 0...4)
    func goesOnBehindTheLastStepThatWasSealed(_ killedAfter: Int) throws {
        let host = FakeHost()
        host.store.abortsAtCommit = killedAfter
        let first = try host.run("sleep", #"{"seconds": 0, "steps": 4}"#)
        #expect(first.status == (killedAfter < 4 ? ARENA_ABORTED : ARENA_OK))
        host.store.abortsAtCommit = .max
        let second = try host.run("sleep", #"{"seconds": 0, "steps": 4}"#, attempt: 2)
        #expect(second.result == ["seconds": 0, "steps": 4])
        #expect(second.call.progress.count == 4 - killedAfter)
        #expect(host.store.commits.count == 4)
    }

    @Test func endsSoonAfterItIsCancelled() throws {
        let host = FakeHost()
        let outcome = try host.run("sleep", #"{"seconds": 3600}"#, cancelledAtPoll: 3)
        #expect(outcome.status == ARENA_CANCELLED)
        #expect(outcome.call.polls == 3)
        #expect(host.store.commits.isEmpty)
    }

    @Test func saysThatAServiceIsMissing() throws {
        let host = FakeHost()
        host.withheld = ["arena.job/1"]
        let outcome = try host.run("sleep", #"{"seconds": 0}"#)
        #expect(outcome.status == ARENA_FAILED_PRECONDITION)
        #expect(outcome.call.failure?.code == "sleep.no_job_service")
    }
}
