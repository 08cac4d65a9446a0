import ArenaJSON
import ArenaJSONSchema
import Foundation
import Testing

/// The deepest recursions run on the smallest stack that Arena's own threads have.
@Suite struct StackTests {
    private func onSmallThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result { try body() }) }
            thread.stackSize = 512 << 10
            thread.start()
        }
    }

    private static let schemas: [String] = [
        ##"{"additionalProperties":{"$ref":"#"}}"##,
        ##"{"items":{"$ref":"#"},"additionalProperties":{"allOf":[{"$ref":"#"}]}}"##,
        ##"{"unevaluatedProperties":{"anyOf":[{"$ref":"#"}]}}"##,
        ##"{"contains":{"$ref":"#"},"minContains":0,"patternProperties":{"":{"$ref":"#"}}}"##,
        ##"{"dependentSchemas":{"k":{"if":{"oneOf":[{"properties":{"k":{"$ref":"#"}}}]},"else":{"not":{}}}}}"##,
    ]

    @Test(arguments: schemas, [10, 60, 99])
    func nestedValuesValidateOrEndWithAnIssue(schema: String, depth: Int) async throws {
        let levels = depth / 2
        let text = String(repeating: #"{"k":["#, count: levels) + String(repeating: "]}", count: levels)
        let objects = String(repeating: #"{"k":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        let outcomes = try await onSmallThread {
            let schema = try JSONSchema(JSONValue(parsing: schema))
            return try [text, objects].map {
                schema.validate(try JSONValue(parsing: $0, limits: JSONLimits(maxDepth: 100))).map(\.message)
            }
        }
        for outcome in outcomes {
            #expect(outcome.isEmpty || outcome == ["schema and value are nested too deeply together"])
            if depth == 10 { #expect(outcome.isEmpty) }
        }
    }

    @Test func deepDocumentsAreReadComparedAndWritten() async throws {
        let text = String(repeating: #"[{"k":"#, count: 50) + "1" + String(repeating: "}]", count: 50)
        let isSame = try await onSmallThread {
            let value = try JSONValue(parsing: text, limits: JSONLimits(maxDepth: 100))
            let copy = try JSONValue(parsing: value.text(.sorted), limits: JSONLimits(maxDepth: 100))
            return copy == value && copy.isEquivalent(to: value) && copy.hashValue == value.hashValue
                && value.text() == text
        }
        #expect(isSame)
    }

    @Test func deepSchemasCompileOrAreRefused() async throws {
        for keyword in ["not", "items", "properties"] {
            var text = "true"
            for _ in 0..<(keyword == "properties" ? 49 : 99) {
                text = keyword == "properties" ? #"{"properties":{"p":\#(text)}}"# : #"{"\#(keyword)":\#(text)}"#
            }
            let document = text
            try await onSmallThread {
                let schema = try JSONSchema(JSONValue(parsing: document, limits: JSONLimits(maxDepth: 100)))
                _ = schema.validate(1)
            }
        }
    }

    @Test func longChainsOfReferencesEndWithAnIssue() async throws {
        var definitions = JSONObject()
        for index in 0..<5000 { definitions["d\(index)"] = ["$ref": "#/$defs/d\(index + 1)"] }
        definitions["d5000"] = ["type": "null"]
        let document: JSONValue = ["$ref": "#/$defs/d0", "$defs": .object(definitions)]
        let messages = try await onSmallThread { try JSONSchema(document).validate(nil).map(\.message) }
        #expect(messages == ["schema and value are nested too deeply together"])
    }
}
