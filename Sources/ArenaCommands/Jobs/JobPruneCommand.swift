import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct JobPruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Forget jobs that ended long ago.",
        discussion: """
            Payload, attempts, audit trail and log go; what finished jobs made stays: evaluations, scores, records and \
            files. A server or worker does the same by itself, as jobs.keep_days says.
            Example: arena job prune --older-than 30d --status skipped
            """)

    @Option(help: ArgumentHelp("How long ago they ended at least, such as 30d.", valueName: "time"))
    var olderThan: String

    @Option(
        help: "Only jobs that are done, failed or skipped; may be given several times.", completion: .statuses(.ends))
    var status: [String] = []

    @Flag(help: "Only say how many.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let age = try Failure.requireDuration("--older-than", olderThan)
        let statuses = try JobStatusOption.statuses(status, among: .ends)
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let count = try await prune(olderThan: age, statuses, runtime)
            Console.current.answer(["dry_run": .bool(dryRun), "jobs": JSONValue(count)]) { _ in
                let jobs = count == 1 ? "1 job" : "\(count) jobs"
                return dryRun ? "\(jobs) would be forgotten.\n" : "Forgot \(jobs).\n"
            }
        }
    }

    private func prune(olderThan age: Duration, _ statuses: Set<JobStatus>, _ runtime: ArenaRuntime) async throws -> Int
    {
        guard dryRun else { return try await runtime.pruneJobs(olderThan: age, statuses: statuses).jobs }
        return try await runtime.store.countJobs(
            endedBefore: runtime.store.now() + (.zero - age), statuses: statuses)
    }
}
