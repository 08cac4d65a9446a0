import ArenaJSON
import CArenaPlugin
import Testing

@Suite("Scorer regex") struct RegexTests {
    private static let wrong = ARENA_REASON_WRONG
    private static let none = ARENA_REASON_NO_ANSWER

    static let cases: [ScorerCase] = [
        ScorerCase("It is 42.", 1, config: #"{"pattern":"\\b42\\b"}"#),
        ScorerCase("It is 421.", 0, wrong, config: #"{"pattern":"\\b42\\b"}"#, says: "is not found"),
        ScorerCase("Paris", 0, wrong, config: #"{"pattern":"paris"}"#),
        ScorerCase("Paris", 1, config: #"{"pattern":"paris","flags":"i"}"#),
        ScorerCase("Paris", 1, config: #"{"pattern":"(?i)paris"}"#),
        ScorerCase("a\nb", 1, config: #"{"pattern":"^b","flags":"m"}"#),
        ScorerCase("a\nb", 0, wrong, config: #"{"pattern":"a.b"}"#),
        ScorerCase("a\nb", 1, config: #"{"pattern":"a.b","flags":"s"}"#),
        ScorerCase("ab", 1, config: #"{"pattern":"a b","flags":"x"}"#),
        ScorerCase("abc", 0, wrong, config: #"{"pattern":"ab","match":"full"}"#),
        ScorerCase("abc", 1, config: #"{"pattern":"a|ab|abc","match":"full"}"#),
        ScorerCase("red and blue", 1, config: #"{"pattern":["red","blue"]}"#),
        ScorerCase("red and green", 0, wrong, config: #"{"pattern":["red","blue"]}"#, says: "\"blue\""),
        ScorerCase("Straße", 1, config: #"{"pattern":"^\\w+$"}"#),
        ScorerCase("ΣΟΦΙΑ", 1, config: #"{"pattern":"σοφια","flags":"i"}"#),
        ScorerCase("<think>It is 42.</think>I do not say.", 0, wrong, config: #"{"pattern":"42"}"#),
        ScorerCase("<think>It is 42.", 0, none, config: #"{"pattern":"42"}"#),
        ScorerCase("  ", 0, none, config: #"{"pattern":" "}"#, says: "empty"),
        ScorerCase("The answer is 7, it is.", 1, config: #"{"pattern":"is (\\d+)","group":1}"#, references: ["7"]),
        ScorerCase("is 35, no: is 42", 0, wrong, config: #"{"pattern":"is (\\d+)","group":1}"#, references: ["42"]),
        ScorerCase(
            "is 35, no: is 42", 1, config: #"{"pattern":"is (?<n>\\d+)","group":"n","which":"last"}"#,
            references: ["42"]),
        ScorerCase("City: Paris", 1, config: #"{"pattern":"City: (\\w+)","group":1}"#, references: ["x", " paris "]),
        ScorerCase(
            "City: Paris", 0, wrong, config: #"{"pattern":"City: (\\w+)","group":1,"case_sensitive":true}"#,
            references: ["paris"], says: "Paris"),
        ScorerCase("nothing", 0, none, config: #"{"pattern":"City: (\\w+)","group":1}"#, references: ["paris"]),
        ScorerCase("éé", 1, config: #"{"pattern":"x*","group":0,"which":"last"}"#, references: [""]),
    ]

    @Test(arguments: cases)
    func judges(_ test: ScorerCase) throws { try test.check("regex", of: "pattern") }

    @Test func anItemWithoutReferenceIsSkippedWhereAGroupIsCompared() throws {
        let judged = try TextScorer("regex", config: #"{"pattern":"(a)","group":1}"#, plugin: "pattern")
            .judge([("a", [], "")])[0]
        #expect(judged.output.flags & ARENA_SCORE_SKIPPED != 0)
    }

    @Test(arguments: [
        (#"{"pattern":"a(b"}"#, "offset 3"), (#"{"pattern":"é)"}"#, "offset 2"), (#"{"pattern":"[z-a]"}"#, "offset 3"),
        (#"{"pattern":["a","*"]}"#, "offset 0"), (#"{"pattern":"a\\C"}"#, "offset"),
        (#"{"pattern":"(*LIMIT_MATCH=9999999)a"}"#, "offset"), (#"{"pattern":"a","flags":"q"}"#, "no flag \"q\""),
        (#"{"pattern":"(a)","group":2}"#, "no group 2"), (#"{"pattern":"(a)","group":"n"}"#, "no group \"n\""),
        (#"{"pattern":["a","b"],"group":1}"#, "single pattern"), ("{}", "no `pattern`"),
    ])
    func aBadPatternIsAnErrorThatSaysWhere(config: String, names: String) throws {
        let refused = #expect(throws: TextScorer.Refused.self) {
            try TextScorer("regex", config: config, plugin: "pattern")
        }
        let failure = try #require(refused?.failure)
        #expect(failure.status == ARENA_INVALID_ARGUMENT && failure.message.contains(names), "\(failure.message)")
        #expect(failure.detail["code"]?.string == "pattern.invalid" && failure.detail["hint"]?.string != nil)
    }

    /// The first meets the limit of steps, the second that of depth; the third never meets one, since steps are counted
    /// anew at each of its many places: only the deadline ends it.
    @Test(arguments: [
        (#"{"pattern":"(a+)+$"}"#, String(repeating: "a", count: 40) + "b", "steps"),
        (#"{"pattern":"^(?:(a)|b)*$"}"#, String(repeating: "ab", count: 100_000), "nests deeper|KiB"),
        (#"{"pattern":"(a|a){14}b|z","time_ms":20}"#, String(repeating: "a", count: 20_000), "longer than its time"),
    ])
    func aPatternThatIsTooHardEndsWithoutAScore(config: String, output: String, names: String) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let judged = try TextScorer("regex", config: config, plugin: "pattern").judge([(output, [], "")])[0]
        #expect(judged.output.status == ARENA_RESOURCE_EXHAUSTED && judged.output.value == 0)
        let isNamed = names.split(separator: "|").contains { judged.explanation.contains($0) }
        #expect(isNamed, "\(judged.explanation)")
        #expect(clock.now - start < .seconds(5))
    }
}
