import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore
import ArenaTestSupport
import Testing

@Suite struct AttemptVerdictTests {
    private let policy = RetryPolicy()
    private let now = TestClock().now()
    private let failure = Failure(code: "x", category: .unavailable, message: "It broke.")

    /// A job in its first attempt with the counts that a test needs.
    private func job(
        failures: Int = 0, crashes: Int = 0, rescues: Int = 0, commits: Int = 0, isCancelRequested: Bool = false
    ) async throws -> JobRecord {
        let store = try await ArenaStore.inMemory(clock: TestClock())
        var claim = try await store.running("j")
        for count in 0..<commits {
            _ = try await store.seal([], checkpoint: [1], pluginSHA256: "ab", expected: UInt64(count), for: claim.lease)
        }
        _ = try await store.conclude(claim.lease) { job in
            var conclusion = AttemptConclusion(.failed, by: .retry, of: job)
            (conclusion.failures, conclusion.crashes, conclusion.rescues) = (failures, crashes, rescues)
            return conclusion
        }
        claim = try await store.claimed("j")
        if isCancelRequested { _ = try await store.requestCancel("j") }
        return try #require(try await store.job("j"))
    }

    private func verdict(_ outcome: AttemptOutcome, _ job: JobRecord, asked: AttemptCancellation? = nil)
        -> AttemptConclusion
    {
        AttemptVerdict(policy: policy, now: now).conclusion(of: .outcome(outcome, cancellation: asked), for: job)
    }

    @Test func doneCountsEvenWhenCancellationWasAskedFor() async throws {
        let conclusion = verdict(.done(["n": 1]), try await job(isCancelRequested: true), asked: .requested)
        #expect(conclusion.status == .done && conclusion.end == .done)
        #expect(conclusion.result == ["n": 1])
    }

    @Test(arguments: StatusCode.allCases.filter { $0 != .ok })
    func failureIsRetriedByItsStatus(status: StatusCode) async throws {
        let conclusion = verdict(.failed(failure, status: status, retry: nil), try await job())
        let retriable: Set<StatusCode> = [.unavailable, .deadlineExceeded, .resourceExhausted, .aborted]
        #expect(conclusion.status == (retriable.contains(status) ? .queued : .failed))
        #expect(conclusion.failures == 1)
        #expect(conclusion.failure == failure)
        #expect((conclusion.runAfter.map { $0 > now } ?? false) == retriable.contains(status))
    }

    @Test func pluginMaySayOtherwise() async throws {
        #expect(verdict(.failed(failure, status: .internalError, retry: true), try await job()).status == .queued)
        #expect(verdict(.failed(failure, status: .unavailable, retry: false), try await job()).status == .failed)
    }

    @Test func lastFailureEndsTheJob() async throws {
        let conclusion = verdict(.failed(failure, status: .unavailable, retry: nil), try await job(failures: 2))
        #expect(conclusion.status == .failed)
        #expect(conclusion.failures == 3)
        #expect(conclusion.runAfter == nil)
    }

    @Test func crashIsRetriedAndTheThirdPoisons() async throws {
        let first = verdict(.crashed(failure), try await job())
        #expect(first.status == .queued && first.end == .crashed && first.crashes == 1 && first.failures == 1)
        let third = verdict(.crashed(failure), try await job(crashes: 2))
        #expect(third.status == .failed && third.crashes == 3)
        #expect(third.failure?.code == "job.poisoned")
        #expect(third.failure?.message.contains("It broke.") == true)
    }

    @Test(arguments: [AttemptCancellation.stopping, .leaseLost])
    func interruptedAttemptGivesTheJobBackUncounted(asked: AttemptCancellation) async throws {
        let outcomes: [AttemptOutcome] = [
            .cancelled, .crashed(failure), .failed(failure, status: .cancelled, retry: nil),
        ]
        for outcome in outcomes {
            let conclusion = verdict(outcome, try await job(failures: 2, crashes: 2), asked: asked)
            #expect(conclusion.status == .queued && conclusion.end == .released)
            #expect(conclusion.failures == 2 && conclusion.crashes == 2)
            #expect(conclusion.runAfter == nil && conclusion.failure == nil)
        }
    }

    @Test func cancelledJobIsSkippedHoweverItsAttemptEnded() async throws {
        let outcomes: [AttemptOutcome] = [
            .cancelled, .crashed(failure), .failed(failure, status: .unavailable, retry: nil), .startOver(reason: "r"),
        ]
        for outcome in outcomes {
            let conclusion = verdict(outcome, try await job(commits: 1, isCancelRequested: true), asked: .requested)
            #expect(conclusion.status == .skipped && conclusion.end == .cancelled && conclusion.reason == "cancelled")
        }
        let lost = AttemptVerdict(policy: policy, now: now).conclusion(
            of: .ownerGone(failure), for: try await job(isCancelRequested: true))
        #expect(lost.status == .skipped)
    }

    @Test func pluginThatCancelsItselfHasFailed() async throws {
        let conclusion = verdict(.cancelled, try await job())
        #expect(conclusion.status == .failed)
        #expect(conclusion.failure?.code == "job.cancelled_itself")
    }

    @Test func startingOverForgetsProgressAndNeedsSome() async throws {
        let some = verdict(.startOver(reason: "it changed"), try await job(commits: 2))
        #expect(some.status == .queued && some.forgetsProgress && some.failures == 0)
        #expect(some.notes.first?.contains("it changed") == true)
        let none = verdict(.startOver(reason: "it changed"), try await job())
        #expect(none.status == .failed && none.failure?.code == "job.cannot_start")
    }

    @Test func deadHostsAreCountedApartAndPoisonAtLast() async throws {
        let verdict = AttemptVerdict(policy: policy, now: now)
        let first = verdict.conclusion(of: .ownerGone(failure), for: try await job(failures: 2, crashes: 2))
        #expect(first.status == .queued && first.end == .lost)
        #expect(first.rescues == 1 && first.failures == 2 && first.crashes == 2)
        let last = verdict.conclusion(of: .ownerGone(failure), for: try await job(rescues: 19))
        #expect(last.status == .failed && last.failure?.code == "job.poisoned")
    }

    @Test func everyVerdictIsATransitionOfTheTable() async throws {
        let jobs = [try await job(), try await job(failures: 2, crashes: 2, rescues: 19, commits: 1)]
        let outcomes: [AttemptOutcome] = [
            .done([]), .cancelled, .crashed(failure), .failed(failure, status: .unavailable, retry: nil),
            .startOver(reason: "r"),
        ]
        for job in jobs {
            for outcome in outcomes {
                for asked in [nil, AttemptCancellation.requested, .stopping, .leaseLost] {
                    let status = verdict(outcome, job, asked: asked).status
                    #expect(JobEvent.allCases.contains { $0.target(from: job.status) == status })
                }
            }
        }
    }
}
