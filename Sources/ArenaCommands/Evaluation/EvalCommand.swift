import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaJobs
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArgumentParser

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Ask a lane every question of a bench and score the answers.",
        discussion: """
            Runs the job kind eval_rerun and shows what came of it: the mean with its 95 % interval, and what failed and \
            why. An interrupted run goes on where it stopped; no question that was scored is asked again.
            Example: arena eval arithmetic-words --lane replay
            """)

    @Argument(help: "The bench, as `arena bench list` names it.", completion: .benches)
    var bench: String

    @Option(name: .long, help: "The lane to ask; repeat for several.", completion: .lanes)
    var lane: [String] = ["replay"]

    @Option(help: "Ask only the first so many questions.")
    var limit: Int?

    @Option(name: .customLong("repeat"), help: "Ask each question so many times, 1 to 1000.")
    var repeats = 1

    @Option(help: "Score with another scorer than the bench names.", completion: .kinds(of: .scorer))
    var scorer: String?

    @Option(help: "Score with a rubric; with --scorer too, that gives the score and the rubric its checks.")
    var rubric: String?

    @Option(help: ArgumentHelp("The lane that answers for a rubric's judge.", valueName: "lane"))
    var judge: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try Failure.requireOption(
            "--limit", limit ?? 1, in: 1 ... .max, hint: "Leave it out to ask every question of the bench.")
        try Failure.requireOption(
            "--repeat", repeats, in: 1...1000, hint: "Leave it out to ask each question once.")
        guard judge == nil || rubric != nil else {
            throw Failure.badOption(
                "--judge: only a rubric asks a judge, and none is named.",
                hint: "Name one with --rubric; `arena rubric list` shows them.")
        }
        try await global.withRuntime { runtime in
            if let rubric, judge != nil, try await !runtime.rubrics.asksJudge(rubric) {
                Console.current.note("note: the rubric \(rubric) asks no judge, so --judge is not used.")
            }
            var reports: [EvalReport] = []
            for lane in lane { reports.append(try await evaluate(lane, runtime)) }
            let documents = reports.map(\.json)
            Console.current.answer(documents.count == 1 ? documents[0] : .array(documents)) { style in
                reports.filter { $0.job.result != nil }.map { Presentation.evaluation($0.result, style) }
                    .joined(separator: "\n")
            }
            if let problem = reports.compactMap(\.job.problem).first { throw problem }
        }
    }

    private func evaluate(_ lane: String, _ runtime: ArenaRuntime) async throws -> EvalReport {
        var payload: JSONObject = ["bench_id": .string(bench), "lane_id": .string(lane)]
        if let limit { payload["limit"] = JSONValue(limit) }
        if repeats > 1 { payload["repeat"] = JSONValue(repeats) }
        if let scorer { payload["scorer"] = .string(scorer) }
        if let rubric { payload["rubric_id"] = .string(rubric) }
        if let judge { payload["judge_lane_id"] = .string(judge) }
        let enqueued = try await runtime.jobs.enqueue(
            JobRequest(kind: "eval_rerun", payload: .object(payload), trigger: "cli"))
        if enqueued.isCoalesced { Console.current.note("The same run is already under way as job \(enqueued.job.id).") }
        let job = try await JobWatch(runtime: runtime, progress: ProgressBar()).finish(enqueued.job.id)
        let scores: [EvalScoreRecord] =
            if let run = job.result?["eval_run_id"]?.string { try await runtime.allScores(ofRun: run) } else { [] }
        return EvalReport(bench: bench, lane: lane, job: job, scores: scores)
    }
}

/// What came of one lane's run.
struct EvalReport {
    let bench: String
    let lane: String
    let job: JobRecord
    let scores: [EvalScoreRecord]

    /// The job, its result with the outcomes of the items.
    var json: JSONValue {
        var members = job.json.object ?? [:]
        if job.result != nil { members["result"] = result }
        return .object(members)
    }

    /// The job's result, how many items came to what, and those that did not pass.
    var result: JSONValue {
        var members = job.result?.object ?? [:]
        for (key, value) in scores.outcomes { members[key] = value }
        return .object(members)
    }
}

extension [EvalScoreRecord] {
    /// How many items came to what, how often each check of a rubric held, and the items that did not pass: the members
    /// `reasons`, `checks` and `failures` of a result.
    var outcomes: JSONObject {
        var members: JSONObject = [
            "reasons": .object(JSONObject(reasons.map { ($0.reason, JSONValue($0.count)) })),
            "failures": .array(
                filter { $0.pass != true }.map { score in
                    [
                        "item_id": .string(score.itemID), "reason": .string(score.reason ?? ""),
                        "output": .string(score.output ?? ""), "reference": .string(score.reference ?? ""),
                        "explain": .string(score.explain ?? ""),
                    ]
                }),
        ]
        let checks = RubricCheckRate.of(self)
        if !checks.isEmpty { members["checks"] = .array(checks.map(\.json)) }
        return members
    }

    /// Reasons with their counts, the most frequent first.
    private var reasons: [(reason: String, count: Int)] {
        Dictionary(grouping: self) { $0.reason ?? "ok" }
            .map { ($0.key, $0.value.count) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }
}
