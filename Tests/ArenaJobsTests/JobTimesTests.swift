import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

/// How long jobs waited and worked, and when they will be done.
@Suite struct JobTimesTests {
    private let start = Timestamp.at("2026-11-21T09:00:00Z")

    private func after(_ seconds: Double) -> Timestamp { start + .seconds(seconds) }

    @Test func timeLeftFollowsTheMeanSpeedSinceTheFirstReport() {
        var rate = ProgressRate()
        // An attempt that goes on from a commit did not do the first 40 itself.
        #expect(rate.timeLeft(done: 40, total: 100, phase: "ask", at: start) == nil)
        #expect(rate.timeLeft(done: 50, total: 100, phase: "ask", at: after(10)) == .seconds(50))
        #expect(rate.timeLeft(done: 50, total: 100, phase: "ask", at: after(20)) == .seconds(100))
        #expect(rate.timeLeft(done: 80, total: 100, phase: "ask", at: after(20)) == .seconds(10))
        #expect(rate.timeLeft(done: 100, total: 100, phase: "ask", at: after(30)) == .zero)
    }

    @Test func nothingIsSaidOfTheTimeLeftBeforeAnythingWasDone() {
        var rate = ProgressRate()
        #expect(rate.timeLeft(done: 5, total: 0, phase: "", at: start) == nil, "the total is unknown")
        #expect(rate.timeLeft(done: 5, total: 10, phase: "", at: start) == nil)
        #expect(rate.timeLeft(done: 5, total: 10, phase: "", at: after(60)) == nil)
        #expect(rate.timeLeft(done: 6, total: 10, phase: "", at: start) == nil, "no time has passed")
    }

    @Test func speedIsMeasuredAnewWhenTheWorkIsAnother() {
        var rate = ProgressRate()
        for (total, phase, done) in [(UInt64(100), "ask", UInt64(20)), (100, "judge", 20), (50, "judge", 20)] {
            #expect(rate.timeLeft(done: 10, total: total, phase: phase, at: start) == nil)
            #expect(rate.timeLeft(done: done, total: total, phase: phase, at: after(1)) != nil)
        }
        #expect(rate.timeLeft(done: 3, total: 50, phase: "judge", at: after(2)) == nil, "the count fell")
        #expect(rate.timeLeft(done: 4, total: 50, phase: "judge", at: after(1)) == nil, "the clock was set back")
    }

    @Test func latencyIsCountedFromWhenTheJobCouldRun() {
        let job = JobDurations(ready: after(0), claimed: after(2), ended: after(7))
        #expect(job.queued == .seconds(2) && job.run == .seconds(5))
        let running = JobDurations(ready: after(0), claimed: after(2), ended: nil)
        #expect(running.queued == .seconds(2) && running.run == nil)
        let waitsAgain = JobDurations(ready: after(9), claimed: after(2), ended: nil)
        #expect(waitsAgain.queued == nil && waitsAgain.run == nil)
        let neverClaimed = JobDurations(ready: after(0), claimed: nil, ended: after(3))
        #expect(neverClaimed.queued == nil && neverClaimed.run == nil)
        let ofAnOlderFile = JobDurations(ready: nil, claimed: after(2), ended: after(3))
        #expect(ofAnOlderFile.queued == nil && ofAnOlderFile.run == .seconds(1))
        #expect(
            JobDurations(ready: after(0), claimed: after(2), ended: after(1)).run == .zero, "the clock was set back")
    }

    @Test func jobTellsItsLatestWaitAndWork() async throws {
        let clock = TestClock()
        let store = try await ArenaStore.inMemory(clock: clock)
        var job = NewJob.sample("j")
        job.runAfter = clock.now() + .seconds(60)
        _ = try await store.enqueue(job)
        #expect(try await store.job("j")?.json["queued_ms"] == nil)
        clock.advance(by: .seconds(63))
        let first = try await store.claimed("j")
        #expect(try await store.job("j")?.json["queued_ms"] == 3000)
        clock.advance(by: .seconds(1))
        let due = clock.now() + .seconds(10)
        _ = try await store.conclude(first.lease) { job in
            var conclusion = AttemptConclusion(.failed, by: .retry, of: job)
            conclusion.runAfter = due
            return conclusion
        }
        #expect(try await store.job("j")?.json["queued_ms"] == nil)
        clock.advance(by: .seconds(12))
        let second = try await store.claimed("j")
        clock.advance(by: .seconds(5))
        let done = try await store.conclude(second.lease) { AttemptConclusion(.failed, by: .fail, of: $0) }
        #expect(done?.json["queued_ms"] == 2000 && done?.json["run_ms"] == 5000)
        clock.advance(by: .seconds(100))
        _ = try await store.retry("j")
        #expect(try await store.job("j")?.json["run_ms"] == nil)
        clock.advance(by: .seconds(4))
        _ = try await store.claimed("j")
        #expect(try await store.job("j")?.json["queued_ms"] == 4000)
    }
}
