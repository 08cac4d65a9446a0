import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "Enqueue jobs at times.",
        subcommands: [
            ScheduleListCommand.self, ScheduleAddCommand.self, ScheduleShowCommand.self, ScheduleNextCommand.self,
            ScheduleEnableCommand.self, ScheduleDisableCommand.self, ScheduleRemoveCommand.self,
        ])

    /// How many of its next times a schedule is shown with.
    static let preview = 5
}

struct ScheduleListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the schedules.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let records = try await runtime.store.schedules()
            let list = JSONValue.array(
                records.map { runtime.schedules.document(of: $0, preview: ScheduleCommand.preview) })
            Console.current.answer(list) { Presentation.scheduleList(list, $0) }
        }
    }
}

struct ScheduleAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a schedule, which enqueues a job of a kind at times.",
        discussion: """
            A cron expression has five fields: minute, hour, day of month, month, day of week. @hourly, @daily, \
            @weekly, @monthly and @yearly stand for one.
            Example: arena schedule add eval_rerun --id nightly --cron '0 3 * * *' --tz Europe/Berlin --payload @job.json
            """)

    @Argument(help: "The job kind, such as eval_rerun or PLUGIN/KIND.", completion: .kinds(of: .jobKind))
    var kind: String

    @Option(help: "What you call it (default: random digits).")
    var id: String?

    @OptionGroup var rule: ScheduleRuleOptions

    @Option(
        help:
            "What becomes of times that were missed: skip, once (one job for all) or all (a job for each, up to 100).",
        completion: .list(CatchUp.allCases.map(\.rawValue)))
    var catchUp = CatchUp.once.rawValue

    @Option(help: ArgumentHelp("The payload: a JSON object, @FILE, or @- for standard input.", valueName: "json"))
    var payload = "{}"

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let payload = try InputText.json(payload, of: "--payload")
        let request = ScheduleRequest(
            id: id, kind: kind, payload: payload, cron: rule.cron, everySeconds: try rule.everySeconds(),
            timeZone: rule.tz, catchUp: catchUp)
        try await global.withRuntime { runtime in
            let record = try await runtime.schedules.add(request)
            try await runtime.answer(with: record)
            if try await !JobWatch.hasDispatcher(runtime) {
                Console.current.note(
                    "Nothing fires it now: it waits until `arena up` or `arena worker` runs, or for `arena drain`.")
            }
        }
    }
}

struct ScheduleShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one schedule.")

    @Argument(help: "Its id.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            try await runtime.answer(with: try await runtime.schedules.schedule(id))
        }
    }
}

struct ScheduleEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a schedule fire again, from now on.")

    @Argument(help: "Its id.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            try await runtime.answer(with: try await runtime.schedules.setEnabled(true, id))
        }
    }
}

struct ScheduleDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Keep a schedule, but let it fire no more.")

    @Argument(help: "Its id.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            try await runtime.answer(with: try await runtime.schedules.setEnabled(false, id))
        }
    }
}

struct ScheduleRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a schedule out; the jobs that it enqueued stay.")

    @Argument(help: "Its id.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            try await runtime.schedules.remove(id)
            Console.current.answer(["id": .string(id), "removed": true]) { _ in "Removed \(id).\n" }
        }
    }
}

extension ArenaRuntime {
    fileprivate func answer(with record: ScheduleRecord) async throws {
        let document = schedules.document(of: record, preview: ScheduleCommand.preview)
        Console.current.answer(document) { Presentation.schedule(document, $0) }
    }
}
