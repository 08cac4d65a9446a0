import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct ResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results", abstract: "Look at evaluations that were made.",
        discussion: "Without a run: the newest ones. With one: its score, and every item that did not pass.")

    @Argument(help: "An evaluation's id, or the first letters of it that no other has.")
    var run: String?

    @Option(help: "Only those of this bench.")
    var bench: String?

    @Option(help: "Only those of this lane.")
    var lane: String?

    @Option(help: "At most so many, 1 to 1000.")
    var limit = 50

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit \(limit) is not in 1...1000.") }
    }

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            if let run { return try await show(run, runtime) }
            let runs = try await runtime.store.evalRuns(benchID: bench, laneID: lane, limit: limit)
            let list = JSONValue.array(runs.map(\.json))
            Console.current.answer(list) { style in
                runs.isEmpty ? Self.nothing(isFiltered: bench != nil || lane != nil) : Presentation.runList(list, style)
            }
        }
    }

    private static func nothing(isFiltered: Bool) -> String {
        isFiltered
            ? "No evaluation fits.\n" : "No evaluations. A first one: arena eval arithmetic-words --lane replay\n"
    }

    private func show(_ name: String, _ runtime: ArenaRuntime) async throws {
        let record = try await find(name, runtime)
        var members = record.json.object ?? [:]
        members["eval_run_id"] = .string(record.id)
        let scores = try await runtime.allScores(ofRun: record.id)
        for (key, value) in scores.outcomes { members[key] = value }
        let document = JSONValue.object(members)
        Console.current.answer(document) { Presentation.evaluation(document, shown: .max, $0) }
    }

    private func find(_ name: String, _ runtime: ArenaRuntime) async throws -> EvalRunRecord {
        if let record = try await runtime.store.evalRun(name) { return record }
        let fitting = try await runtime.store.evalRuns(limit: 1000).filter { $0.id.hasPrefix(name) }
        if fitting.count == 1 { return fitting[0] }
        throw Failure(
            code: "eval_run.not_found", category: .notFound,
            message: fitting.isEmpty
                ? "There is no evaluation \"\(name)\"." : "\(fitting.count) evaluations begin with \"\(name)\".",
            hint: "`arena results` lists them; one is there once its job is done.")
    }
}
