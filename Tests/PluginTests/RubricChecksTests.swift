import ArenaJSON
import CArenaPlugin
import Testing

/// The reader of rubrics in YAML.
struct RubricChecksTests {
    private static func rubric(_ check: String, _ top: String = "") -> String {
        "id: x\n\(top)checks:\n  - name: a\n    scorer: includes\n    weight: 2\n    why: because\n\(check)"
    }

    /// What is wrong in a document, where, and a part of the cure.
    static let faults: [(document: String, line: Int, column: Int, message: String, hint: String)] = [
        ("id: x\nchecks: [{name: a, scorer: s, weight: 1, why: w}]\nchekcs: []\n", 3, 9, "`chekcs`", "`checks`"),
        (rubric("    referenzes: [a]\n"), 7, 17, "`referenzes`", "`references`"),
        (rubric("  - {name: b, scorer: includes, weight: heavy, why: w}\n"), 7, 41, "a number, not text", "such as 1"),
        (rubric("  - {name: b, scorer: includes, weight: -1, why: w}\n"), 7, 41, "from 0", "proportion"),
        (rubric("  - {name: b, scorer: includes, weight: 1e999, why: w}\n"), 7, 41, "from 0", "proportion"),
        (rubric("  - {name: b, scorer: includes, weight: .nan, why: w}\n"), 7, 41, "no JSON form", "plain YAML"),
        (rubric("  - {name: a, scorer: includes, weight: 1, why: w}\n"), 7, 12, "line 3", "of its own"),
        (rubric("  - {name: b, weight: 1, why: w}\n"), 7, 5, "neither", "scorer: includes"),
        (rubric("  - {name: b, scorer: s, judge: j, weight: 1, why: w}\n"), 7, 33, "not both", "two checks"),
        (rubric("  - {name: b, judge: Good?, weight: 1, why: w}\n"), 7, 22, "not shown the answer", "{{answer}}"),
        (rubric("  - {name: b, scorer: s, weight: 1}\n"), 7, 5, "`why` is missing", "sentence"),
        (rubric("", "pass_at: 2\n"), 2, 10, "from 0 to 1.", "answer passes"),
        (
            rubric("  - {name: b, judge: '{{answer}} {{answr}}', weight: 1, why: w}\n"), 7, 22, "`{{answr}}`",
            "{{question}}"
        ),
        (
            rubric("  - {name: b, judge: '{{answer}}', scale: 0, weight: 1, why: w}\n"), 7, 43, "above 0", "best score"
        ),
        ("id: x\nchecks: []\n", 2, 9, "1 to 64", "- name:"),
        ("id: x\nchecks:\n  - {name: a, scorer: s, weight: 0, why: w}\n", 3, 3, "above 0", "weight"),
        ("id: Big Name\nchecks:\n  - {name: a, scorer: s, weight: 1, why: w}\n", 1, 5, "no id", "a-z"),
        ("id: x\nid: y\n", 2, 1, "there twice", "Keep one"),
        ("id: x\nchecks: [\n", 3, 1, "", "indentation"),
        ("- a\n", 1, 1, "a mapping, not a list", "id:"),
        ("", 1, 1, "a mapping, not nothing", "id:"),
    ]

    @Test func everyFaultIsToldWithItsPlaceAndCure() throws {
        for fault in Self.faults {
            let found = try RubricObject.faults(fault.document)
            let first = try #require(found.first, "\(fault.document)")
            #expect(first["line"]?.int == fault.line && first["column"]?.int == fault.column, "\(first.text())")
            #expect(first["message"]?.string?.contains(fault.message) == true, "\(first.text())")
            #expect(first["hint"]?.string?.contains(fault.hint) == true, "\(first.text())")
            let refused = #expect(throws: RubricObject.Refused.self) {
                _ = try RubricObject("rubric_checks", "checks", document: fault.document)
            }
            #expect(refused?.failure.message.hasPrefix("line \(fault.line), column \(fault.column)") == true, "[RUB-1]")
        }
    }

    @Test func allFaultsAreToldInTheOrderOfTheText() throws {
        let found = try RubricObject.faults(
            "titel: x\nchecks:\n  - {name: 1, scorer: s, weight: x, why: \"\"}\n  - {}\n")
        let lines = found.compactMap { $0["line"]?.int }
        #expect(lines == lines.sorted() && found.count >= 7, "\(found)")
    }

    @Test func aliasBombCostsNothing() throws {
        var bomb = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            bomb += "b\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        #expect(try RubricObject.faults(bomb).first?["message"]?.string?.contains("liases") == true)
    }

    @Test func soundDocumentHasNoFaultsAndDescribesItself() throws {
        let text = Self.rubric("", "title: T\n")
        #expect(try RubricObject.faults(text).isEmpty, "[RUB-6]")
        let description = try RubricObject("rubric_checks", "checks", document: text).describe()
        #expect(description["id"] == "x" && description["title"] == "T")
        #expect(description["checks"]?[0]?["scorer"] == "includes" && description["checks"]?[0]?["line"]?.int == 5)
    }

    private static let both = rubric(
        """
          - name: b
            scorer: includes
            references: [no, 7]
            negate: true
            required: true
            weight: 1
            why: because

        """, "pass_at: 0.6\n")

    private func result(_ pass: Bool, _ reason: String = "") -> JSONValue {
        [
            "value": JSONValue(pass ? 1 : 0), "pass": .bool(pass), "explain": "so", "skipped": false,
            "reason": .string(reason.isEmpty ? (pass ? "ok" : "wrong") : reason),
        ]
    }

    @Test func planNamesItsScorersAndReferences() throws {
        let steps = try RubricObject("rubric_checks", "checks", document: Self.both).plan("x")
        #expect(steps[0]?["references"] == nil && steps[1]?["references"] == ["no", "7"])
        #expect(steps[0]?["weight"]?.double == 2)
    }

    @Test func totalIsTheWeightedMeanOfWhatApplies() throws {
        let rubric = try RubricObject("rubric_checks", "checks", document: Self.both)
        let half = try rubric.combine([result(false), result(false)])
        #expect(half["total"]?.double == 1.0 / 3 && half["pass"] == false)
        let all = try rubric.combine([result(true), result(false)])
        #expect(all["total"]?.double == 1 && all["pass"] == true)
        let gated = try rubric.combine([result(true), result(true)])
        #expect(gated["total"]?.double == 0 && gated["pass"] == false, "a required check failed")
        let empty = try rubric.combine([result(true), result(false, "no_answer")])
        #expect(empty["total"]?.double == 0, "an empty answer does not hold a check that is turned round")
        let skipped: JSONValue = ["skipped": true, "value": .null, "explain": "no reference"]
        #expect(try rubric.combine([skipped, result(false)])["total"]?.double == 1)
        let leftOut = try rubric.combine([result(true), skipped])
        #expect(leftOut["total"]?.isNull == true && leftOut["pass"] == nil, "a required check was left out")
        let none = try rubric.combine([skipped, skipped])
        #expect(none["total"]?.isNull == true && none["checks"]?[0]?["ok"]?.isNull == true)
        #expect(throws: RubricObject.Refused.self) { _ = try rubric.combine([]) }
    }

    @Test func thoughtsCostTimeInProportion() throws {
        let judge = "id: x\nchecks:\n  - {name: a, judge: '{{answer}}', weight: 1, why: w}\n"
        let rubric = try RubricObject("rubric_checks", "checks", document: judge)
        let text = String(repeating: "<think></think>", count: 20_000) + "{\"score\": 1}"
        #expect(try rubric.combine([["text": .string(text)]])["total"]?.double == 1)
    }

    @Test func knowsNothingElse() throws {
        let plugin = try BuiltPlugin("rubric_checks")
        #expect(plugin.table(ARENA_RUBRIC_1, "answered", as: arena_rubric_v1.self) == nil, "[ENTRY-5]")
        #expect(plugin.table(ARENA_SCORER_1, "answered", as: arena_scorer_v1.self) != nil, "[ENTRY-6]")
    }
}
