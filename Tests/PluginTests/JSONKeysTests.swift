import ArenaJSON
import CArenaPlugin
import Testing

@Suite("Scorer json_keys") struct JSONKeysTests {
    private static let wrong = ARENA_REASON_WRONG
    private static let none = ARENA_REASON_NO_ANSWER
    private static let unparsable = ARENA_REASON_UNPARSABLE

    private static func keys(_ keys: String, _ more: String = "") -> String { #"{"keys":[\#(keys)]\#(more)}"# }

    static let cases: [ScorerCase] = [
        ScorerCase(#"{"a": 1, "b": 2}"#, 1, config: keys(#""a","b""#)),
        ScorerCase(#"{"a": 1}"#, 0, wrong, config: keys(#""a","b""#), says: "Missing: \"b\"."),
        ScorerCase(#"{"a": 1}"#, 0.5, wrong, config: keys(#""a","b""#, #","partial":true"#)),
        // A whole document, where a look at the last flat braces would see {"b": 1} alone.
        ScorerCase(#"{"a":{"b":1},"c":2}"#, 1, config: keys(#""a","c""#)),
        ScorerCase(#"{"a":{"b":1},"c":2}"#, 1, config: keys(#""a.b""#)),
        ScorerCase(#"{"a":{"b":1},"c":2}"#, 0, wrong, config: keys(#""b""#)),
        ScorerCase(#"{"items":[{"id":1},{"id":2}]}"#, 1, config: keys(#""items.0.id","items.*.id","/items/1/id""#)),
        ScorerCase(#"{"items":[{"id":1},{}]}"#, 0, wrong, config: keys(#""items.*.id""#)),
        ScorerCase(#"{"items":[]}"#, 0, wrong, config: keys(#""items.*""#)),
        ScorerCase(#"{"items":[1]}"#, 0, wrong, config: keys(#""items.1","items.01","items.-1""#)),
        ScorerCase(#"{"a.b": 1, "x/y": 2}"#, 1, config: keys(#""/a.b","/x~1y""#)),
        ScorerCase(#"{"a": null}"#, 1, config: keys(#""a""#)),
        ScorerCase(#"{"a": null}"#, 0, wrong, config: keys(#""a""#, #","allow_null":false"#)),
        ScorerCase("Sure:\n```json\n{\"a\": 1}\n```\nAs in [1], {x}.", 1, config: keys(#""a""#)),
        ScorerCase(#"A draft: {"a": 1}. Better: {"b": 1}"#, 0, wrong, config: keys(#""a""#)),
        ScorerCase(#"A draft: {"b": 1}. Better: {"a": "a \" brace } in a text"}"#, 1, config: keys(#""a""#)),
        ScorerCase(#"He said "yes {" and then {"a": 1}"#, 1, config: keys(#""a""#)),
        ScorerCase(#"<think>{"a": 1}</think>{"b": 2}"#, 0, wrong, config: keys(#""a""#)),
        ScorerCase(#"[{"a": 1}]"#, 1, config: keys(#""0.a""#)),
        ScorerCase(#"[{"a": 1}]"#, 1, config: keys(#""*.a""#)),
        ScorerCase("No JSON at all.", 0, none, config: keys(#""a""#)),
        ScorerCase("", 0, none, config: keys(#""a""#)),
        ScorerCase(#"{"a": 1,"#, 0, unparsable, config: keys(#""a""#)),
        ScorerCase(
            #"{"a": 1,"#, 0, ARENA_REASON_LENGTH, config: keys(#""a""#), meta: #"{"finish_reason":"length"}"#),
        ScorerCase(String(repeating: "[", count: 200_000), 0, unparsable, config: keys(#""a""#)),
        ScorerCase(String(repeating: "{\"a\":", count: 100_000), 0, unparsable, config: keys(#""a""#)),
    ]

    @Test(arguments: cases)
    func judges(_ test: ScorerCase) throws { try test.check("json_keys", of: "json") }

    @Test(arguments: [
        (#"{"keys":["a..b"]}"#, "json_keys.bad_path"), (#"{"keys":["/a~2"]}"#, "json_keys.bad_path"),
        (#"{"keys":[]}"#, "json_keys.no_keys"), ("{}", "json_keys.no_keys"),
    ])
    func aConfigThatCannotBeUsedIsAnError(config: String, code: String) throws {
        let refused = #expect(throws: TextScorer.Refused.self) {
            try TextScorer("json_keys", config: config, plugin: "json")
        }
        let failure = try #require(refused?.failure)
        #expect(failure.status == ARENA_INVALID_ARGUMENT && failure.detail["code"]?.string == code)
        #expect(failure.detail["hint"]?.string != nil)
    }
}
