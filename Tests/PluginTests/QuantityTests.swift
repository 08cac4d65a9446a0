import ArenaJSON
import Testing

/// The compiled rubric `quantity`.
struct QuantityTests {
    static let answers: [(reference: String, output: String, unit: Bool?)] = [
        ("12 km", "It is 12 km.", true), ("12 km", "It is 12 kilometres long.", true), ("12 km", "It is 12 m.", false),
        ("12 km", "12", false), ("12 km", "12 kmh", false), ("12 km", "12 km/h", false),
        ("12 km", "5 km and 12", false),
        ("60 km/h", "60 km/h", true), ("1,250 g", "It weighs 1250 grams", true), ("37.5 °C", "37.5 °C", true),
        ("37.5 °C", "37.5°F", false), ("15%", "15 percent", true), ("$20", "It costs $20.", true),
        ("$20", "20 dollars", true), ("$20", "€20", false), ("5 kg", "$5\\,\\text{kg}$", true),
        ("-3 °C", "It is -3 °C.", true), ("2 mW", "2 MW", false), ("12", "12 km", nil), ("soon", "12 km", nil),
        ("12 km", "<think>12 km</think> 12 m", false), ("12 km", "12\u{A0}km", true), ("12 km", "", false),
    ]

    private func result(_ pass: Bool) -> JSONValue {
        [["value": JSONValue(pass ? 1 : 0), "pass": .bool(pass), "explain": "The \"value\".", "skipped": false]]
    }

    @Test func unitOfTheRightValueCounts() throws {
        let rubric = try RubricObject("quantity", "quantity")
        for answer in Self.answers {
            let score = try rubric.combine(result(true), answer.output, references: [answer.reference])
            #expect(score["checks"]?[1]?["ok"]?.bool == answer.unit, "\(answer)")
            #expect(score["total"]?.double == (answer.unit == false ? 0.75 : 1), "\(answer)")
            #expect(score["pass"]?.bool == (answer.unit != false), "\(answer)")
        }
    }

    @Test func wrongValueWithTheRightUnitDoesNotPass() throws {
        let rubric = try RubricObject("quantity", "quantity")
        let score = try rubric.combine(result(false), "13 km", references: ["12 km"])
        #expect(score["pass"] == false && score["total"]?.double == 0)
        #expect(score["checks"]?[0]?["why"] == "The \"value\".")
    }

    @Test func withoutAValueNothingApplies() throws {
        let rubric = try RubricObject("quantity", "quantity")
        let skipped: JSONValue = [["skipped": true, "value": .null]]
        #expect(try rubric.combine(skipped, "12 km", references: [])["total"]?.isNull == true)
    }

    @Test func planAsksForWhatItDescribes() throws {
        let rubric = try RubricObject("quantity", "quantity")
        let step = try rubric.plan("12 km")[0]
        let check = try rubric.describe()["checks"]?[0]
        #expect(step?["scorer"] == check?["scorer"] && step?["config"] == check?["config"], "[RUB-2]")
    }

    @Test func documentAndForeignResultsAreRefusedWithAReason() throws {
        let refused = #expect(throws: RubricObject.Refused.self) {
            _ = try RubricObject("quantity", "quantity", document: "id: x")
        }
        #expect(refused?.failure.message.hasPrefix("line 1, column 1") == true, "[RUB-1]")
        let rubric = try RubricObject("quantity", "quantity")
        for results: JSONValue in [[], [1, 2], "x", .null] {
            #expect(throws: RubricObject.Refused.self) { _ = try rubric.combine(results) }
        }
    }
}
