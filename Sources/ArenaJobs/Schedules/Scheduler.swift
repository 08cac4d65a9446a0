package import ArenaConcurrency
package import ArenaCore
package import ArenaStore

/// Enqueues the jobs of schedules when their time comes. Any number may work on one store, in any number of processes:
/// each time is fired for once.
package struct Scheduler: Sendable {
    private let store: ArenaStore
    private let catalog: any JobKindCatalog
    private let clock: any TimerClock
    private let zones: ZoneLibrary

    /// What one tick did.
    package struct Tick: Sendable {
        package var fired: [Fired] = []
        /// Schedules that could not be fired, and why.
        package var failures: [(id: String, failure: Failure)] = []
    }

    /// One job that a tick asked for.
    package struct Fired: Sendable {
        package let scheduleID: String
        package let job: JobRecord
        /// The job was there before, and has not ended yet.
        package let isCoalesced: Bool
    }

    /// A clock that was set back is noticed this late at most.
    private static let longestRest = Duration.seconds(600)
    /// A store that changes all the time is not asked more often.
    private static let shortestRest = Duration.milliseconds(200)

    package init(
        store: ArenaStore, catalog: any JobKindCatalog, clock: any TimerClock = SystemClock(),
        zones: ZoneLibrary = .system
    ) {
        self.store = store
        self.catalog = catalog
        self.clock = clock
        self.zones = zones
    }

    /// Fires every schedule whose time has come. One that cannot be fired does not keep the others.
    package func tick() async throws -> Tick {
        var tick = Tick()
        let horizon = clock.now() + Schedule.longestSetback
        for record in try await store.schedulesToPlan(plannedAfter: horizon) {
            do {
                let schedule = try Schedule(record, zones: zones)
                let firing = schedule.firing(at: clock.now(), kind: try? await catalog.jobKind(record.kind))
                let jobs = try await store.fire(firing) ?? []
                tick.fired += jobs.map { Fired(scheduleID: record.id, job: $0.job, isCoalesced: $0.isCoalesced) }
            } catch {
                tick.failures.append((record.id, Failure(error)))
            }
        }
        return tick
    }

    /// Ticks whenever a schedule is due, was changed here or in another process, or the clock was set, until the
    /// surrounding task is cancelled. A store that fails is tried again.
    package func run() async {
        while !Task.isCancelled {
            var position: Int64 = 0
            var deadline = clock.now()
            do {
                position = try await store.lastChange()  // before looking: what happens meanwhile wakes
                _ = try await tick()
                let next = try await store.nextScheduledTime()
                deadline = min(next ?? .distantFuture, clock.now() + Self.longestRest)
            } catch {
                deadline = clock.now() + .milliseconds(500)
                position = .max
            }
            await rest(until: deadline, after: position)
        }
    }

    /// Sleeps until the deadline or until a schedule was changed after `position`.
    private func rest(until deadline: Timestamp, after position: Int64) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await clock.sleep(until: deadline) }
            if position != .max { group.addTask { await scheduleChanged(after: position) } }
            await group.next()
            group.cancelAll()
        }
    }

    private func scheduleChanged(after start: Int64) async {
        var position = start
        for await _ in store.wakeups() {
            guard let batch = try? await store.changes(after: position) else { return }
            if batch.isReset || batch.changes.contains(where: { $0.topic == ChangeTopic.schedule.rawValue }) { return }
            position = batch.last
            if batch.changes.isEmpty { continue }
            try? await clock.sleep(until: clock.now() + Self.shortestRest)
        }
    }
}

extension Timestamp {
    fileprivate static let distantFuture = Timestamp(unixMilliseconds: .max)
}
