import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArgumentParser

struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score answers with any scorer or rubric.",
        discussion: """
            Reads JSON lines {item_id?, input?, output, reference | references, config?, meta?} and writes, in the same \
            order, JSON lines {item_id, value, pass, reason, explain, skipped}. An item without an id gets the number \
            of its line. `meta` is an object that the scorer sees. With a rubric, rubric:ID, each line has its `checks` too; \
            its configuration is {judge_lane?, scorer?, scorer_config?}.
            Example: echo '{"item_id":"1","output":"The answer is 7.","reference":"7"}' | arena score numeric_match --items -
            """)

    @Argument(help: "A scorer, such as exact_match or PLUGIN/SCORER, or rubric:ID.", completion: .judges)
    var scorer: String

    @Option(
        help: ArgumentHelp("A file of JSON lines; - is standard input.", valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var items: String

    @Option(help: ArgumentHelp("Configuration for items that bring none.", valueName: "json"))
    var config = "{}"

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        Console.current.answersInLines()
        let standard = try InputText.json(config, of: "--config")
        let lines = try ScoreLine.parse(try InputText.read(items, of: "--items"), name: items)
        try await global.withRuntime { runtime in
            let judges = try await judges(for: lines, standard, runtime)
            var failed = 0
            // Items with one configuration are judged together; the answers come in the order of the lines.
            var start = 0
            while start < lines.count {
                let config = lines[start].config ?? standard
                var end = start + 1
                while end < lines.count, end - start < 4096, (lines[end].config ?? standard) == config { end += 1 }
                guard let judge = judges[config.text(.sorted)] else { return }
                let batch = ScoreBatch(lines[start..<end].map(\.item))
                let scores: [JSONValue]
                do { scores = try await judge.score(batch) } catch { throw Failure(error).at(lines[start]) }
                for (line, score) in zip(lines[start..<end], scores) {
                    Console.current.answerLine(Self.answer(line.item.itemID, score))
                    if score["status"] != 0 { failed += 1 }
                }
                start = end
            }
            if failed > 0 {
                Console.current.note("\(failed) of \(lines.count) items could not be scored; `reason` says why.")
            }
        }
    }

    /// Who judges, for each configuration by its text: everything is checked before the first answer is given.
    private func judges(
        for lines: [ScoreLine], _ standard: JSONValue, _ runtime: ArenaRuntime
    ) async throws -> [String: PreparedScoring] {
        var judges: [String: PreparedScoring] = [:]
        for line in lines {
            let config = line.config ?? standard
            let key = config.text(.sorted)
            guard judges[key] == nil else { continue }
            do { judges[key] = try await runtime.answers.prepare(scorer, config: config) } catch {
                throw line.config == nil ? error : Failure(error).at(line)
            }
        }
        return judges
    }

    private static func answer(_ id: String, _ score: JSONValue) -> JSONValue {
        var members: JSONObject = ["item_id": .string(id)]
        for (key, value) in score.object ?? [:] where key != "status" { members[key] = value }
        let status = score["status"]?.int
        if score["skipped"] == true, status == 0 { members["reason"] = "skipped" }
        // What is wrong with the item itself is not a fault of the machinery.
        if status == Int(StatusCode.invalidArgument.rawValue) { members["reason"] = "invalid_argument" }
        return .object(members)
    }
}

extension Failure {
    /// The same, naming the line that it befell.
    fileprivate func at(_ line: ScoreLine) -> Failure {
        Failure(
            code: code, category: category, message: "\(line.place) (item \(line.item.itemID)): \(message)", hint: hint)
    }
}
