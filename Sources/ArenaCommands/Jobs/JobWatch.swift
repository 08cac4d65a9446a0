import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import UnixSignals

/// Sees a job through to its end, from the command line.
struct JobWatch {
    let runtime: ArenaRuntime
    let progress: ProgressBar

    /// Whether a dispatcher of this home is at work now.
    static func hasDispatcher(_ runtime: ArenaRuntime) async throws -> Bool {
        try await !runtime.rescuer.liveDispatchers().isEmpty
    }

    /// Waits for a dispatcher to finish the job, or, where there is none, runs it here in the foreground.
    ///
    /// An interrupt gives the job back to the queue: it goes on from its last commit another time.
    func finish(_ jobID: String) async throws -> JobRecord {
        try await Self.sayIfPaused(jobID, runtime)
        return try await untilFinished(jobID)
    }

    /// Notes that a job waits for a person.
    static func sayIfPaused(_ jobID: String, _ runtime: ArenaRuntime) async throws {
        guard let job = try await runtime.store.job(jobID), job.status == .queued,
            let paused = try await runtime.store.pausedKinds().first(where: { $0.kind == job.kind })
        else { return }
        let reason = paused.reason.map { " (\($0.printable))" } ?? ""
        Console.current.note("\(job.kind) is paused\(reason): the job waits for `arena job resume \(job.kind)`.")
    }

    private func untilFinished(_ jobID: String) async throws -> JobRecord {
        try await withThrowingTaskGroup(of: JobRecord?.self) { group in
            group.addTask { try await seeThrough(jobID) }
            group.addTask {
                try? await showProgress(of: jobID)
                return nil
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: [.sigint, .sigterm]) {
                    let isServed = try await Self.hasDispatcher(runtime)
                    throw Failure(
                        code: "job.interrupted", category: .cancelled, message: "Interrupted; job \(jobID) is kept.",
                        hint: isServed
                            ? "It goes on in the running server: `arena job show \(jobID)`."
                            : "It goes on from its last commit when a dispatcher runs: `arena up`.")
                }
                return nil
            }
            defer {
                group.cancelAll()
                progress.finish()
            }
            while let value = try await group.next() {
                if let job = value { return job }
            }
            throw CancellationError()
        }
    }

    /// Where a dispatcher is at work the job is its; when that is gone, it goes on here.
    private func seeThrough(_ jobID: String) async throws -> JobRecord {
        while try await Self.hasDispatcher(runtime) {
            if let job = try await whileServed(jobID) { return job }
            progress.finish()
            Console.current.note("The server that ran job \(jobID) is gone; the job goes on here.")
        }
        return try await runtime.makeDispatcher().runUntilFinished(jobID)
    }

    /// The finished job; `nil` once nobody is there who would run it.
    private func whileServed(_ jobID: String) async throws -> JobRecord? {
        try await withThrowingTaskGroup(of: JobRecord?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await runtime.jobs.untilFinished(jobID) }
            group.addTask {
                repeat { try await Task.sleep(for: .seconds(1)) } while try await Self.hasDispatcher(runtime)
                return nil
            }
            return try await group.next() ?? nil
        }
    }

    private func showProgress(of jobID: String) async throws {
        for await _ in runtime.store.wakeups() {
            guard let job = try await runtime.store.job(jobID), !job.status.isFinal else { return }
            guard let now = job.progress else { continue }
            progress.update(
                done: now["done"]?.int ?? 0, total: now["total"]?.int, phase: now["phase"]?.string ?? "")
        }
    }
}

extension JobRecord {
    /// The failure to end the command with; `nil` when the job is done.
    var problem: Failure? {
        switch status {
        case .done: nil
        case .skipped:
            Failure(
                code: "job.cancelled", category: .cancelled,
                message: "Job \(id) was skipped\(reason.map { ": \($0)" } ?? "").")
        default:
            failure
                ?? Failure(
                    code: "job.not_finished", category: .unavailable,
                    message: "Job \(id) is \(status.rawValue).")
        }
    }
}
