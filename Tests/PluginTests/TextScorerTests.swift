import ArenaJSON
import CArenaPlugin
import Testing

/// One line of cases/text.jsonl.
struct TextCase: Sendable, CustomTestStringConvertible {
    var line: Int
    var json: JSONValue

    var testDescription: String {
        "\(line) \(json["scorer"]?.string ?? "") \(json["output"]?.text(.compact).prefix(60) ?? "")"
    }

    var scorer: String { json["scorer"]?.string ?? "" }
    var config: String { json["config"]?.text(.compact) ?? "" }
    var output: String { json["output"]?.string ?? "" }
    var references: [String] { json["references"]?.array?.compactMap(\.string) ?? [] }
    var meta: String { json["meta"]?.text(.compact) ?? "" }

    static let all: [TextCase] = {
        let lines = (try? repositoryFile("Tests/PluginTests/cases/text.jsonl"))?.split(separator: "\n") ?? []
        return lines.enumerated().compactMap { number, line in
            (try? JSONValue(parsing: String(line))).map { TextCase(line: number + 1, json: $0) }
        }
    }()
}

@Suite struct TextScorerTests {
    static let reasons = ["ok", "wrong", "no_answer", "length", "refused", "unparsable", "timeout", "infrastructure"]

    @Test func hasAtLeastAHundredAndFiftyCases() {
        #expect(TextCase.all.count >= 150)
    }

    @Test(arguments: TextCase.all)
    func judgesAsTheTableSays(_ test: TextCase) throws {
        let judged = try TextScorer(test.scorer, config: test.config)
            .judge([(test.output, test.references, test.meta)])[0]
        let reason = Self.reasons[Int(judged.output.reason)]
        #expect(judged.output.value == test.json["value"]?.double, "\(judged.explanation)")
        #expect(reason == test.json["reason"]?.string, "\(judged.explanation)")
        #expect(judged.output.status == Int32(test.json["status"]?.int ?? 0))
        let skipped = judged.output.flags & ARENA_SCORE_SKIPPED != 0
        #expect(skipped == (test.json["skipped"]?.bool ?? false))
        let passes = judged.output.flags & ARENA_SCORE_PASS != 0
        #expect(passes == (judged.output.value == 1))
        #expect(judged.explanation.hasSuffix("."), "each verdict is explained by a sentence: \(judged.explanation)")
    }

    @Test(arguments: ["exact_match", "includes", "numeric_match", "mcq_letter"])
    func givesInABatchWhatItGivesOneByOne(_ scorer: String) throws {
        let cases = TextCase.all.filter { $0.scorer == scorer && $0.config.isEmpty }
            .map { ($0.output, $0.references, $0.meta) }
        let instance = try TextScorer(scorer, config: "")
        let together = try instance.judge(cases)
        for (index, one) in cases.enumerated() {
            let alone = try instance.judge([one], singly: true)[0]
            #expect(alone.output.value == together[index].output.value)
            #expect(alone.output.reason == together[index].output.reason)
            #expect(alone.explanation == together[index].explanation)
        }
    }

    @Test(arguments: [
        ("numeric_match", #"{"relative_tolerance": 2}"#), ("numeric_match", #"{"relative_tolerance": -1}"#),
        ("mcq_letter", #"{"choices": 1}"#), ("mcq_letter", #"{"choices": 27}"#), ("exact_match", "[]"),
        ("exact_match", "{"), ("includes", #"{"a": 1, "a": 2}"#),
    ])
    func refusesAConfigThatItCannotUse(_ scorer: String, _ config: String) throws {
        let error = try #require(throws: TextScorer.Refused.self) { try TextScorer(scorer, config: config) }
        #expect(error.failure.status == ARENA_INVALID_ARGUMENT)
        #expect(error.failure.code == "text.config")
    }

    @Test func stopsWhenTheCallIsCancelled() throws {
        let scorer = try TextScorer("exact_match", config: "")
        let items = (0..<100).map { ("\($0)", ["1"], "") }
        let error = try #require(throws: TextScorer.Refused.self) {
            try scorer.judge(items, cancelledAtPoll: 3)
        }
        #expect(error.failure.status == ARENA_CANCELLED)
    }

    @Test func knowsItsFourKindsTheAliasAndNoOther() throws {
        let plugin = try BuiltPlugin("text")
        for kind in ["exact_match", "includes", "contains", "numeric_match", "mcq_letter"] {
            #expect(plugin.table(ARENA_SCORER_1, kind, as: arena_scorer_v1.self) != nil)
        }
        for (interface, kind) in [(ARENA_SCORER_1, ""), (ARENA_SCORER_1, "exact"), (ARENA_JOB_KIND_1, "includes")] {
            #expect(plugin.table(interface, kind, as: arena_scorer_v1.self) == nil)
        }
    }

    @Test func survivesLongAndHostileText() throws {
        let megabyte = String(repeating: "<think>a1 ", count: 50_000)
        let answers = [megabyte, String(repeating: "answer ", count: 20_000), String(repeating: "9", count: 1 << 20)]
        for scorer in ["exact_match", "includes", "numeric_match", "mcq_letter"] {
            let judged = try TextScorer(scorer, config: "").judge(answers.map { ($0, ["D", "7"], "") })
            #expect(judged.allSatisfy { $0.output.value == 0 })
        }
    }
}
