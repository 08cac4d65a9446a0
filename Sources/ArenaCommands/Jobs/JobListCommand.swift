import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct JobListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List jobs, newest first.",
        discussion: """
            With --dead those that ended without success, which --code, --text, --since and --until narrow down. \
            A list that is longer than --limit goes on with --before and the id of its last job.
            Example: arena job list --dead --code lane.unreachable --since 24h
            """)

    @Option(
        help: "Only jobs that are queued, dispatched, running, done, failed or skipped; may be given several times.",
        completion: .statuses(JobStatus.allCases))
    var status: [String] = []

    @Flag(help: "Only jobs that failed; with --status skipped, those that were skipped.")
    var dead = false

    @OptionGroup var filter: DeadJobOptions

    @Flag(help: "Which kinds are paused, instead of jobs.")
    var paused = false

    @Option(help: "At most so many, 1 to 1000.")
    var limit = 50

    @Option(help: ArgumentHelp("Only jobs that were enqueued before this one: the next page.", valueName: "id"))
    var before: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try Failure.requireOption("--limit", limit, in: 1...1000, hint: "Leave it out for the newest 50.")
        let statuses = try JobStatusOption.statuses(status, among: dead ? .dead : JobStatus.allCases)
        if !dead, let option = filter.firstOfDeadJobs {
            throw Failure.badOption("\(option) is about jobs that ended without success.", hint: "Add --dead.")
        }
        try filter.checkTimes()
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let pausedKinds = try await runtime.store.pausedKinds()
            let kinds = JSONValue.array(pausedKinds.map(\.json))
            if paused { return Console.current.answer(kinds) { Presentation.pausedKinds(kinds, $0) } }
            let jobs = try await jobs(statuses, runtime)
            let list = JSONValue.array(jobs.map(\.json))
            Console.current.answer(list) { style in
                Presentation.pausedNotes(kinds, style) + (jobs.isEmpty ? nothing : Presentation.jobList(list, style))
            }
            if jobs.count == limit, let last = jobs.last {
                Console.current.note("There may be more: add --before \(last.id).")
            }
        }
    }

    private func jobs(_ statuses: Set<JobStatus>, _ runtime: ArenaRuntime) async throws -> [JobRecord] {
        var position: Int64?
        if let before {
            guard let job = try await runtime.store.job(before) else { throw Failure.noJob(before) }
            position = job.seq
        }
        guard dead else {
            let kind = try await JobKindName.resolve(filter.kind, runtime)
            let wanted = status.isEmpty ? [] : statuses
            return try await runtime.store.jobs(
                JobFilter(statuses: wanted, kind: kind, before: position, limit: limit))
        }
        let wanted = status.isEmpty ? [.failed] : statuses
        return try await runtime.store.deadJobs(
            try await filter.filter(wanted, runtime), before: position, limit: limit)
    }

    private var nothing: String {
        let isNarrow = dead || before != nil || filter.kind != nil
        if isNarrow { return "No job is like that. Without options all are listed.\n" }
        guard !status.isEmpty else { return "No jobs. A first one: arena eval arithmetic-words --lane replay\n" }
        return "No job is \(status.joined(separator: " or ")). Without --status all are listed.\n"
    }
}

extension PausedKind {
    /// `{id, kind, reason, paused_at}`
    var json: JSONValue {
        [
            "id": .string(kind), "kind": .string(kind), "reason": reason.map(JSONValue.string) ?? .null,
            "paused_at": .string(pausedAt.description),
        ]
    }
}

extension Failure {
    static func noJob(_ id: String) -> Failure {
        Failure(
            code: "job.not_found", category: .notFound, message: "There is no job \"\(id)\".",
            hint: "`arena job list` shows those that there are.")
    }
}
