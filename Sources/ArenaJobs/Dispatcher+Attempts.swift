import ArenaConcurrency
import ArenaCore
import ArenaStore

extension Dispatcher {
    /// Begins an attempt of a job that was claimed.
    func start(_ claim: Claim) {
        let conductor = AttemptConductor(
            claim: claim, store: store, catalog: catalog, executor: executor, admission: admission, ender: ender,
            clock: clock, policy: configuration.retryPolicy, limits: configuration.commitLimits)
        let task = Task {
            await conductor.conduct()
            ended(claim.lease)
        }
        running[claim.lease] = RunningAttempt(stop: conductor.stop, task: task)
    }

    private func ended(_ lease: JobLease) {
        running[lease] = nil
        pass?.unread.append(lease)
        mayHaveWork = true
        wakeup.ring()
    }

    /// Passes on requests to cancel, and tells attempts that lost their job.
    func tellAttempts() async throws {
        for (lease, standing) in try await store.standing(of: Array(running.keys)) {
            switch standing {
            case .held: break
            case .cancelRequested: running[lease]?.stop.request(.requested)
            case .lost: running[lease]?.stop.request(.leaseLost)
            }
        }
    }

    /// Lets attempts go on for the grace, asks the rest to stop, and waits for them.
    func endAttempts() async {
        let deadline = clock.now() + configuration.grace
        while !running.isEmpty, clock.now() < deadline { await hearBell(until: deadline) }
        let last = Array(running.values)
        for attempt in last { attempt.stop.request(.stopping) }
        for attempt in last { await attempt.task.value }
    }

    /// Sleeps until the deadline or until someone rings.
    func hearBell(until deadline: Timestamp) async {
        let timer = Task { [clock, wakeup] in
            guard (try? await clock.sleep(until: deadline)) != nil else { return }
            wakeup.ring()
        }
        await wakeup.heard()
        timer.cancel()
    }
}
