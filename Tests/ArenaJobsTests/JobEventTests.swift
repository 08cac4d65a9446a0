import ArenaJobs
import ArenaStore
import Testing

@Suite struct JobEventTests {
    /// Every pair that is allowed, and where it leads; all others are not.
    static let transitions: [(JobStatus, JobEvent, JobStatus)] = [
        (.queued, .claim, .dispatched), (.queued, .cancel, .skipped),
        (.dispatched, .begin, .running), (.dispatched, .fail, .failed), (.dispatched, .retry, .queued),
        (.dispatched, .release, .queued), (.dispatched, .rescue, .queued), (.dispatched, .startOver, .queued),
        (.dispatched, .cancel, .skipped),
        (.running, .finish, .done), (.running, .fail, .failed), (.running, .retry, .queued),
        (.running, .release, .queued), (.running, .rescue, .queued), (.running, .startOver, .queued),
        (.running, .cancel, .skipped),
        (.failed, .reopen, .queued), (.skipped, .reopen, .queued),
    ]

    @Test(arguments: JobStatus.allCases, JobEvent.allCases)
    func leadsWhereTheTableSays(status: JobStatus, event: JobEvent) {
        let expected = Self.transitions.first { $0.0 == status && $0.1 == event }?.2
        #expect(event.target(from: status) == expected)
    }

    @Test(arguments: JobStatus.allCases) func everyStateButDoneCanBeLeft(status: JobStatus) {
        let leaves = JobEvent.allCases.contains { $0.sources.contains(status) }
        #expect(leaves == (status != .done))
    }

    @Test func everyStateCanBeReached() {
        #expect(Set(JobEvent.allCases.map(\.target)) == Set(JobStatus.allCases))
    }
}

@Suite struct RetryPolicyTests {
    @Test(arguments: [(1, 1.0), (2, 2.0), (3, 4.0), (9, 256.0), (10, 300.0), (1000, 300.0), (0, 1.0)])
    func pauseDoublesUpToTheLongest(failures: Int, seconds: Double) {
        for seed in UInt64(0)..<100 {
            let pause = RetryPolicy().pause(afterFailure: failures, seed: seed)
            #expect(pause >= .seconds(seconds) && pause <= .seconds(seconds * 1.5))
        }
    }

    @Test func sameSeedGivesTheSamePauseAndOthersDiffer() {
        let policy = RetryPolicy()
        #expect(policy.pause(afterFailure: 2, seed: 7) == policy.pause(afterFailure: 2, seed: 7))
        #expect(Set((0..<20).map { policy.pause(afterFailure: 2, seed: $0) }).count > 15)
    }
}
