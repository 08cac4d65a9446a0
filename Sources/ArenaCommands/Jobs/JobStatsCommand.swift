import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct JobStatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Say how jobs of each kind went: how many failed, how long they waited and ran.",
        discussion: """
            A job waited from its enqueueing to its first start; it ran for the time of all its attempts together. \
            Jobs that never ran count as skipped and have no times.
            """)

    @Option(help: ArgumentHelp("Only jobs that ended after this time: 24h (ago), a day or a time.", valueName: "time"))
    var since: String?

    @Option(help: "Only jobs of this kind.", completion: .kinds(of: .jobKind))
    var kind: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let since = try Failure.requireMoment("--since", since, isPast: true)
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let kind = try await JobKindName.resolve(kind, runtime)
            let timings = try await runtime.store.jobTimings(endedAfter: since, kind: kind)
            let list = JSONValue.array(KindSummary.summaries(of: timings).map(\.json))
            Console.current.answer(list) { Presentation.jobStats(list, $0) }
        }
    }
}
