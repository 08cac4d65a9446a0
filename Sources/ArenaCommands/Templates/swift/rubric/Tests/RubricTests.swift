import ArenaJSON
import ArenaPluginKit
import Plugin
import Testing

struct RubricTests {
    private let rubric: Rubric
    private let item = ScoreItem(id: "1", input: "", output: "Paris, of course.", references: ["Paris"])

    init() throws { rubric = try Rubric(document: []) }

    @Test func asksForTheChecksThatItDescribes() throws {
        let planned = rubric.plan(item).array?.compactMap { $0["name"] }
        #expect(planned == ["right", "exact"])
        #expect(rubric.description["checks"]?.array?.compactMap { $0["name"] } == planned)
    }

    @Test func weighsWhatTheScorersSay() throws {
        let score = try rubric.combine(item, results: [["value": 1], ["value": 0, "explain": "It is longer."]])
        #expect(score["total"] == 0.75)
        #expect(score["checks"]?.array?.compactMap { $0["ok"] } == [true, false])
    }

    @Test func leavesOutWhatDoesNotApply() throws {
        #expect(try rubric.combine(item, results: [["value": 1], ["skipped": true]])["total"]?.double == 1)
        #expect(try rubric.combine(item, results: [["skipped": true], ["skipped": true]])["total"] == .some(.null))
    }

    @Test func readsNoDocument() {
        #expect(throws: PluginError.self) { try Rubric(document: [1]) }
        #expect(Rubric.faults(in: [1]).count == 1)
    }
}
