import ArenaStore
import Testing

@Suite struct JobEventTests {
    /// Every pair that is allowed, and where it leads; all others are not.
    static let transitions: [(JobStatus, JobEvent, JobStatus)] = [
        (.queued, .claim, .dispatched), (.queued, .cancel, .skipped),
        (.dispatched, .begin, .running), (.dispatched, .refuse, .queued), (.dispatched, .fail, .failed),
        (.dispatched, .retry, .queued),
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

    @Test(arguments: JobEvent.allCases) func tokenIsThereExactlyWhileAJobIsHeld(event: JobEvent) {
        let token = event.writes[.leaseToken]
        switch (event.sources.contains { $0.isHeld }, event.target.isHeld) {
        case (_, false): #expect(token == (event == .reopen ? nil : .null))
        case (false, true): #expect(token == .newToken)
        case (true, true): #expect(token == nil)
        }
    }

    @Test(arguments: JobEvent.allCases) func timeOfTheEndIsThereExactlyAtTheEnd(event: JobEvent) {
        let finishedAt = event.writes[.finishedAt]
        #expect((finishedAt == .now) == event.target.isFinal)
        #expect((finishedAt == .null) == event.sources.contains { $0.isFinal })
    }

    @Test func everyStateCanBeReached() {
        #expect(Set(JobEvent.allCases.map(\.target)) == Set(JobStatus.allCases))
    }
}
