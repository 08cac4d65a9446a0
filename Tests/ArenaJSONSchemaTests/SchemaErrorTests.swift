import ArenaJSON
import ArenaJSONSchema
import Testing

@Suite struct SchemaErrorTests {
    @Test(arguments: [
        ("1", ""), ("null", ""), (#"{"type":"text"}"#, "/type"), (#"{"type":[]}"#, "/type"), (#"{"type":{}}"#, "/type"),
        (#"{"enum":1}"#, "/enum"), (#"{"minimum":"1"}"#, "/minimum"), (#"{"multipleOf":0}"#, "/multipleOf"),
        (#"{"multipleOf":-1}"#, "/multipleOf"), (#"{"minLength":-1}"#, "/minLength"),
        (#"{"maxLength":1.5}"#, "/maxLength"),
        (#"{"pattern":5}"#, "/pattern"), (#"{"pattern":"("}"#, "/pattern"), (#"{"pattern":"\\C"}"#, "/pattern"),
        (#"{"patternProperties":{"[":true}}"#, "/patternProperties/["), (#"{"uniqueItems":"yes"}"#, "/uniqueItems"),
        (#"{"items":[{}]}"#, "/items"), (#"{"prefixItems":{}}"#, "/prefixItems"),
        (#"{"prefixItems":[]}"#, "/prefixItems"),
        (#"{"allOf":[]}"#, "/allOf"), (#"{"anyOf":[1]}"#, "/anyOf/0"), (#"{"properties":[]}"#, "/properties"),
        (#"{"properties":{"a":{"type":"x"}}}"#, "/properties/a/type"), (#"{"required":"a"}"#, "/required"),
        (#"{"required":[1]}"#, "/required"), (#"{"dependentRequired":{"a":"b"}}"#, "/dependentRequired/a"),
        (#"{"$defs":{"a/b":3}}"#, "/$defs/a~1b"), (#"{"$ref":1}"#, "/$ref"), (#"{"$id":"a#b"}"#, "/$id"),
        (#"{"$anchor":"1a"}"#, "/$anchor"), (#"{"$anchor":""}"#, "/$anchor"), (#"{"format":1}"#, "/format"),
        (#"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#, "/$defs/b/$anchor"),
        (#"{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}"#, "/$defs/b/$id"),
    ])
    func refusesInvalidKeywords(text: String, pointer: String) throws {
        let document = try JSONValue(parsing: text)
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(document) }
        #expect(error?.problem == .invalid)
        #expect(error?.schemaPointer == pointer)
    }

    @Test(arguments: [
        "#/none", "#none", "other.json", "https://e.test/x", "#/$defs/a/b", "#/%zz", "#/~2", "#/$defs/%FF",
    ])
    func refusesReferencesThatLeadNowhere(reference: String) {
        for keyword in ["$ref", "$dynamicRef"] {
            let document: JSONValue = ["properties": ["x": [keyword: .string(reference)]], "$defs": ["a": true]]
            let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(document) }
            #expect(error?.problem == .unresolvedReference)
            #expect(error?.schemaPointer == "/properties/x/\(keyword)")
        }
    }

    @Test(arguments: [
        ##"{"$ref":"#"}"##, ##"{"allOf":[{"$ref":"#"}]}"##, ##"{"not":{"$ref":"#"}}"##,
        ##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/a"}]}}}"##,
        ##"{"if":{"$ref":"#"}}"##, ##"{"dependentSchemas":{"a":{"$ref":"#"}}}"##,
        ##"{"$defs":{"unused":{"$ref":"#/$defs/unused"}}}"##,
    ])
    func refusesReferencesWithoutEnd(text: String) throws {
        let document = try JSONValue(parsing: text)
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(document) }
        #expect(error?.problem == .endlessReference)
    }

    @Test func findsDynamicReferencesWithoutEndDuringValidation() throws {
        let schema = try JSONSchema(["$dynamicAnchor": "n", "anyOf": [["$dynamicRef": "#n"], true]])
        let issues = schema.validate(1)
        #expect(issues.count == 1)
        #expect(issues.first?.keyword == "$dynamicRef")
        #expect(issues.first?.message == "the schema refers to itself without end")
        #expect(!schema.isValid(1))
    }

    @Test(arguments: ["http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2019-09/schema", ""])
    func refusesOtherDrafts(draft: String) {
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(["$schema": .string(draft)]) }
        #expect(error?.problem == .unsupportedDraft)
        #expect(error?.code == "json_schema.unsupported_draft")
    }

    @Test func saysWhereAPatternFails() {
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(["pattern": "ab(c"]) }
        #expect(
            error?.message
                == "Invalid JSON Schema at /pattern: the pattern fails after 4 bytes: missing closing parenthesis.")
    }
}
