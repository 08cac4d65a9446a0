import ArenaJSON
import ArenaYAML
import Testing

@Suite struct ScalarTests {
    @Test(arguments: [
        "yes", "no", "on", "off", "Yes", "NO", "y", "n", "2026-11-21", "12:30:45", "1_000", "0b1", "0o8", "0xg", "0x",
        "0o",
        "-0x1", "+0o7", "1.2.3", "1e", "1e+", "e3", ".", "+", "-.", "--1", "tRUE", "nULL", "nan", "inf", "1 2",
        "Null0",
        "-a", "１", ".5.", "0x1F.0", "1e5.5", "+-1", "=",
    ])
    func staysText(text: String) throws {
        #expect(try YAMLDocument(parsing: "k: \(text)").value == ["k": .string(text)])
    }

    @Test(arguments: [
        ("", "null"), ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("true", "true"),
        ("True", "true"), ("TRUE", "true"), ("false", "false"), ("False", "false"), ("FALSE", "false"), ("0", "0"),
        ("-0", "-0"), ("+12", "12"), ("007", "7"), ("-00", "-0"), ("08", "8"), ("0o17", "15"), ("0x1F", "31"),
        ("0xffffffffffffffff", "18446744073709551615"), ("1.", "1.0"), (".5", "0.5"), ("-.5", "-0.5"),
        ("+.5e3", "0.5e3"),
        ("00.10", "0.10"), ("1e400", "1e400"), ("6.02E+23", "6.02E+23"), ("1.e3", "1.0e3"), ("12e03", "12e03"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ])
    func followsTheCoreSchema(text: String, json: String) throws {
        #expect(try YAMLDocument(parsing: "k: \(text)").value.text() == "{\"k\":\(json)}")
    }

    @Test(arguments: [
        ("'true'", "true"), ("\"1\"", "1"), ("''", ""), ("|-\n  12", "12"), (">-\n  null", "null"), ("!!str 12", "12"),
        ("! 12", "12"), ("\"\\0\\x41\\u00e9\\U0001F600\"", "\0Aé\u{1F600}"), ("'it''s'", "it's"),
        ("\"a\\\n  b\"", "ab"),
        ("|\n  a\n   b\n", "a\n b\n"), (">\n  a\n  b\n", "a b\n"), ("!!str", ""), ("!!str true", "true"),
    ])
    func quotedAndTaggedTextStaysText(yaml: String, text: String) throws {
        #expect(try YAMLDocument(parsing: "k: \(yaml)").value["k"]?.string == text)
    }

    @Test(arguments: [
        ("!!int '7'", "7"), ("!!float 1", "1"), ("!!float 1.5", "1.5"), ("!!bool 'true'", "true"),
        ("!!null ''", "null"),
        ("!!seq [1]", "[1]"), ("!!map {a: 1}", #"{"a":1}"#),
    ])
    func coreTagsResolve(yaml: String, json: String) throws {
        #expect(try YAMLDocument(parsing: "k: \(yaml)").value["k"]?.text() == json)
    }

    @Test(arguments: [
        (".inf", "yaml.unsupported"), ("-.Inf", "yaml.unsupported"), (".NaN", "yaml.unsupported"),
        ("0x10000000000000000", "yaml.unsupported"), ("!!int a", "yaml.syntax"), ("!!int 1.5", "yaml.syntax"),
        ("!!bool yes", "yaml.syntax"), ("!local 1", "yaml.unsupported"), ("!!binary aGk=", "yaml.unsupported"),
        ("!!set {a}", "yaml.unsupported"), ("!!seq {}", "yaml.unsupported"),
        ("!!python/object:os.system x", "yaml.unsupported"),
        (String(repeating: "9", count: 1025), "yaml.too_large"),
    ])
    func refusesWhatHasNoJSONForm(yaml: String, code: String) {
        let error = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: "k: \(yaml)") }
        #expect(error?.code == code)
        #expect(error?.line == 1)
        #expect(error?.column == 4)
    }
}
