import ArenaCore
import ArenaPluginABI
import ArenaTestSupport
import Testing

struct RubricTests {
    private static let library = Result { try PluginLibrary(path: try CompiledPlugin("rubrics.c").path) }

    private func rubric() throws -> Rubric {
        try Self.library.get().rubric("obey").load(document: [], in: CallContext())
    }

    private func batch(_ outputs: [String]) -> ScoreBatch {
        ScoreBatch(outputs.map { ScoreItem(itemID: $0, output: $0, references: ["yes"]) })
    }

    @Test func plansAndCombinesEachItem() throws {
        let rubric = try rubric()
        defer { rubric.destroy() }
        #expect(try rubric.describe(in: CallContext()).contains("exact_match"))
        let plans = try rubric.plan(batch(["yes", "plan nothing"]), in: CallContext())
        #expect(plans.count == 2 && plans[0] != plans[1])
        let scores = try rubric.combine(
            batch(["yes", "no"]), results: [#"[{"pass":true}]"#, #"[{"pass":false}]"#], in: CallContext())
        #expect(scores[0].contains(#""ok":true"#) && scores[1].contains(#""ok":false"#))
    }

    @Test func documentForACompiledRubricIsRefusedInThePluginsWords() throws {
        let failure = #expect(throws: CallFailure.self) {
            _ = try Self.library.get().rubric("obey").load(document: [1], in: CallContext())
        }
        #expect(failure?.code == "obey.document" && failure?.message.contains("line 1, column 1") == true)
    }

    @Test func planWithoutLimitIsStopped() throws {
        let rubric = try rubric()
        defer { rubric.destroy() }
        let failure = #expect(throws: CallFailure.self) { _ = try rubric.plan(batch(["plan huge"]), in: CallContext()) }
        #expect(failure?.status == .resourceExhausted)
    }

    @Test(arguments: ["plan silent", "plan bytes"])
    func brokenRuleIsAFaultOfThePlugin(act: String) throws {
        let rubric = try rubric()
        defer { rubric.destroy() }
        let failure = #expect(throws: CallFailure.self) { _ = try rubric.plan(batch([act]), in: CallContext()) }
        #expect(failure?.isPluginFault == true)
    }

    @Test func olderTableWithoutCheckIsUsed() throws {
        #expect(try Self.library.get().rubric("obey").check(document: [], in: CallContext()) == nil)
    }

    @Test func resultsForOtherItemsAreRefused() throws {
        let rubric = try rubric()
        defer { rubric.destroy() }
        #expect(throws: CallFailure.self) {
            _ = try rubric.combine(batch(["yes"]), results: [], in: CallContext())
        }
    }
}
