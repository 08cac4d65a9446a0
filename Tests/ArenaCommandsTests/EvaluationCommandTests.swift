import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// Evaluations, what is shown of them, and what is exported.
@Suite(.startsProcesses)
struct EvaluationCommandTests {
    @Test func namesTheOptionThatAJudgeNeeds() async throws {
        let outcome = try await Home().run("eval", "arithmetic-words", "--judge", "replay")
        #expect(outcome.status == 64)
        #expect(outcome.notes.contains("--rubric") && !outcome.notes.contains("rubric_id"))
        #expect(!outcome.notes.contains(".."))
    }

    @Test func notesAJudgeThatNobodyAsks() async throws {
        let outcome = try await Home().run(
            "eval", "general-choice", "--limit", "2", "--rubric", "mcq_letter", "--judge", "replay")
        #expect(outcome.notes.contains("note: the rubric mcq_letter asks no judge"), "\(outcome.notes)")
    }

    @Test(arguments: [["--scorer", "numeric_match"], ["--rubric", "quantity"]])
    func saysWhyNoAnswerCouldBeJudged(choice: [String]) async throws {
        let home = try Home()
        let outcome = try await home.run(
            "eval", "general-choice", "--limit", "3", choice[0], choice[1])
        #expect(outcome.status == 78)
        #expect(outcome.notes.contains("cannot judge 3 of 3 answers"), "\(outcome.notes)")
        #expect(outcome.notes.contains("is not a number") && outcome.notes.contains("hint: Take another"))
    }

    @Test func resultsShowTheIntervalOfTheEvaluation() async throws {
        let home = try Home()
        let made = try await home.run("eval", "general-choice", "--limit", "3", "--json").document
        let interval = try #require(made["result"]?["ci95"])
        #expect(interval[0] != interval[1])
        #expect(try await home.run("results", "--json").document[0]?["ci95"] == interval)
        let run = try #require(made["result"]?["eval_run_id"]?.string)
        #expect(try await home.run("results", run, "--json").document["ci95"] == interval)
    }

    @Test func anExportOfNothingReplacesNoRows() async throws {
        let home = try Home()
        _ = try await home.run("eval", "general-choice", "--limit", "1")
        let out = home.path + "/out"
        #expect(try await home.run("export", "csv", "--out", out).status == 0)
        let unknown = try await home.run("export", "csv", "--bench", "nope", "--out", out, "--force")
        #expect(unknown.status == 66)
        #expect(unknown.notes.contains("\"nope\"") && unknown.notes.contains("general-choice"))
        #expect(try await home.run("export", "csv", "--lane", "nope", "--out", out, "--force").status == 66)
        let empty = ["export", "csv", "--bench", "arithmetic-words", "--out"]
        let refused = try await home.run(empty[0], empty[1], empty[2], empty[3], empty[4], out, "--force")
        #expect(refused.status == 73, "\(refused.notes)")
        #expect(refused.notes.contains("hint: "))
        #expect(try String(contentsOfFile: out + "/eval_runs.csv", encoding: .utf8).contains("general-choice"))
        let fresh = try await home.run(empty[0], empty[1], empty[2], empty[3], empty[4], out + "2")
        #expect(fresh.status == 0 && fresh.notes.contains("note: no rows"))
    }
}
