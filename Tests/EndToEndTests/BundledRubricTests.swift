import ArenaEvaluation
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Testing

/// The rubrics that come with Arena do not pass what only looks like an answer.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(2)))
struct BundledRubricTests {
    struct Answer: Sendable, CustomTestStringConvertible {
        let what: String
        let rubric: String
        let output: String
        var references: [String] = []
        let passes: Bool
        var testDescription: String { "\(rubric): \(what)" }
    }

    private static let opinion =
        "Claim 1 is invalid under 35 U.S.C. § 102: every element is anticipated by the earlier manual."

    static let answers = [
        Answer(
            what: "the article a is no letter", rubric: "mcq_letter", output: "This is a sentence.", references: ["A"],
            passes: false),
        Answer(
            what: "another letter than the right one", rubric: "mcq_letter", output: "B", references: ["A"],
            passes: false),
        Answer(
            what: "several letters", rubric: "mcq_letter", output: "It is either A or B", references: ["A"],
            passes: false),
        Answer(
            what: "the right letter", rubric: "mcq_letter", output: "The answer is B.", references: ["B"],
            passes: true),
        Answer(what: "a letter without a reference has no score", rubric: "mcq_letter", output: "B", passes: false),
        Answer(what: "I don't know", rubric: "generic-correctness", output: "I don't know.", passes: false),
        Answer(what: "punctuation only", rubric: "generic-correctness", output: "…?!", passes: false),
        Answer(what: "thoughts only", rubric: "generic-correctness", output: "<think>It is Paris", passes: false),
        Answer(
            what: "a wrong answer", rubric: "generic-correctness", output: "It is Lyon.", references: ["Paris"],
            passes: false),
        Answer(
            what: "a hedge that holds the reference", rubric: "generic-correctness",
            output: "I'm not sure, perhaps Paris.", references: ["Paris"], passes: false),
        Answer(
            what: "a right answer", rubric: "generic-correctness", output: "It is Paris.", references: ["Paris"],
            passes: true),
        Answer(
            what: "a denial", rubric: "generic-correctness", output: "It is not Paris", references: ["Paris"],
            passes: false),
        Answer(
            what: "anything but the reference", rubric: "generic-correctness", output: "Anything but Paris",
            references: ["Paris"], passes: false),
        Answer(
            what: "several guesses", rubric: "generic-correctness", output: "It could be Paris or London or Rome",
            references: ["Paris"], passes: false),
        Answer(
            what: "another one denied", rubric: "generic-correctness", output: "It is not Lyon but Paris.",
            references: ["Paris"], passes: true),
        Answer(
            what: "a doubted letter", rubric: "mcq_letter", output: "I doubt that it is A", references: ["A"],
            passes: false),
        Answer(
            what: "nobody's position", rubric: "patent_claim_validity",
            output: """
                Nobody could say whether the claim is invalid; anticipation under 35 U.S.C. 102 is one possible ground.
                """, passes: false),
        Answer(
            what: "a denied position", rubric: "patent_claim_validity",
            output: "It is not true that claim 1 is invalid for obviousness under 35 U.S.C. 103.",
            references: ["invalid"], passes: false),
        Answer(what: "an answer without a reference", rubric: "generic-correctness", output: "42", passes: true),
        Answer(
            what: "a term of patent law alone", rubric: "patent_claim_validity", output: "Obviousness.", passes: false),
        Answer(
            what: "the statute alone", rubric: "patent_claim_validity", output: "See 35 U.S.C. § 103.", passes: false),
        Answer(
            what: "a refusal that names a term", rubric: "patent_claim_validity",
            output: "I cannot assess whether the claim is obvious under § 103.", passes: false),
        Answer(
            what: "the question repeated", rubric: "patent_claim_validity",
            output: "Is claim 1 anticipated, or does it fail for obviousness or written description under § 112?",
            passes: false),
        Answer(
            what: "all terms without a position", rubric: "patent_claim_validity",
            output: "anticipation, obviousness, written description, enablement, § 102, § 103, § 112, claim",
            passes: false),
        Answer(
            what: "the wrong outcome", rubric: "patent_claim_validity", output: opinion, references: ["is valid"],
            passes: false),
        Answer(what: "an opinion", rubric: "patent_claim_validity", output: opinion, passes: true),
    ]

    @Test func theySayWhatTheReferenceWronglyPasses() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            for answer in Self.answers {
                let score = try await house.score(answer.output, answer.rubric, references: answer.references)
                #expect(score.isPass == answer.passes, "\(answer.testDescription): \(score.json.text())")
                if let total = score.total { #expect((0...1).contains(total), "\(answer.what)") }
            }
        }
    }

    @Test func everyCheckHasAWeightAndAReason() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let list = await house.runtime.rubrics.list().filter { $0["plugin"] == "arena-rubrics" }
            let ids = list.compactMap { $0["id"]?.string }
            #expect(ids == ["generic-correctness", "mcq_letter", "patent_claim_validity"])
            for rubric in list {
                #expect(rubric["state"] == "ready", "\(rubric["reason"]?.string ?? "")")
                for check in rubric["checks"]?.array ?? [] {
                    let weight = check["weight"]?.double ?? 0
                    let why = check["why"]?.string ?? ""
                    #expect(weight > 0)
                    #expect(why.count > 20)
                }
            }
        }
    }

    @Test func refusalFailsOnlyWhatItMust() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let score = try await house.score("I don't know.", "generic-correctness")
            #expect(score.checks.map { $0["ok"]?.bool } == [true, false, nil, nil])
            #expect(score.total == 0.5)
            #expect(score.checks[2]["why"]?.string?.hasPrefix("left out") == true)
        }
    }
}
