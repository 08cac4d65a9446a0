package import ArenaCore
package import ArenaStore

/// Frees jobs whose host is gone.
///
/// A host that is surely dead loses its jobs at once, after what it left running was ended; one that cannot be compared
/// loses a job when the lease ends. One that lives never does, however long an attempt runs.
package struct Rescuer: Sendable {
    private let store: ArenaStore
    private let policy: RetryPolicy
    private let clock: any WallClock
    private let observer: HostIdentity
    private let processes: any ProcessTable
    private let ender: any ProcessEnder

    /// - Parameter observer: This process.
    package init(
        store: ArenaStore, policy: RetryPolicy = RetryPolicy(), clock: any WallClock = SystemClock(),
        observer: HostIdentity = .current(), processes: any ProcessTable = LinuxProcessTable(),
        ender: any ProcessEnder = LinuxProcessEnder()
    ) {
        self.store = store
        self.policy = policy
        self.clock = clock
        self.observer = observer
        self.processes = processes
        self.ender = ender
    }

    /// Looks at all live attempts, or those of one job.
    ///
    /// - Parameter own: Attempts that the caller runs itself.
    /// - Returns: the jobs that were freed.
    @discardableResult
    package func rescue(onlyJobID: String? = nil, except own: Set<JobLease> = []) async throws -> [JobRecord] {
        var rescued: [JobRecord] = []
        for attempt in try await store.liveAttempts() where !own.contains(attempt.lease) {
            guard onlyJobID == nil || attempt.lease.jobID == onlyJobID else { continue }
            if let job = try await rescue(attempt) { rescued.append(job) }
        }
        return rescued
    }

    /// Forgets dispatchers that are dead, or silent for longer than `silence` and not comparable.
    package func forgetDeadDispatchers(silence: Duration) async throws {
        for dispatcher in try await store.dispatchers() {
            let isGone =
                switch dispatcher.host.liveness(seenFrom: observer, in: processes) {
                case .alive: false
                case .dead: true
                case .notComparable: dispatcher.heartbeatAt + silence < clock.now()
                }
            if isGone { try await store.removeDispatcher(dispatcher.id) }
        }
    }

    /// The dispatchers that run any job of this store now.
    ///
    /// - Parameter silence: One that was not heard of for longer does not count.
    package func liveDispatchers(silence: Duration = .seconds(30)) async throws -> [DispatcherRecord] {
        try await store.dispatchers().filter { dispatcher in
            dispatcher.onlyJobID == nil && dispatcher.heartbeatAt + silence >= clock.now()
                && dispatcher.host.liveness(seenFrom: observer, in: processes) != .dead
        }
    }

    private func rescue(_ attempt: LiveAttempt) async throws -> JobRecord? {
        let record = attempt.record
        let isExpired = record.leaseExpiresAt <= clock.now()
        switch record.host.liveness(seenFrom: observer, in: processes) {
        case .dead:
            if let child = record.child {
                // One that cannot be ended might still act: the job waits for the next look.
                guard await ender.end(child) else { return nil }
            }
            return try await free(attempt, requiring: .held, "The host of attempt \(record.attempt) died.")
        case .notComparable where isExpired:
            return try await free(
                attempt, requiring: .expired,
                "Nothing was heard from the host of attempt \(record.attempt) until its lease ended.")
        case .alive where isExpired && record.host == observer:
            // This very process lives, and yet nobody renews: its dispatcher is gone.
            return try await free(
                attempt, requiring: .expired, "The dispatcher of attempt \(record.attempt) stopped renewing its lease.")
        case .alive, .notComparable:
            return nil
        }
    }

    private func free(
        _ attempt: LiveAttempt, requiring requirement: LeaseRequirement, _ message: String
    ) async throws -> JobRecord? {
        let failure = Failure(code: "job.host_lost", category: .unavailable, message: message)
        let verdict = AttemptVerdict(policy: policy, now: clock.now())
        return try await store.conclude(attempt.lease, requiring: requirement) { job in
            verdict.conclusion(of: .ownerGone(failure), for: job)
        }
    }
}
