import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// Jobs that do not want to end, and jobs that end their worker: real children, and the real way from the request on.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(2)))
struct StubbornJobTests {
    @Test func cancellingAJobThatDoesNotHearEndsItWithinThreeSeconds() async throws {
        try await TestHouse.withToil { house in
            try await house.dispatching {
                let job = try await house.toil(["deaf": true])
                // Its line says that it is in its endless loop by now, or will be before it looks at anything.
                for await _ in house.runtime.store.wakeups() {
                    if try await !house.runtime.store.log(ofJob: job.id).isEmpty { break }
                }
                let child = try #require(try await house.runtime.store.liveAttempts().first?.record.child)
                #expect(try await house.runtime.jobs.cancel(job.id) == .requested)
                let asked = ContinuousClock.now
                let ended = try await house.until(job.id) { $0.status.isFinal }
                #expect(ContinuousClock.now - asked < .seconds(3))
                #expect(ended.status == .skipped && ended.reason == "cancelled")
                let request = try #require(ended.cancelRequestedAt)
                #expect(try #require(ended.finishedAt) - request < .seconds(3))
                #expect(try await ProcessStatus.waitForEnd(of: child.pid, atMost: .seconds(1)), "its child lives")
                #expect(try await house.runtime.store.attempts(ofJob: job.id).map(\.end) == [.cancelled])
                // Who did that goes on.
                let next = try await house.toil(["steps": 2])
                #expect(try await house.until(next.id) { $0.status.isFinal }.status == .done)
            }
        }
    }

    @Test func cancellingAJobThatHearsEndsItAtOnceAndShowsNoRow() async throws {
        try await TestHouse.withToil { house in
            try await house.dispatching {
                let job = try await house.toil(["steps": 1000, "ms": 20])
                _ = try await house.until(job.id) { $0.checkpointSeq > 1 }
                #expect(try await house.runtime.jobs.cancel(job.id) == .requested)
                let ended = try await house.until(job.id) { $0.status.isFinal }
                #expect(ended.status == .skipped && ended.reason == "cancelled")
                let took = try #require(ended.finishedAt) - (try #require(ended.cancelRequestedAt))
                #expect(took < .seconds(2), "it was waited for as if it did not hear")
                #expect(try await house.steps(of: job.id).isEmpty)
            }
        }
    }

    @Test func jobThatCrashesItsWorkerAgainAndAgainFailsWithItsLastLines() async throws {
        try await TestHouse.withToil { house in
            try await house.dispatching {
                let job = try await house.toil(["crash": 99])
                let ended = try await house.until(job.id) { $0.status.isFinal }
                #expect(ended.status == .failed && ended.failure?.code == "job.poisoned")
                #expect(ended.crashes == 3 && ended.attempts == 3, "although 20 attempts are allowed")
                #expect(ended.failure?.message.contains("signal") == true, "\(ended.failure?.message ?? "")")
                #expect(ended.failure?.hint?.isEmpty == false)
                let lines = ended.failureDetail?["log"]?.array?.compactMap { $0["message"]?.string }
                #expect(lines == (1...3).map { "attempt \($0), step 0: begins" })
                #expect(
                    try await house.runtime.store.attempts(ofJob: job.id).map(\.end) == [.crashed, .crashed, .crashed])
                #expect(try await house.isAlive())
            }
        }
    }
}
