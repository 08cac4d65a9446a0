import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Look at the queue.", subcommands: [JobListCommand.self, JobShowCommand.self])
}

struct JobListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List jobs, newest first.")

    @Option(
        help: "Only jobs that are queued, dispatched, running, done, failed or skipped.",
        completion: .list(JobStatus.allCases.map(\.rawValue)))
    var status: String?

    @Option(help: "At most so many, 1 to 1000.")
    var limit = 50

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try Failure.requireOption("--limit", limit, in: 1...1000, hint: "Leave it out for the newest 50.")
        var statuses: Set<JobStatus> = []
        if let status {
            guard let known = JobStatus(rawValue: status) else {
                throw Failure.badOption(
                    "--status: there is no job status \"\(status)\".",
                    hint: "There are: \(JobStatus.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            statuses = [known]
        }
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let jobs = try await runtime.store.jobs(JobFilter(statuses: statuses, limit: limit))
            let list = JSONValue.array(jobs.map(\.json))
            Console.current.answer(list) { style in
                if !jobs.isEmpty { return Presentation.jobList(list, style) }
                return status.map { "No job is \($0). Without --status all are listed.\n" }
                    ?? "No jobs. A first one: arena eval arithmetic-words --lane replay\n"
            }
        }
    }
}

struct JobShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one job with its attempts, triggers and log.")

    @Argument(help: "The job's id.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let detail = try await runtime.jobDetail(id)
            Console.current.answer(detail) { Presentation.job(detail, $0) }
        }
    }
}
