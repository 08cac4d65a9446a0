import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct JobLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Print what a job, its plugin and the host wrote about it.",
        discussion: """
            With --follow also what is yet to come, whoever runs the job, until it has ended. With --json it is one \
            array, with --follow a line each.
            """)

    @Argument(help: "The job's id.")
    var id: String

    @Flag(name: .shortAndLong, help: "Go on until the job has ended.")
    var follow = false

    @Option(help: ArgumentHelp("Begin with the last so many lines, 0 to 100000.", valueName: "lines"))
    var tail: Int?

    @OptionGroup var global: GlobalOptions

    private static let pageSize = 1000

    func run() async throws {
        if let tail { try Failure.requireOption("--tail", tail, in: 0...100_000) }
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            guard let job = try await runtime.store.job(id) else { throw Failure.noJob(id) }
            if follow, global.json { Console.current.answersInLines() }
            if follow, !job.status.isFinal, try await !JobWatch.hasDispatcher(runtime) {
                Console.current.note("No dispatcher runs on this home; the job is \(job.status.rawValue).")
            }
            let first = try await beginning(runtime)
            try await follow ? followLog(after: first, runtime) : printLog(after: first, runtime)
        }
    }

    /// The id of the line before the first that is printed.
    private func beginning(_ runtime: ArenaRuntime) async throws -> Int64 {
        guard let count = tail else { return 0 }
        guard count > 0 else { return try await runtime.store.logTail(ofJob: id, limit: 1).last?.id ?? 0 }
        return try await runtime.store.logTail(ofJob: id, limit: count).first.map { $0.id - 1 } ?? 0
    }

    private func printLog(after start: Int64, _ runtime: ArenaRuntime) async throws {
        var lines: [StoredLogLine] = []
        _ = try await eachPage(after: start, runtime) { lines += $0 }
        Console.current.answer(.array(lines.map(\.json))) { style in
            lines.isEmpty ? "Nothing was written.\n" : lines.map { Presentation.logLine($0.json, style) }.joined()
        }
    }

    /// The job is looked at before its lines: what it wrote last is there by then.
    private func followLog(after start: Int64, _ runtime: ArenaRuntime) async throws {
        let console = Console.current
        var position = start
        for await _ in runtime.store.wakeups() {
            let job = try await runtime.store.job(id)
            position = try await eachPage(after: position, runtime) { lines in
                for line in lines {
                    if console.isJSON {
                        console.answerLine(line.json)
                    } else {
                        console.answerPart(Presentation.logLine(line.json, console.style))
                    }
                }
            }
            guard let job else { throw Failure.noJob(id) }
            guard job.status.isFinal else { continue }
            console.note("The job is \(job.status.rawValue).")
            return
        }
    }

    /// - Returns: the id of the last line that there is.
    private func eachPage(
        after start: Int64, _ runtime: ArenaRuntime, _ body: ([StoredLogLine]) -> Void
    ) async throws -> Int64 {
        var position = start
        while true {
            let page = try await runtime.store.log(ofJob: id, after: position, limit: Self.pageSize)
            body(page)
            position = page.last?.id ?? position
            guard page.count == Self.pageSize else { return position }
        }
    }
}

extension StoredLogLine {
    /// `{id, attempt, level, message, fields, created_at}`
    var json: JSONValue {
        [
            "id": JSONValue(id), "attempt": JSONValue(attempt), "level": JSONValue(line.level),
            "message": .string(line.message), "fields": line.fields ?? .null,
            "created_at": .string(line.createdAt.description),
        ]
    }
}
