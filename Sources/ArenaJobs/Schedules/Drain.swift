import ArenaCore
package import ArenaJSON
package import ArenaStore

/// One pass over the queue: fires what is due, then runs what can be run until nothing is left.
///
/// A job that is refused, because a resource it needs is not to be had now, ends the pass: what stands behind it in the
/// queue waits for the next one, so that a pass neither overtakes the job nor asks again and again.
package struct Drain: Sendable {
    private let scheduler: Scheduler
    private let dispatcher: Dispatcher
    private let lockPath: String

    /// - Parameters:
    ///   - dispatcher: A fresh one; it runs once.
    ///   - lockPath: The file by which drains of one home exclude each other.
    package init(scheduler: Scheduler, dispatcher: Dispatcher, lockPath: String) {
        self.scheduler = scheduler
        self.dispatcher = dispatcher
        self.lockPath = lockPath
    }

    /// What a pass did.
    package struct Report: Sendable {
        /// Another drain was at work; nothing was done.
        package var isSkipped = false
        package var tick = Scheduler.Tick()
        /// The jobs that the pass ran, as they stand after it, in the order in which they first ended.
        package var jobs: [JobRecord] = []
        /// The job that was refused and ended the pass.
        package var refused: JobRecord?
    }

    /// Stopped early when the surrounding task is cancelled; jobs that run are given back then.
    package func run() async throws -> Report {
        guard let lock = try DrainLock.take(lockPath) else { return Report(isSkipped: true) }
        var report = Report()
        report.tick = try await scheduler.tick()
        (report.jobs, report.refused) = try await dispatcher.drain()
        withExtendedLifetime(lock) {}
        return report
    }
}

extension Drain.Report {
    /// `{skipped, reason?, fired, drained, n_drained, refused, failures}`
    package var json: JSONValue {
        var object: JSONObject = [
            "skipped": .bool(isSkipped),
            "fired": .array(
                tick.fired.map { fired in
                    [
                        "schedule": .string(fired.scheduleID), "job_id": .string(fired.job.id),
                        "coalesced": .bool(fired.isCoalesced),
                    ]
                }),
            "drained": .array(jobs.map(Self.brief)), "n_drained": JSONValue(jobs.count),
            "refused": refused.map(Self.brief) ?? .null,
            "failures": .array(
                tick.failures.map { ["schedule": .string($0.id), "error": $0.failure.json] }),
        ]
        if isSkipped { object["reason"] = "Another drain of this home is at work." }
        return .object(object)
    }

    private static func brief(_ job: JobRecord) -> JSONValue {
        var object: JSONObject = [
            "id": .string(job.id), "kind": .string(job.kind), "status": .string(job.status.rawValue),
            "trigger": .string(job.trigger),
        ]
        object["error"] = job.failure.map(\.json)
        object["run_after"] = job.runAfter.map { .string($0.description) }
        return .object(object)
    }
}
