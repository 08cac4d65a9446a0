import ArenaJSON
import ArenaJSONSchema
import Testing

@Suite struct ValidationTests {
    @Test func issuesSayWhereAndWhat() throws {
        let schema = try JSONSchema([
            "type": "object", "required": ["id", "title"], "additionalProperties": false,
            "properties": [
                "id": ["type": "string", "minLength": 3],
                "items": ["items": ["$ref": "#/$defs/item"]],
                "mode": ["enum": ["a", "b"]], "odd/name": ["maximum": 1.5],
            ],
            "$defs": ["item": ["type": ["integer", "null"]]],
        ])
        let issues = schema.validate(["id": "x", "items": [1, "2"], "mode": 5, "odd/name": 2, "extra": 1])
        #expect(
            issues.map { [$0.instancePointer, $0.keyword, $0.schemaPointer, $0.message] } == [
                ["", "required", "/required", #"the required property "title" is missing"#],
                ["/id", "minLength", "/properties/id/minLength", "expected at least 3 characters, found 1"],
                ["/items/1", "type", "/$defs/item/type", "expected null or an integer, found a string"],
                ["/mode", "enum", "/properties/mode/enum", #"expected one of "a", "b""#],
                ["/odd~1name", "maximum", "/properties/odd~1name/maximum", "the number must be at most 1.5"],
                ["/extra", "additionalProperties", "/additionalProperties", #"the property "extra" is not allowed"#],
            ])
    }

    @Test func unevaluatedPartsAreNamed() throws {
        let schema = try JSONSchema(["allOf": [["properties": ["a": true]]], "unevaluatedProperties": false])
        #expect(schema.validate(["a": 1, "b": 2, "c": 3]).map(\.instancePointer) == ["/b", "/c"])
        let items = try JSONSchema(["prefixItems": [true], "unevaluatedItems": ["type": "string"]])
        let issue = items.validate([1, "x", 2]).first
        #expect(issue?.instancePointer == "/2")
        #expect(issue?.schemaPointer == "/unevaluatedItems/type")
    }

    @Test func messagesCarryNoTextOfTheValue() throws {
        let secret = "sk-secret"
        let schema = try JSONSchema(
            [
                "properties": [
                    "a": ["type": "integer"], "b": ["pattern": "^x$"], "c": ["enum": [1]], "d": ["const": 2],
                    "e": ["maxLength": 2], "f": ["format": "date"], "g": ["not": ["type": "string"]],
                ]
            ], options: JSONSchemaOptions(assertsFormat: true))
        let value = JSONValue.object(JSONObject("abcdefg".map { (String($0), .string(secret)) }))
        let issues = schema.validate(value)
        #expect(issues.count == 7)
        #expect(issues.allSatisfy { !$0.message.contains(secret) })
    }

    @Test func collectsNoMoreIssuesThanAsked() throws {
        let schema = try JSONSchema(["items": ["type": "string"]], options: JSONSchemaOptions(maxIssues: 3))
        #expect(schema.validate(.array(Array(repeating: 1, count: 1000))).map(\.instancePointer) == ["/0", "/1", "/2"])
        let none = try JSONSchema(["type": "string"], options: JSONSchemaOptions(maxIssues: 0))
        #expect(none.validate(1).count == 1)
    }

    @Test func endsSchemasThatMultiply() throws {
        var definitions = JSONObject()
        definitions["d0"] = ["type": "string"]
        for level in 1...20 {
            let below: JSONValue = ["$ref": "#/$defs/d\(level - 1)"]
            definitions["d\(level)"] = ["anyOf": [below, below]]
        }
        let options = JSONSchemaOptions(maxSteps: 10_000)
        let schema = try JSONSchema(["$ref": "#/$defs/d20", "$defs": .object(definitions)], options: options)
        let issues = schema.validate(1)
        #expect(issues.map(\.message) == ["validation takes more than 10000 steps"])
        let negated = try JSONSchema(
            ["not": ["$ref": "#/$defs/d20"], "$defs": .object(definitions)], options: options)
        #expect(!negated.isValid(1))
    }

    @Test(arguments: [
        ("^(a+)+$", String(repeating: "a", count: 40) + "b"), ("(a|a){12}b|z", String(repeating: "a", count: 4000)),
        ("(x+x+)+[yz]", String(repeating: "x", count: 3000)),
    ])
    func endsPatternsThatTakeTooLong(pattern: String, text: String) throws {
        let options = JSONSchemaOptions(patternTime: .milliseconds(20))
        let schema = try JSONSchema(["pattern": .string(pattern)], options: options)
        let issues = schema.validate(.string(text))
        #expect(issues.map(\.keyword) == ["pattern"])
        #expect(issues.first?.message.hasSuffix("takes too long") == true)
        let key = try JSONSchema(["patternProperties": [pattern: true]], options: options)
        #expect(key.validate([text: 1]).map(\.keyword) == ["patternProperties"])
        let negated = try JSONSchema(["not": ["pattern": .string(pattern)]], options: options)
        #expect(!negated.isValid(.string(text)))
    }

    @Test(arguments: [
        (#"\u0041\x42\u{1F600}"#, "AB\u{1F600}", true), ("^a$", "a\n", false), (#"^\d$"#, "\u{663}", false),
        (#"^\w$"#, "é", false), (#"^\p{L}$"#, "é", true), ("^.$", "e\u{301}", false), ("[^]", "\n", true),
        ("[]", "a", false),
        ("(?C9)a", "a", true), ("^$", "", true), ("\\/", "/", true),
    ])
    func patternsFollowECMAScript(pattern: String, text: String, matches: Bool) throws {
        #expect(try JSONSchema(["pattern": .string(pattern)]).isValid(.string(text)) == matches)
    }

    @Test func decimalsDivideExactly() throws {
        let cents = try JSONSchema(["multipleOf": 0.01])
        for text in ["0.07", "1.15", "4.35", "1e400", "19.99", "-0.29"] {
            #expect(cents.isValid(try JSONValue(parsing: text)), "\(text)")
        }
        #expect(!cents.isValid(try JSONValue(parsing: "0.005")))
    }

    @Test func manyItemsAreComparedQuickly() throws {
        let schema = try JSONSchema(["uniqueItems": true])
        let items = (0..<20_000).map { JSONValue(["k": JSONValue($0)] as JSONObject) }
        #expect(schema.isValid(.array(items)))
        #expect(schema.validate(.array(items + [["k": 0.0]])).first?.message == "the items 0 and 20000 are the same")
    }
}

@Suite struct FormatTests {
    @Test(arguments: [
        ("date", "2024-02-29", true), ("date", "2023-02-29", false), ("date", "1900-02-29", false),
        ("date", "2023-13-01", false),
        ("date", "2023-1-1", false), ("date", "２０２３-01-01", false), ("time", "23:59:60Z", true),
        ("time", "24:00:00Z", false),
        ("time", "12:00:00", false), ("time", "12:00:00.5+01:30", true),
        ("date-time", "2026-11-21T09:05:07.042Z", true),
        ("date-time", "2026-11-21 09:05:07Z", false), ("date-time", "2026-11-21t09:05:07z", true),
        ("email", "a.b+c@d.test", true),
        ("email", "a@", false), ("email", "a..b@c.test", false), ("email", "no", false),
        ("hostname", "a-b.example", true),
        ("hostname", "-a.example", false), ("hostname", "a_b", false), ("hostname", "", false),
        ("ipv4", "127.0.0.1", true),
        ("ipv4", "256.0.0.1", false), ("ipv4", "1.2.3", false), ("ipv4", "01.2.3.4", false), ("ipv6", "::", true),
        ("ipv6", "::1", true),
        ("ipv6", "1:2:3:4:5:6:7:8", true), ("ipv6", "1:2:3:4:5:6:7", false), ("ipv6", "::1::", false),
        ("ipv6", "12345::", false),
        ("ipv6", "::ffff:1.2.3.4", true), ("ipv6", "1.2.3.4::", false), ("ipv6", "fe80::1%eth0", false),
        ("uri", "https://e.test/a?b#c", true),
        ("uri", "/a", false), ("uri", "a:b c", false), ("uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", true),
        ("uuid", "2eb8aa08aa9811eab4aa73b441d16380", false), ("json-pointer", "/a~0/b", true),
        ("json-pointer", "a", false),
        ("json-pointer", "/~2", false), ("regex", "^a(b)$", true), ("regex", "(", false), ("no-such-format", "x", true),
    ])
    func assertsFormatsWhenAsked(format: String, text: String, isValid: Bool) throws {
        let document: JSONValue = ["format": .string(format)]
        let schema = try JSONSchema(document, options: JSONSchemaOptions(assertsFormat: true))
        #expect(schema.isValid(.string(text)) == isValid)
        #expect(schema.isValid(1))
        #expect(try JSONSchema(document).isValid(.string(text)))
    }
}
