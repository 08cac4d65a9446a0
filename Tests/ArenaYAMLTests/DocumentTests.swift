import ArenaJSON
import ArenaYAML
import Testing

@Suite struct DocumentTests {
    @Test(arguments: [
        ("", "null"), ("# only a comment\n", "null"), ("---\n", "null"), ("\u{FEFF}a: 1", #"{"a":1}"#), ("a", #""a""#),
        ("- 1\n- [2, {x: y}]\n-\n", #"[1,[2,{"x":"y"}],null]"#),
        ("1: a\ntrue: b\n.inf: c\nno: d", #"{"1":"a","true":"b",".inf":"c","no":"d"}"#),
        ("{\"a\":[1,2.50,null]}", #"{"a":[1,2.50,null]}"#), ("%YAML 1.2\n---\na: no\n...\n", #"{"a":"no"}"#),
        ("'<<': 1", #"{"<<":1}"#), ("? a\n: 1\n? b", #"{"a":1,"b":null}"#), ("b: 1\na: 2", #"{"b":1,"a":2}"#),
        ("'': 1", #"{"":1}"#),
        ("a: &x [1, {k: v}]\nb: *x\nc: [*x]", #"{"a":[1,{"k":"v"}],"b":[1,{"k":"v"}],"c":[[1,{"k":"v"}]]}"#),
        ("a: &x 1\nb: &x 2\nc: *x", #"{"a":1,"b":2,"c":2}"#), ("&k key: 1\nb: *k", #"{"key":1,"b":"key"}"#),
        ("- &k key\n- *k : 1", #"["key",{"key":1}]"#), ("a: 1\r\nb: 2\r\n", #"{"a":1,"b":2}"#),
    ])
    func readsDocuments(yaml: String, json: String) throws {
        #expect(try YAMLDocument(parsing: yaml).value.text() == json)
        #expect(try YAMLDocument(parsing: Array(yaml.utf8)).value.text() == json)
    }

    @Test(arguments: [
        ("a: 1\na: 2", "yaml.duplicate_key", 2, 1), ("a:\n  'b': 1\n  b: 2", "yaml.duplicate_key", 3, 3),
        ("{a: 1, \"a\": 2}", "yaml.duplicate_key", 1, 8), ("a: [1, 2", "yaml.syntax", 1, 9),
        ("a: b: c", "yaml.syntax", 1, 5),
        ("a: 1\n b: 2", "yaml.syntax", 2, 3), ("\ta: 1", "yaml.syntax", 1, 1), ("a: \"x", "yaml.syntax", 1, 6),
        ("é: \"\u{1F600}\" x", "yaml.syntax", 1, 8), ("---\na\n---\nb", "yaml.unsupported", 3, 1),
        ("a: *x", "yaml.alias", 1, 4),
        ("a: &x [1, *x]", "yaml.alias", 1, 11), ("*x", "yaml.alias", 1, 1), ("<<: {a: 1}", "yaml.unsupported", 1, 1),
        ("? [a]\n: 1", "yaml.unsupported", 1, 3), ("a: &x [1]\n*x : 2", "yaml.unsupported", 2, 1),
        ("x:\n  ? \n  : 1", "yaml.unsupported", 2, 4), ("a: \"\\ud800\"", "yaml.syntax", 1, 7),
        ("%YAML 2.0\n---\na", "yaml.syntax", 1, 1),
        ("a: @b", "yaml.syntax", 1, 4), ("a: 'x\n---\n", "yaml.syntax", 2, 1), ("a: 1\nb\nc: 2", "yaml.syntax", 3, 1),
        ("\u{FEFF}a: 1\na: 2", "yaml.duplicate_key", 2, 1), ("\u{FEFF}[", "yaml.syntax", 1, 2),
    ])
    func saysWhere(yaml: String, code: String, line: Int, column: Int) {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: yaml) }
        #expect(error?.code == code)
        #expect([error?.line, error?.column] == [line, column])
        #expect(error?.message.hasPrefix("Invalid YAML at line \(line), column \(column): ") == true)
    }

    @Test(
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], 1, 4), ([0x61, 0x0A, 0x62, 0xC3, 0x28], 2, 3), ([0x61, 0x00], 1, 2),
            ([0xFF, 0xFE, 0x61, 0x00], 1, 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1, 2), ([0x61, 0x07], 1, 2),
        ] as [([UInt8], Int, Int)])
    func refusesInvalidBytes(bytes: [UInt8], line: Int, column: Int) {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: bytes) }
        #expect(error?.problem == .syntax)
        #expect([error?.line, error?.column] == [line, column])
    }

    @Test func namesWhatLibyamlWasReading() {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: "a:\n  [1,\n  2}") }
        #expect(error?.reason == "did not find expected ',' or ']' while parsing a flow sequence that begins at line 2")
    }

    @Test(arguments: [
        ("", 1, 1), ("/title", 1, 8), ("/provides", 3, 3), ("/provides/0", 3, 5), ("/provides/0/id", 3, 9),
        ("/provides/1/a~1b", 5, 10), ("/provides/1/a~1b/0", 5, 14), ("/empty", 6, 7), ("/copy", 7, 7),
        ("/copy/0", 5, 14),
    ])
    func knowsThePositionOfEveryValue(pointer: String, line: Int, column: Int) throws {
        let document = try YAMLDocument(
            parsing: "title: Text\nprovides:\n  - id: x\n    \n  - a/b: &l [1]\nempty:\ncopy: *l\n")
        let position = try #require(document.position(of: pointer))
        #expect([position.line, position.column] == [line, column])
    }

    @Test(arguments: [("/title", 1, 1), ("/provides", 2, 1), ("/provides/0/id", 3, 5), ("/copy", 5, 1)])
    func knowsThePositionOfEveryKey(pointer: String, line: Int, column: Int) throws {
        let document = try YAMLDocument(parsing: "title: Text\nprovides:\n  - id: x\n    no: &l [1]\ncopy: *l\n")
        let position = try #require(document.positionOfKey(pointer))
        #expect([position.line, position.column] == [line, column])
        #expect(document.positionOfKey("") == nil && document.positionOfKey("/provides/0") == nil)
    }

    @Test(arguments: ["title", "/none", "/provides/2", "/provides/x", "/title/0", "/~"])
    func hasNoPositionForWhatIsNotThere(pointer: String) throws {
        let document = try YAMLDocument(parsing: "title: Text\nprovides: [1, 2]")
        #expect(document.position(of: pointer) == nil)
    }
}
