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

    @Option(help: "Only jobs that are queued, dispatched, running, done, failed or skipped.")
    var status: String?

    @Option(help: "At most so many, 1 to 1000.")
    var limit = 50

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        guard (1...1000).contains(limit) else {
            throw Failure(
                code: "cli.bad_option", category: .invalidArgument, message: "--limit \(limit) is not in 1...1000.")
        }
        var statuses: Set<JobStatus> = []
        if let status {
            guard let known = JobStatus(rawValue: status) else {
                throw Failure(
                    code: "cli.bad_option", category: .invalidArgument,
                    message: "There is no job status \"\(status)\".",
                    hint: "There are: \(JobStatus.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            statuses = [known]
        }
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let jobs = try await runtime.store.jobs(JobFilter(statuses: statuses, limit: limit))
            let list = JSONValue.array(jobs.map(\.json))
            Console.current.answer(list) { style in
                jobs.isEmpty
                    ? "No jobs. A first one: arena eval arithmetic-words --lane replay\n"
                    : Presentation.jobList(list, style)
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
