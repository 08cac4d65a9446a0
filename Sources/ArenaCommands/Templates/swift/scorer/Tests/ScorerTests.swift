import ArenaJSON
import ArenaPluginKit
import Plugin
import Testing

struct ScorerTests {
    private func value(_ output: String, _ reference: String, config: JSONValue = [:]) throws -> Double {
        try Scorer(config: config).score(ScoreItem(id: "1", input: "", output: output, references: [reference])).value
    }

    @Test func answerThatBeginsWithTheReferenceIsRight() throws {
        #expect(try value(" Paris, of course.", "paris") == 1)
        #expect(try value("It is Paris.", "Paris") == 0)
        #expect(try value("", "Paris") == 0)
    }

    @Test func caseMattersWhereItIsAskedFor() throws {
        #expect(try value("Paris", "paris", config: ["case_matters": true]) == 0)
    }
}
