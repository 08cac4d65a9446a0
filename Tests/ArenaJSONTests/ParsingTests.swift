import ArenaJSON
import Testing

@Suite struct ParsingTests {
    @Test(
        arguments: [
            (" null ", JSONValue.null), ("true", true), ("false", false), ("[]", []), ("{}", [:]), ("[ ]", []),
            ("{ }", [:]),
            ("\t\r\n[1 ,\"a\"]\n", [1, "a"]), (#"{"a":{"b":[{}]}}"#, ["a": ["b": [[:]]]]),
            (#""\"\\\/\b\f\n\r\t\u0041\u00e9\uD83D\uDE00""#, "\"\\/\u{8}\u{C}\n\r\tA\u{E9}\u{1F600}"),
            (#""\u0000""#, "\0"),
            ("\"h\u{E9}llo \u{1F600} and more than eight bytes\"", "h\u{E9}llo \u{1F600} and more than eight bytes"),
            ("\"\u{7F}\"", "\u{7F}"), ("\"\u{2028}\"", "\u{2028}"), (#"{"":0}"#, ["": 0]),
        ] as [(String, JSONValue)])
    func readsValidDocuments(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "0", "-0", "-0.0", "1", "1.0", "1e400", "1E+05", "123456789012345678901234567890.5e-99", "0e0", "1e-0",
    ])
    func keepsTheTextOfNumbers(text: String) throws {
        #expect(try JSONValue(parsing: text).text() == text)
        #expect(JSONNumber(text: text)?.text == text)
    }

    @Test(arguments: [
        ("", "expected a value, found the end of the text"), (" ", "expected a value, found the end of the text"),
        ("01", "expected the end of the document, found `1`"), ("+1", "expected a value, found `+`"),
        ("-", "expected a digit, found the end of the text"), ("1.", "expected a digit, found the end of the text"),
        (".5", "expected a value, found `.`"), ("1e", "expected a digit, found the end of the text"),
        ("1e+x", "expected a digit, found `x`"), ("-a", "expected a digit, found `a`"),
        ("NaN", "expected a value, found `N`"), ("Infinity", "expected a value, found `I`"),
        ("tru", "expected a value, found `t`"), ("nulll", "expected the end of the document, found `l`"),
        ("[1,]", "expected a value, found `]`"), ("[1 2]", "expected `,` or `]`, found `2`"),
        ("[,1]", "expected a value, found `,`"), ("[", "expected a value, found the end of the text"),
        ("[1", "expected `,` or `]`, found the end of the text"), ("]", "expected a value, found `]`"),
        ("{", "expected a key in quotes or `}`, found the end of the text"),
        ("{a:1}", "expected a key in quotes or `}`, found `a`"),
        ("{'a':1}", "expected a key in quotes or `}`, found `'`"),
        (#"{"a"}"#, "expected `:`, found `}`"), (#"{"a":}"#, "expected a value, found `}`"),
        (#"{"a":1,}"#, "expected a key in quotes, found `}`"), (#"{"a":1 "b":2}"#, "expected `,` or `}`, found `\"`"),
        ("1 // no", "expected the end of the document, found `/`"),
        ("[1]]", "expected the end of the document, found `]`"),
        (#""a"#, "expected `\"`, found the end of the text"), (#""\"#, "expected an escape, found the end of the text"),
        (#""\x41""#, "expected one of `\"\\/bfnrtu` after a backslash, found `x`"),
        (#""\u12G4""#, "expected four hexadecimal digits after `\\u`, found `G`"),
        (#""\u12"#, "expected four hexadecimal digits after `\\u`, found the end of the text"),
        ("\"a\nb\"", "expected `\"`, found U+000A, which a string must escape"),
        ("\"twenty plain letters\u{0}\"", "expected `\"`, found U+0000, which a string must escape"),
        ("1\u{0}", "expected the end of the document, found byte 0x0"),
        ("\u{FEFF}1", "expected a value, found a byte order mark"), ("\u{A0}1", "expected a value, found byte 0xC2"),
        ("\u{B}1", "expected a value, found byte 0xB"),
    ])
    func saysWhatWasExpected(text: String, reason: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.reason == reason)
        #expect(error?.problem == .syntax)
    }

    @Test(arguments: [
        #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud800\n""#, #""\uDBFF\u0041""#,
    ])
    func refusesHalfOfASurrogatePair(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.problem == .encoding)
        #expect(error?.offset == 1)
    }

    @Test(
        arguments: [
            ([0xFF], 0), ([0xC3], 0), ([0x61, 0xC0, 0x80], 1), ([0xED, 0xA0, 0x80], 0), ([0xF4, 0x90, 0x80, 0x80], 0),
            ([0xC3, 0xA9, 0xE2, 0x82], 2), ([0x5C, 0x6E, 0x80], 2), ([0xC3, 0x5C, 0x6E], 0),
        ] as [([UInt8], Int)])
    func refusesInvalidUTF8(content: [UInt8], offset: Int) {
        for isKey in [false, true] {
            let quoted = [0x22] + content + [0x22]
            let bytes = isKey ? [0x7B] + quoted + Array(":1}".utf8) : quoted
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
            #expect(error?.problem == .encoding)
            #expect(error?.offset == offset + (isKey ? 2 : 1))
        }
    }

    @Test func countsLinesAndColumnsInScalars() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: "{\"a\": 1,\r\n  \"\u{1F600}\u{E9}\": x}")
        }
        #expect(error?.line == 2)
        #expect(error?.column == 9)
        #expect(error?.offset == 22)
        #expect(error?.message == "Invalid JSON at line 2, column 9: expected a value, found `x`.")
    }

    @Test(arguments: [#"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"{"b":{"a":1,"c":2,"a":3}}"#])
    func refusesDuplicateKeys(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.problem == .duplicateKey)
        #expect(error?.reason == #"the key "a" is there twice"#)
    }

    @Test func refusesDuplicateKeysInLargeObjects() {
        let members = (0..<1000).map { "\"key\($0)\":\($0)" } + ["\"key500\":0"]
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(members.joined(separator: ","))}") }
        #expect(error?.problem == .duplicateKey)
    }

    @Test func keysThatAreOnlyCanonicallyEquivalentDiffer() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")])
    func boundsTheDepth(open: String, close: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)
        }
        let levels = open.hasPrefix("[{") ? 2 : 1
        _ = try JSONValue(parsing: nested(64 / levels))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(64 / levels + 1)) }
        #expect(error?.problem == .tooDeep)
        let endless = JSONLimits(maxDepth: .max)
        _ = try JSONValue(parsing: nested(100 / levels), limits: endless)
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(100_000), limits: endless) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: open, count: 100_000)) }
    }

    @Test func emptyContainersDoNotCountTwiceForTheDepth() throws {
        let text = "[" + Array(repeating: "[],{}", count: 200).joined(separator: ",") + "]"
        #expect(try JSONValue(parsing: text, limits: JSONLimits(maxDepth: 2)).array?.count == 400)
    }

    @Test func boundsTheSizeOfDocumentsAndNumbers() throws {
        _ = try JSONValue(parsing: "[10]", limits: JSONLimits(maxBytes: 4))
        let large = #expect(throws: JSONError.self) { try JSONValue(parsing: "[100]", limits: JSONLimits(maxBytes: 4)) }
        #expect(large?.problem == .tooLarge)
        _ = try JSONValue(parsing: String(repeating: "9", count: 1024))
        let long = #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "9", count: 1025)) }
        #expect(long?.problem == .tooLarge)
    }

    @Test func readsNothingBeyondTheBytes() throws {
        let text = Array("12345678".utf8)
        for count in 1...8 {
            let value = try text.withUnsafeBytes {
                try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
            #expect(value.text() == String(decoding: text[..<count], as: UTF8.self))
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: UnsafeRawBufferPointer(start: nil, count: 0)) }
    }
}
