import ArenaJSON
import Testing

@Suite struct WritingTests {
    private let value: JSONValue = [
        "b": [1, 2.5, nil, true], "a": [:], "é": [], "\u{1F600}": "x", "\u{FFFD}": ["deep": [["k": "v"]]],
    ]

    @Test func compactKeepsTheOrder() {
        #expect(
            value.text()
                == "{\"b\":[1,2.5,null,true],\"a\":{},\"é\":[],\"\u{1F600}\":\"x\",\"\u{FFFD}\":{\"deep\":[{\"k\":\"v\"}]}}"
        )
    }

    @Test func prettyIndentsByTwoSpaces() {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": [], "d": [:]]
        #expect(
            value.text(.pretty) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": [],
                  "d": {}
                }
                """)
    }

    @Test func sortedOrdersKeysByCodePoint() {
        #expect(
            value.text(.sorted)
                == "{\"a\":{},\"b\":[1,2.5,null,true],\"é\":[],\"\u{FFFD}\":{\"deep\":[{\"k\":\"v\"}]},\"\u{1F600}\":\"x\"}"
        )
    }

    @Test func escapesWhatMustBeEscaped() throws {
        let controls = String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar(UInt32($0)) }))
        let text = JSONValue.string(controls + "\"\\/\u{7F}\u{2028}").text()
        #expect(text.utf8.allSatisfy { $0 >= 0x20 })
        #expect(text.contains(#"\b\t\n\u000b\f\r\u000e"#))
        #expect(text.hasSuffix("\\u001f\\\"\\\\/\u{7F}\u{2028}\""))
        #expect(try JSONValue(parsing: text).string == controls + "\"\\/\u{7F}\u{2028}")
    }

    @Test func everyStyleReadsBack() throws {
        for style in [JSONStyle.compact, .pretty, .sorted] {
            #expect(try JSONValue(parsing: value.bytes(style)) == value)
        }
    }

    @Test(
        arguments: [
            (["a": 1, "b": 2], ["b": 2, "a": 1], true), ("é", "e\u{301}", false), (["é": 1], ["e\u{301}": 1], false),
            ([1], [1.0], false), (nil, false, false), (0, "0", false), ([], [:], false), (["a": nil], [:], false),
            (["a": 1], ["b": 1], false), ([1, 2], [2, 1], false),
        ] as [(JSONValue, JSONValue, Bool)])
    func equalValuesHaveTheSameSortedTextAndHash(a: JSONValue, b: JSONValue, areEqual: Bool) {
        #expect((a == b) == areEqual)
        #expect((a.text(.sorted) == b.text(.sorted) && a.bytes(.sorted) == b.bytes(.sorted)) == areEqual)
        #expect(Set([a, b]).count == (areEqual ? 1 : 2))
    }
}
