import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Enqueue a job of any registered kind.",
        discussion: """
            With --wait the command ends when the job does; where no dispatcher runs on this home, the job runs here.
            Example: arena run sleep --payload '{"seconds": 3}' --wait
            """)

    @Argument(help: "The job kind, such as eval_rerun or PLUGIN/KIND.", completion: .kinds(of: .jobKind))
    var kind: String

    @Option(help: ArgumentHelp("The payload: a JSON object, @FILE, or @- for standard input.", valueName: "json"))
    var payload = "{}"

    @Option(help: "0 to 100; higher runs first.")
    var priority = 0

    @Option(help: ArgumentHelp("Seed of arena.random/1, to repeat an earlier run.", valueName: "number"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Joins a job with this key that waits or runs; \"\" joins none (default: same kind, lane and bench).",
            valueName: "key"))
    var dedupKey: String?

    @Option(help: ArgumentHelp("Not before this time: 10m (from now), a day or a time in UTC.", valueName: "time"))
    var runAfter: String?

    @Option(
        help: ArgumentHelp("How long one attempt may run, such as 15m (default: as the kind says).", valueName: "time"))
    var timeout: String?

    @Option(help: "After so many failures the job has failed, 1 to 100 (default: as the kind says).")
    var maxAttempts: Int?

    @Flag(help: "Wait for the end of the job; the exit status says how it ended.")
    var wait = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let payload = try InputText.json(payload, of: "--payload")
        try Failure.requireOption("--priority", priority, in: 0...100, hint: "Higher runs first; 0 is usual.")
        if let maxAttempts { try Failure.requireOption("--max-attempts", maxAttempts, in: 1...100) }
        let timeout = try timeout.map { text throws(Failure) in try Failure.requireDuration("--timeout", text) }
        let runAfter = try Failure.requireMoment("--run-after", runAfter, isPast: false)
        try await global.withRuntime { runtime in
            let enqueued = try await runtime.jobs.enqueue(
                JobRequest(
                    kind: kind, payload: payload, priority: priority, deduplication: Deduplication(key: dedupKey),
                    trigger: "cli", seed: seed, maxAttempts: maxAttempts, timeout: timeout, runAfter: runAfter))
            if enqueued.isCoalesced {
                Console.current.note("The same work is already under way as job \(enqueued.job.id).")
            }
            if wait {
                try await finish(enqueued.job.id, runtime)
            } else {
                try await announce(enqueued.job.id, runtime)
            }
        }
    }

    private func finish(_ id: String, _ runtime: ArenaRuntime) async throws {
        let job = try await JobWatch(runtime: runtime, progress: ProgressBar()).finish(id)
        Console.current.answer(job.json) { _ in job.result.map { $0.text(.pretty) + "\n" } ?? "" }
        if let problem = job.problem { throw problem }
    }

    private func announce(_ id: String, _ runtime: ArenaRuntime) async throws {
        guard let job = try await runtime.store.job(id) else { return }
        Console.current.answer(job.json) { _ in id + "\n" }
        try await JobWatch.sayIfPaused(id, runtime)
        if try await !JobWatch.hasDispatcher(runtime) {
            Console.current.note("No dispatcher runs on this home: the job waits until `arena up` runs, or use --wait.")
        }
    }
}
