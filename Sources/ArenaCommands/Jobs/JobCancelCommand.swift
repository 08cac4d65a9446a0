import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct JobCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End jobs that wait or run.",
        discussion: """
            One that waits is skipped at once, also when no server runs. One that runs is asked to end, and ended when \
            it does not; the command waits for that, up to 10 seconds. One whose host is dead is taken from it first.
            """)

    @Argument(help: "Ids of jobs.")
    var ids: [String]

    @Flag(help: "Only ask; do not wait for the end of jobs that run.")
    var noWait = false

    @OptionGroup var global: GlobalOptions

    /// A job that runs has ended within 3 seconds where all is well.
    private static let patience = Duration.seconds(10)

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            var outcomes = JobOutcomes()
            var asked: [String: Result<JobRecord, any Error>] = [:]
            let ids = JobOutcomes.distinct(ids)
            for id in ids {
                do { asked[id] = .success(try await ask(id, runtime)) } catch { asked[id] = .failure(error) }
            }
            let deadline = ContinuousClock.now + Self.patience
            for id in ids {
                try await outcomes.add(id) {
                    guard let job = try asked[id]?.get() else { throw Failure.noJob(id) }
                    return noWait || job.status.isFinal ? job : try await end(of: id, by: deadline, runtime)
                }
            }
            Console.current.answer(.array(outcomes.elements)) { _ in
                outcomes.jobs.map { job in
                    job.status == .skipped ? "Cancelled \(job.id).\n" : "Asked \(job.id), which runs, to end.\n"
                }.joined()
            }
            try outcomes.throwFailures()
        }
    }

    /// The job as it stands once it was asked; one that waits, and one whose host is dead, has ended.
    private func ask(_ id: String, _ runtime: ArenaRuntime) async throws -> JobRecord {
        guard let job = try await runtime.store.job(id) else { throw Failure.noJob(id) }
        if job.status.isHeld { try await runtime.rescuer.rescue(onlyJobID: id) }
        if case .alreadyEnded(let status) = try await runtime.jobs.cancel(id) { throw Failure.ended(id, status) }
        return try await runtime.store.job(id) ?? job
    }

    private func end(of id: String, by deadline: ContinuousClock.Instant, _ runtime: ArenaRuntime) async throws
        -> JobRecord
    {
        while ContinuousClock.now < deadline {
            guard let job = try await untilFinished(id, within: .seconds(1), runtime) else {
                // Its host may have died meanwhile, and nobody else looks.
                try await runtime.rescuer.rescue(onlyJobID: id)
                continue
            }
            guard job.status == .skipped else { throw Failure.ended(id, job.status) }
            return job
        }
        throw Failure(
            code: "job.still_running", category: .unavailable,
            message: "Job \(id) was asked to end and still runs after \(Self.patience.milliseconds / 1000) seconds.",
            hint: "It ends once its dispatcher hears of it: `arena job show \(id)`.")
    }

    /// `nil` when it did not end in time.
    private func untilFinished(_ id: String, within limit: Duration, _ runtime: ArenaRuntime) async throws -> JobRecord?
    {
        try await withThrowingTaskGroup(of: JobRecord?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await runtime.jobs.untilFinished(id) }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            return try await group.next() ?? nil
        }
    }
}

extension Failure {
    /// It cannot be cancelled any more.
    fileprivate static func ended(_ id: String, _ status: JobStatus) -> Failure {
        Failure(
            code: "job.ended", category: .conflict, message: "Job \(id) has ended already: it is \(status.rawValue).")
    }
}
