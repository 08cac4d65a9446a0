package import ArenaCore
package import ArenaStore

/// Frees jobs whose host is gone.
///
/// - A host that is surely dead loses its jobs at once, after what it left running was ended.
/// - One that lives never does, however long an attempt runs.
/// - Of one in another pid namespace, nothing can be told but its renewals: it loses a job once this rescuer has watched
///   the lease stand unchanged for its whole duration, by a clock that nobody can set.
/// - One of another boot is dead, for processes of one file share a machine. Still it keeps a job until the lease has
///   ended, by the time of day or as above, in case that assumption is broken.
package struct Rescuer: Sendable {
    private let store: ArenaStore
    private let policy: RetryPolicy
    private let clock: any WallClock
    private let observer: HostIdentity
    private let processes: any ProcessTable
    private let ender: any ProcessEnder
    private let leaseDuration: Duration
    private let attempts = SilenceWatch()
    private let dispatchers = SilenceWatch()

    /// - Parameters:
    ///   - leaseDuration: How long a lease holds that nobody renews, the same for all dispatchers of a store.
    ///   - observer: This process.
    package init(
        store: ArenaStore, policy: RetryPolicy = RetryPolicy(), leaseDuration: Duration = .seconds(30),
        clock: any WallClock = SystemClock(),
        observer: HostIdentity = .current(), processes: any ProcessTable = LinuxProcessTable(),
        ender: any ProcessEnder = LinuxProcessEnder()
    ) {
        self.store = store
        self.policy = policy
        self.leaseDuration = leaseDuration
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
        let live = try await store.liveAttempts()
        attempts.keepOnly(Set(live.map(\.lease.token)))
        for attempt in live where !own.contains(attempt.lease) {
            guard onlyJobID == nil || attempt.lease.jobID == onlyJobID else { continue }
            if let job = try await rescue(attempt) { rescued.append(job) }
        }
        return rescued
    }

    /// Forgets dispatchers that are dead, or silent for the duration of a lease and not comparable.
    package func forgetDeadDispatchers() async throws {
        let known = try await store.dispatchers()
        dispatchers.keepOnly(Set(known.map(\.id)))
        for dispatcher in known {
            let silence = dispatchers.silence(of: dispatcher.id, stamp: dispatcher.heartbeatAt, now: clock.elapsed())
            let isGone =
                switch dispatcher.host.liveness(seenFrom: observer, in: processes) {
                case .alive: false
                case .dead: true
                case .notComparable: silence >= leaseDuration
                }
            if isGone { try await store.removeDispatcher(dispatcher.id) }
        }
    }

    /// The dispatchers that run any job of this store now. One that was not heard of for longer than a lease does not
    /// count.
    package func liveDispatchers() async throws -> [DispatcherRecord] {
        try await store.dispatchers().filter { dispatcher in
            dispatcher.onlyJobID == nil && dispatcher.heartbeatAt + leaseDuration >= clock.now()
                && dispatcher.host.liveness(seenFrom: observer, in: processes) != .dead
        }
    }

    private func rescue(_ attempt: LiveAttempt) async throws -> JobRecord? {
        let record = attempt.record
        let silence = attempts.silence(
            of: attempt.lease.token, stamp: record.leaseExpiresAt, now: clock.elapsed())
        switch record.host.liveness(seenFrom: observer, in: processes) {
        case .dead:
            if let child = record.child {
                // One that cannot be ended might still act: the job waits for the next look.
                guard await ender.end(child) else { return nil }
            }
            return try await free(attempt, requiring: .held, "The host of attempt \(record.attempt) died.")
        case .notComparable where silence >= leaseDuration || hasEnded(record):
            return try await free(
                attempt, requiring: .notRenewed(since: record.leaseExpiresAt),
                "Nothing was heard from the host of attempt \(record.attempt) until its lease ended.")
        case .alive where silence >= leaseDuration && record.host == observer:
            // This very process lives, and yet nobody renews: its dispatcher is gone.
            return try await free(
                attempt, requiring: .notRenewed(since: record.leaseExpiresAt),
                "The dispatcher of attempt \(record.attempt) stopped renewing its lease.")
        case .alive, .notComparable:
            return nil
        }
    }

    /// By the time of day, which says something only of a boot that is over: no process of it can be renewing.
    private func hasEnded(_ record: AttemptRecord) -> Bool {
        !record.host.bootID.isEmpty && record.host.bootID != observer.bootID && record.leaseExpiresAt <= clock.now()
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
