import ArenaJSON
import ArenaJSONSchema
import Foundation
import Testing

/// What Tests/Fixtures/jsonschema/generate.py wrote.
private enum Oracle {
    static func cases() throws -> [JSONValue] {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/jsonschema/cases.json").standardizedFileURL
        let bytes = [UInt8](try Data(contentsOf: fixture))
        return try #require(try JSONValue(parsing: bytes, limits: JSONLimits(maxDepth: 100))["cases"]?.array)
    }
}

@Suite struct OracleTests {
    @Test func agreesWithTheOracleOnEveryInstance() throws {
        var count = 0
        for entry in try Oracle.cases() {
            let name = try #require(entry["name"]?.string)
            let schema = try JSONSchema(try #require(entry["schema"]))
            for test in try #require(entry["tests"]?.array) {
                let instance = try #require(test["instance"])
                let issues = schema.validate(instance)
                let shown = "\(name): \(instance.text()) gave \(issues)"
                #expect(issues.isEmpty == test["valid"]?.bool, "\(shown)")
                #expect(schema.isValid(instance) == issues.isEmpty, "\(shown)")
                count += 1
            }
        }
        #expect(count > 2000)
    }

    @Test func namesTheSamePlacesAndKeywords() throws {
        for entry in try Oracle.cases() {
            // The oracle reports one error for all that is unevaluated, without what is wrong with it.
            guard try #require(entry["schema"]?.text()).contains("unevaluated") == false else { continue }
            let name = try #require(entry["name"]?.string)
            let schema = try JSONSchema(try #require(entry["schema"]))
            for test in try #require(entry["tests"]?.array) {
                let instance = try #require(test["instance"])
                let expected = Set(
                    try #require(test["errors"]?.array).map {
                        Self.comparable($0[0]?.string ?? "?", $0[1]?.string ?? "?")
                    })
                let found = Set(schema.validate(instance).map(Self.asTheOracleSays))
                #expect(found == expected, "\(name): \(instance.text())")
            }
        }
    }

    /// The oracle tells the place of `false` in two ways, so that keyword stands without one.
    private static func comparable(_ pointer: String, _ keyword: String) -> String {
        keyword == "false" ? keyword : "\(keyword) \(pointer)"
    }

    /// The oracle reports what is additional at the object, not at the property.
    private static func asTheOracleSays(_ issue: SchemaIssue) -> String {
        var pointer = issue.instancePointer
        if issue.keyword == "additionalProperties", let slash = pointer.lastIndex(of: "/") {
            pointer = String(pointer[..<slash])
        }
        return comparable(pointer, issue.keyword)
    }

    @Test func everyIssuePointsIntoTheValueAndTheSchema() throws {
        for entry in try Oracle.cases() {
            let document = try #require(entry["schema"])
            let schema = try JSONSchema(document)
            for test in try #require(entry["tests"]?.array) {
                let instance = try #require(test["instance"])
                for issue in schema.validate(instance) {
                    let place = try #require(JSONPointer(issue.instancePointer))
                    #expect(instance[place] != nil, "\(issue)")
                    var keyword = try #require(JSONPointer(issue.schemaPointer))
                    if ["minContains", "maxContains"].contains(issue.keyword), document[keyword] == nil {
                        keyword.tokens.removeLast()
                    }
                    #expect(document[keyword] != nil, "\(issue.schemaPointer)")
                    #expect(!issue.message.isEmpty && !issue.message.hasSuffix("."))
                }
            }
        }
    }

    @Test(arguments: 0..<8)
    func mutatedSchemasAndValuesNeverCrash(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let cases = try Oracle.cases()
        for _ in 0..<300 {
            let entry = try #require(cases.randomElement(using: &generator))
            var bytes = try #require(entry["schema"]).bytes()
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = try #require(Array("{}[],:\"0129aeflnrstu#/$.-".utf8).randomElement(using: &generator))
            }
            guard let document = try? JSONValue(parsing: bytes) else { continue }
            let options = JSONSchemaOptions(assertsFormat: true, maxSteps: 100_000)
            do throws(JSONSchemaError) {
                let schema = try JSONSchema(document, options: options)
                for test in entry["tests"]?.array ?? [] { _ = schema.validate(test["instance"] ?? .null) }
            } catch {
                #expect(JSONPointer(error.schemaPointer) != nil)
                #expect(!error.reason.isEmpty)
            }
        }
    }
}

/// SplitMix64: the same numbers from the same seed on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
