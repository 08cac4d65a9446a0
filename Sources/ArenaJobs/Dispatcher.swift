package import ArenaConcurrency
import ArenaCore
package import ArenaStore

/// How a dispatcher works.
package struct DispatcherConfiguration: Sendable {
    /// The most attempts at once.
    package var slots: Int
    /// How long an attempt is left alone by those who cannot see whether its host lives. Renewed three times as often.
    package var leaseDuration: Duration
    /// How long attempts may go on when the dispatcher stops, before they are asked to stop.
    package var grace: Duration
    package var retryPolicy: RetryPolicy
    package var commitLimits: CommitLimits

    package init(
        slots: Int = 4, leaseDuration: Duration = .seconds(30), grace: Duration = .zero,
        retryPolicy: RetryPolicy = RetryPolicy(), commitLimits: CommitLimits = CommitLimits()
    ) {
        self.slots = slots
        self.leaseDuration = leaseDuration
        self.grace = grace
        self.retryPolicy = retryPolicy
        self.commitLimits = commitLimits
    }
}

/// Takes jobs from the queue and runs them, several at once.
///
/// Sleeps until a job comes, in this or another process, or is due, or a lease is to be renewed. Several dispatchers may
/// work on one store.
package actor Dispatcher {
    let store: ArenaStore
    let catalog: any JobKindCatalog
    let executor: any JobExecutor
    let admission: any JobAdmission
    let ender: any ProcessEnder
    let configuration: DispatcherConfiguration
    let clock: any TimerClock
    let host: HostIdentity
    let rescuer: Rescuer
    let id = Identifier.random()
    let wakeup = Wakeup()
    var running: [JobLease: RunningAttempt] = [:]
    /// Whether the queue should be looked at: something changed there, or a slot became free.
    var mayHaveWork = true
    /// What is made: one pass, which ends as soon as nothing runs and nothing can be begun; `nil`: it serves.
    var pass: DrainPass?
    private var phase = Phase.idle
    private var onlyJobID: String?
    private var nextDue: Timestamp?
    /// By ``WallClock/elapsed()``: a clock that is set must not make a lease end unnoticed.
    private var lastRenewal: Duration?
    private var position: Int64 = 0

    private enum Phase { case idle, serving, stopping, ended }

    /// An attempt and the task that conducts it to its end.
    struct RunningAttempt {
        let stop: AttemptStop
        let task: Task<Void, Never>
    }

    /// - Parameters:
    ///   - admission: Asked before each job is run; `nil`: whether the claim still holds, and no more.
    ///   - host: This process. Tests give another.
    ///   - processes: Tells which hosts live.
    ///   - ender: Ends what dead hosts left running.
    package init(
        store: ArenaStore, catalog: any JobKindCatalog, executor: any JobExecutor,
        admission: (any JobAdmission)? = nil, configuration: DispatcherConfiguration = DispatcherConfiguration(),
        clock: any TimerClock = SystemClock(), host: HostIdentity = .current(),
        processes: any ProcessTable = LinuxProcessTable(),
        ender: any ProcessEnder = LinuxProcessEnder()
    ) {
        self.store = store
        self.catalog = catalog
        self.executor = executor
        self.admission = admission ?? ClaimAdmission(store: store)
        self.ender = ender
        self.configuration = configuration
        self.clock = clock
        self.host = host
        rescuer = Rescuer(
            store: store, policy: configuration.retryPolicy, leaseDuration: configuration.leaseDuration, clock: clock,
            observer: host, processes: processes, ender: ender)
    }

    /// Runs jobs until ``stop()`` is called or the surrounding task is cancelled; then ends in good order: attempts get
    /// the grace, are asked to stop, and their jobs are given back to the queue.
    ///
    /// A dispatcher runs once.
    ///
    /// - Throws: the store's error if it cannot even be registered there; `job.dispatcher_used` when it ran before.
    package func run() async throws {
        try await serve(only: nil) { _ in false }
    }

    /// Runs one job, and no other, until it has ended, here or in another dispatcher: the command line's foreground.
    ///
    /// - Throws: `job.not_found`; `CancellationError` when stopped or cancelled before, with the job given back.
    package func runUntilFinished(_ jobID: String) async throws -> JobRecord {
        try await serve(only: jobID) { store in
            guard let job = try await store.job(jobID) else { throw JobsError.notFound(jobID) }
            return job.status.isFinal
        }
        guard let job = try await store.job(jobID) else { throw JobsError.notFound(jobID) }
        guard job.status.isFinal else { throw CancellationError() }
        return job
    }

    /// Asks it to end in good order, and returns at once; ``run()`` returns when that is done.
    package nonisolated func stop() {
        Task { await beginStopping() }
    }

    private func beginStopping() {
        if phase != .ended { phase = .stopping }
        wakeup.ring()
    }

    private func serve(only jobID: String?, until isFinished: (ArenaStore) async throws -> Bool) async throws {
        switch phase {
        case .idle: phase = .serving
        case .stopping where running.isEmpty && onlyJobID == nil: break  // stopped before it began: ends at once
        case .serving, .stopping, .ended:
            throw JobsError(
                code: "job.dispatcher_used", category: .failedPrecondition, message: "A dispatcher runs only once.")
        }
        onlyJobID = jobID
        position = try await store.lastChange()
        let now = clock.now()
        try await store.addDispatcher(
            DispatcherRecord(id: id, host: host, onlyJobID: jobID, startedAt: now, heartbeatAt: now))
        let listening = Task { [store, wakeup] in for await _ in store.wakeups() { wakeup.ring() } }
        let outcome = await withTaskCancellationHandler {
            await work(until: isFinished)
        } onCancel: {
            stop()
        }
        await endAttempts()
        listening.cancel()
        phase = .ended
        try? await store.removeDispatcher(id)
        try outcome.get()
    }

    /// The loop. A store that fails is tried again: jobs that run are worth more than a clean end.
    private func work(until isFinished: (ArenaStore) async throws -> Bool) async -> Result<Void, any Error> {
        while phase == .serving {
            var deadline: Timestamp
            do {
                try await keepHouse()
                if mayHaveWork {
                    mayHaveWork = false  // before looking: what happens meanwhile sets it again
                    if try await isFinished(store) { return .success(()) }
                    try await tellAttempts()
                    try await claimDueJobs()
                    if pass != nil, running.isEmpty, !mayHaveWork { return .success(()) }
                }
                deadline = clock.now() + untilRenewal
                if let nextDue { deadline = min(deadline, nextDue) }
            } catch let error as JobsError {
                return .failure(error)
            } catch {
                mayHaveWork = true
                deadline = clock.now() + .milliseconds(500)
            }
            await rest(until: deadline)
        }
        return .success(())
    }

    private var renewalInterval: Duration { configuration.leaseDuration / 3 }

    /// Zero once leases are to be renewed.
    private var untilRenewal: Duration {
        guard let lastRenewal else { return .zero }
        return max(.zero, lastRenewal + renewalInterval - clock.elapsed())
    }

    /// Sleeps until the deadline, a change or a free slot. Changes that are no dispatcher's business, such as progress,
    /// give no work.
    private func rest(until deadline: Timestamp) async {
        await hearBell(until: deadline)
        guard !mayHaveWork else { return }
        guard phase == .serving, clock.now() < deadline,
            let batch = try? await store.changes(after: position, limit: Self.batchLimit)
        else {
            mayHaveWork = true
            return
        }
        position = batch.last
        if batch.isReset || batch.changes.count == Self.batchLimit
            || batch.changes.contains(where: { Self.topics.contains($0.topic) })
        {
            mayHaveWork = true
        }
    }

    private static let batchLimit = 1000
    private static let topics: Set<String> = [ChangeTopic.job.rawValue, ChangeTopic.jobKind.rawValue]

    // MARK: What the loop does

    /// Renews leases and looks for jobs whose host is gone, once per interval. When renewing fails for so long that a
    /// lease may end, the attempts are stopped before someone else begins.
    private func keepHouse() async throws {
        guard untilRenewal == .zero else { return }
        let now = clock.elapsed()
        let leases = Set(running.keys)
        do {
            try await store.renew(
                Array(leases), until: clock.now() + configuration.leaseDuration, dispatcherID: id)
            lastRenewal = now
        } catch {
            let isLate = now > (lastRenewal ?? now) + configuration.leaseDuration * 4 / 5
            if isLate { for attempt in running.values { attempt.stop.request(.leaseLost) } }
            throw error
        }
        try await rescuer.forgetDeadDispatchers()
        try await rescuer.rescue(except: leases.union(running.keys))
    }

    /// Fills the free slots, and notes when the next job is due if there is a slot left for it.
    private func claimDueJobs() async throws {
        nextDue = nil
        if try await isRefused() { return }
        while phase == .serving, running.count < configuration.slots {
            let outlook = try await store.outlook(onlyJobID: onlyJobID)
            nextDue = outlook.next
            guard outlook.isDue else { return }
            let claims = try await store.claim(
                ClaimRequest(
                    limit: configuration.slots - running.count, onlyJobID: onlyJobID, limits: await catalog.limits(),
                    dispatcherID: id, host: host, leaseExpiresAt: clock.now() + configuration.leaseDuration))
            guard !claims.isEmpty else { return }
            for claim in claims { start(claim) }
        }
    }
}
