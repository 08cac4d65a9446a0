import ArenaJSON
import ArenaPluginKit
import Plugin
import Testing

struct AggregateTests {
    private let item = ScoreItem(id: "1", input: "", output: "", references: [])

    @Test func isTheShareOfFullScores() throws {
        var run = try Aggregate(config: [:])
        var skipped = Score(1, .ok)
        skipped.isSkipped = true
        for score in [Score(1, .ok), Score(0.5, .wrong), skipped] { run.add(item, score) }
        #expect(run.finish() == ["value": 0.5, "n": 2])
    }

    @Test func isNoughtOfNothing() throws {
        let result = try Aggregate(config: [:]).finish()
        #expect(result["value"]?.double == 0 && result["n"] == 0)
    }
}
