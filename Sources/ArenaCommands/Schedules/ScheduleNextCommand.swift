import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore
import ArgumentParser

/// When something is due, as it is given on the command line.
struct ScheduleRuleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Five fields, or @daily and the like.", valueName: "expression"))
    var cron: String?

    @Option(help: ArgumentHelp("An interval instead: seconds, or a number with s, m, h, d or w.", valueName: "time"))
    var every: String?

    @Option(help: ArgumentHelp("The time zone in which --cron is read, such as Europe/Berlin.", valueName: "zone"))
    var tz = "UTC"

    /// `--every` in seconds.
    func everySeconds() throws -> Int64? {
        guard let every else { return nil }
        let interval = try Failure.requireDuration("--every", every)
        guard interval.milliseconds % 1000 == 0 else {
            throw Failure.badOption("--every: \"\(every)\" is no whole number of seconds.", hint: "Such as 90s or 15m.")
        }
        return interval.milliseconds / 1000
    }
}

struct ScheduleNextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "Say when a schedule, or a rule that is none yet, is due.",
        discussion: "Example: arena schedule next --cron '30 2 * * *' --tz Europe/Berlin --count 10")

    @Argument(help: "The schedule's id; without one, give --cron or --every.")
    var id: String?

    @OptionGroup var rule: ScheduleRuleOptions

    @Option(help: "How many times, 1 to 1000.")
    var count = 5

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try Failure.requireOption("--count", count, in: 1...1000)
        guard let id else { return try answer(id: nil, tz: rule.tz, try ruleTimes()) }
        guard rule.cron == nil, rule.every == nil else {
            throw Failure.badOption("Give the id of a schedule or a rule, not both.", hint: nil)
        }
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let record = try await runtime.schedules.schedule(id)
            try answer(id: id, tz: record.timeZone, try runtime.schedules.nextTimes(count, of: record))
        }
    }

    private func ruleTimes() throws -> [Timestamp] {
        let now = SystemClock().now()
        return try ScheduleRule(cron: rule.cron, everySeconds: try rule.everySeconds(), timeZone: rule.tz, from: now)
            .next(count, after: now)
    }

    private func answer(id: String?, tz: String, _ times: [Timestamp]) throws {
        let zone = try ZoneLibrary.system.zone(tz)
        var document: JSONObject = [
            "tz": .string(tz), "next_runs": .array(times.map { .string($0.description) }),
        ]
        document["id"] = id.map(JSONValue.string)
        Console.current.answer(.object(document)) { style in
            var table = TextTable([.init("DUE (UTC)"), .init(tz == "UTC" ? "" : "IN \(tz)")])
            for time in times {
                let local = tz == "UTC" ? "" : Presentation.time(.string(zone.localTime(time).description))
                table.add([.init(Presentation.time(.string(time.description))), .init(local)])
            }
            return table.text(style)
        }
    }
}
