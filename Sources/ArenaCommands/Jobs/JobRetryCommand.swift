import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct JobRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Queue jobs that failed or were skipped once more.",
        discussion: """
            Each goes on from its last commit and has all its attempts again. With --all every job that failed, which \
            the other options narrow down; of the same work only one.
            Example: arena job retry --all --code lane.unreachable --since 24h --dry-run
            """)

    @Argument(help: "Ids of jobs; none with --all.")
    var ids: [String] = []

    @Flag(help: "Every job that failed and is like the other options say.")
    var all = false

    @OptionGroup var filter: DeadJobOptions

    @Option(
        help: "With --all: failed (unless said otherwise) or skipped; may be given several times.",
        completion: .statuses(.dead))
    var status: [String] = []

    @Flag(help: "Only say which.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let isNarrowed = filter.kind != nil || filter.firstOfDeadJobs != nil || !status.isEmpty
        guard all == ids.isEmpty, all || !isNarrowed else {
            throw Failure.badOption(
                all ? "Give ids of jobs or --all, not both." : "Give ids of jobs, or --all with what they are like.",
                hint: "`arena job list --dead` shows what failed.")
        }
        let statuses = try JobStatusOption.statuses(status, among: .dead)
        try filter.checkTimes()
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            guard all else { return try await retryEach(runtime) }
            let wanted = try await filter.filter(status.isEmpty ? [.failed] : statuses, runtime)
            let result = try await dryRun ? candidates(wanted, runtime) : runtime.jobs.retryAll(wanted, source: "cli")
            answer(result, JobOutcomes())
            try await sayWhoRuns(result, runtime)
        }
    }

    private func retryEach(_ runtime: ArenaRuntime) async throws {
        var outcomes = JobOutcomes()
        for id in JobOutcomes.distinct(ids) {
            try await outcomes.add(id) {
                try await dryRun ? candidate(id, runtime) : runtime.jobs.retry(id, source: "cli")
            }
        }
        var result = BulkRetry()
        result.retried = outcomes.jobs.map(\.id)
        answer(result, outcomes)
        try await sayWhoRuns(result, runtime)
        try outcomes.throwFailures()
    }

    // MARK: Without doing it

    private func candidate(_ id: String, _ runtime: ArenaRuntime) async throws -> JobRecord {
        guard let job = try await runtime.store.job(id) else { throw Failure.noJob(id) }
        guard [JobStatus].dead.contains(job.status) else {
            throw Failure(
                code: "store.job_not_ended", category: .conflict,
                message: "Job \(id) is \(job.status.rawValue): only one that failed or was skipped is retried.")
        }
        return job
    }

    /// The oldest first, as they would be retried. Which of them are the same work shows when it is done.
    private func candidates(_ filter: DeadJobFilter, _ runtime: ArenaRuntime) async throws -> BulkRetry {
        var result = BulkRetry()
        var position: Int64?
        repeat {
            let page = try await runtime.store.deadJobs(filter, before: position, limit: 1000)
            result.retried += page.map(\.id)
            position = page.last?.seq
        } while position != nil
        result.retried.reverse()
        return result
    }

    // MARK: The answer

    private func answer(_ result: BulkRetry, _ outcomes: JobOutcomes) {
        let document: JSONValue = [
            "dry_run": .bool(dryRun), "retried": .array(result.retried.map(JSONValue.string)),
            "duplicates": .array(result.duplicates.map(JSONValue.string)), "failures": outcomes.failureList,
        ]
        Console.current.answer(document) { _ in
            if result.retried.isEmpty, result.duplicates.isEmpty {
                return outcomes.failures.isEmpty ? "No job is like that.\n" : ""
            }
            let count = result.retried.count == 1 ? "1 job" : "\(result.retried.count) jobs"
            guard !dryRun else {
                return "\(count) would wait again:\n" + result.retried.map { "  \($0)\n" }.joined()
            }
            let left = result.duplicates.count
            let duplicates =
                left == 0 ? "" : "\(left) left as they are, because the same work waits or runs already.\n"
            return "\(count) wait\(result.retried.count == 1 ? "s" : "") again.\n" + duplicates
        }
    }

    private func sayWhoRuns(_ result: BulkRetry, _ runtime: ArenaRuntime) async throws {
        guard !dryRun, !result.retried.isEmpty, try await !JobWatch.hasDispatcher(runtime) else { return }
        Console.current.note(
            "No dispatcher runs on this home: they wait until `arena up` or `arena worker` runs, or for `arena drain`.")
    }
}
