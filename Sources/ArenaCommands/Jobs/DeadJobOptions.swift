import ArenaCore
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArgumentParser

/// Which jobs that ended without success are meant.
struct DeadJobOptions: ParsableArguments {
    @Option(
        help: "Only jobs of this kind, by its full or short name.", completion: .kinds(of: .jobKind))
    var kind: String?

    @Option(help: "Only jobs that failed with this code, such as lane.unreachable.")
    var code: String?

    @Option(help: "Only jobs with this text in the failure's message or in the payload.")
    var text: String?

    @Option(help: ArgumentHelp("Only jobs that ended after this time: 24h (ago), a day or a time.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only jobs that ended before this time.", valueName: "time"))
    var until: String?

    /// The options that only jobs can fulfil which have ended; `nil`: none was given.
    var firstOfDeadJobs: String? {
        [("--code", code), ("--text", text), ("--since", since), ("--until", until)].first { $0.1 != nil }?.0
    }

    /// Refuses times that are none before anything is opened.
    func checkTimes() throws {
        _ = try Failure.requireMoment("--since", since, isPast: true)
        _ = try Failure.requireMoment("--until", until, isPast: true)
    }

    /// - Parameter statuses: `failed`, `skipped` or both.
    func filter(_ statuses: Set<JobStatus>, _ runtime: ArenaRuntime) async throws -> DeadJobFilter {
        DeadJobFilter(
            statuses: statuses, kind: try await JobKindName.resolve(kind, runtime), code: code, text: text,
            endedAfter: try Failure.requireMoment("--since", since, isPast: true),
            endedBefore: try Failure.requireMoment("--until", until, isPast: true))
    }
}
