import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginABI
import ArenaRuntime
import ArgumentParser

struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score answers with any scorer.",
        discussion: """
            Reads JSON lines {item_id, input?, output, reference | references, config?} and writes, in the same order,
            JSON lines {item_id, value, pass, reason, explain}.
            Example: echo '{"item_id":"1","output":"The answer is 7.","reference":"7"}' | arena score numeric_match --items -
            """)

    @Argument(help: "The scorer, such as exact_match or PLUGIN/SCORER.")
    var scorer: String

    @Option(help: ArgumentHelp("A file of JSON lines; - is standard input.", valueName: "file"))
    var items: String

    @Option(help: ArgumentHelp("Configuration for items that bring none.", valueName: "json"))
    var config = "{}"

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let standard = try InputText.json(config, of: "--config")
        let lines = try ScoreLine.parse(try InputText.read(items, of: "--items"), name: items)
        try await global.withRuntime { runtime in
            // Items with one configuration are judged together; the answers come in the order of the lines.
            var start = 0
            while start < lines.count {
                let config = lines[start].config ?? standard
                var end = start + 1
                while end < lines.count, end - start < 4096, (lines[end].config ?? standard) == config { end += 1 }
                let kind = try await runtime.scoring.scorer(scorer, config: config)
                let batch = ScoreBatch(lines[start..<end].map(\.item))
                let results = try await runtime.scoring.score(batch, with: kind, config: config)
                for (line, result) in zip(lines[start..<end], results) {
                    Console.current.answerLine(Self.answer(line.item.itemID, result))
                }
                start = end
            }
        }
    }

    private static func answer(_ id: String, _ result: ScoreResult) -> JSONValue {
        var members: JSONObject = ["item_id": .string(id)]
        for (key, value) in result.json.object ?? [:] where key != "status" { members[key] = value }
        return .object(members)
    }
}

/// One line of `--items`.
struct ScoreLine {
    let item: ScoreItem
    let config: JSONValue?

    private static let members: Set<String> = [
        "item_id", "input", "output", "reference", "references", "config", "meta",
    ]

    static func parse(_ bytes: [UInt8], name: String) throws -> [ScoreLine] {
        var lines: [ScoreLine] = []
        var number = 0
        for row in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if row.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
            func fail(_ what: String) -> Failure {
                Failure(
                    code: "score.bad_line", category: .invalidArgument, message: "\(name):\(number): \(what)",
                    hint:
                        "A line is {\"item_id\", \"output\", \"reference\" or \"references\", \"input\"?, \"config\"?}."
                )
            }
            let value: JSONValue
            do { value = try JSONValue(parsing: Array(row)) } catch {
                throw fail("the line is no JSON: \(error.message)")
            }
            guard let members = value.object else { throw fail("the line is no JSON object.") }
            for (key, _) in members where !Self.members.contains(key) { throw fail("there is no member `\(key)`.") }
            guard let output = members["output"]?.string else { throw fail("`output` must be a text.") }
            let references = try references(members, fail)
            lines.append(
                ScoreLine(
                    item: ScoreItem(
                        itemID: members["item_id"]?.string ?? String(number), input: members["input"]?.string ?? "",
                        output: output, references: references, metaJSON: members["meta"]?.text() ?? ""),
                    config: members["config"]))
        }
        return lines
    }

    private static func references(_ members: JSONObject, _ fail: (String) -> Failure) throws -> [String] {
        if let list = members["references"] {
            let texts = list.array?.compactMap(\.string)
            guard let texts, texts.count == list.array?.count else {
                throw fail("`references` must be a list of texts.")
            }
            return texts
        }
        switch members["reference"] {
        case .string(let text)?: return [text]
        case .number(let number)?: return [number.text]
        case nil, .null?: return []
        default: throw fail("`reference` must be a text.")
        }
    }
}
