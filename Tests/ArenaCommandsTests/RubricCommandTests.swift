import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// `arena score rubric:ID`, and what is said of rubrics that cannot be used.
@Suite(.startsProcesses)
struct RubricCommandTests {
    private static let faulty =
        "id: faulty\nchecks:\n  - name: a\n    scorer: includes\n    weight: heavy\n    why: w\n"
    private static let lost = "id: lost\nchecks:\n  - name: a\n    scorer: no_such\n    weight: 1\n    why: w\n"
    private static let own = """
        id: own
        checks:
          - name: says yes
            scorer: includes
            references: ["yes"]
            weight: 3
            why: It was asked for.
          - name: is short
            scorer: exact_match
            weight: 1
            why: Nothing else was wanted.
        """

    private func home(_ rubrics: [String: String]) throws -> Home {
        let home = try Home()
        try FileManager.default.createDirectory(
            atPath: home.path + "/rubrics", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (name, text) in rubrics {
            let file = try home.write(text, to: "rubrics/\(name).yaml")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        }
        return home
    }

    @Test func scoresWithTheChecksOfARubric() async throws {
        let home = try home(["own": Self.own])
        let file = try home.write(
            """
            {"item_id":"both","output":"yes","reference":"yes"}
            {"output":"yes, of course","reference":"yes"}
            {"item_id":"none","output":"no","reference":"yes","input":"?","meta":{"k":1}}
            """, to: "items.jsonl")
        let outcome = try await home.run("score", "rubric:own", "--items", file)
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.lines.map { $0["item_id"] } == ["both", "2", "none"])
        #expect(outcome.lines.map { $0["value"]?.double } == [1, 0.75, 0])
        #expect(outcome.lines.map { $0["pass"] } == [true, false, false])
        let checks = try #require(outcome.lines[1]["checks"]?.array)
        #expect(checks.map { $0["name"] } == ["says yes", "is short"])
        #expect(checks.map { $0["weight"]?.double } == [3, 1])
        #expect(checks.map { $0["ok"] } == [true, false])
        #expect(outcome.lines[1]["explain"]?.string?.hasPrefix("is short: ") == true)
        #expect(outcome.lines[0]["explain"] == "" && outcome.lines[0]["reason"] == "ok")
    }

    @Test func anItemThatARubricDoesNotApplyToIsSkipped() async throws {
        let home = try Home()
        let file = try home.write(#"{"output":"B"}"#, to: "items.jsonl")
        let line = try #require(try await home.run("score", "rubric:mcq_letter", "--items", file).lines.first)
        #expect(line["skipped"] == true && line["reason"] == "skipped" && line["value"] == .null)
    }

    @Test func aScorerBesideTheRubricGivesTheValue() async throws {
        let home = try home(["own": Self.own])
        let file = try home.write(#"{"output":"yes, B","reference":"B"}"#, to: "items.jsonl")
        let outcome = try await home.run(
            "score", "rubric:own", "--items", file, "--config", #"{"scorer":"includes"}"#)
        let line = try #require(outcome.lines.first, "\(outcome.notes)")
        #expect(line["value"]?.double == 1 && line["rubric_total"]?.double == 0.75 && line["checks"]?.array?.count == 2)
    }

    @Test(arguments: [
        ("nothing", "{}", 66, "There is no rubric \"nothing\"", "mcq_letter"),
        ("mcq_letter", #"{"juge":"x"}"#, 64, "there is no member `juge`", "judge_lane"),
        ("mcq_letter", #"{"scorer":7}"#, 64, "`scorer` must be text", "judge_lane"),
        ("mcq_letter", #"{"scorer":"nope"}"#, 66, "no scorer \"nope\"", "exact_match"),
        ("faulty", "{}", 64, "faulty.yaml, line 5, column 13: ", "weight"),
        ("lost", "{}", 78, "lost.yaml, line 4, column 13: ", "exact_match"),
    ])
    func saysWhyARubricCannotScore(id: String, config: String, status: Int32, why: String, hint: String) async throws {
        let home = try home(["faulty": Self.faulty, "lost": Self.lost])
        let file = try home.write(#"{"output":"A","reference":"A"}"#, to: "items.jsonl")
        let outcome = try await home.run("score", "rubric:\(id)", "--items", file, "--config", config, "--json")
        #expect(outcome.status == status, "\(outcome.answer)")
        #expect(outcome.lines.count == 1, "nothing is scored before the error")
        let error = try #require(outcome.lines.first?["error"])
        #expect(error["message"]?.string?.contains(why) == true, "\(error.text())")
        #expect(error.text().contains(hint), "\(error.text())")
    }

    @Test func aRubricOfALinesOwnConfigurationIsNamedByItsLine() async throws {
        let home = try Home()
        let file = try home.write(
            "{\"output\":\"A\",\"reference\":\"A\"}\n{\"output\":\"A\",\"config\":{\"scorer\":\"nope\"}}\n",
            to: "items.jsonl")
        let outcome = try await home.run("score", "rubric:mcq_letter", "--items", file, "--json")
        #expect(outcome.lines.count == 1)
        #expect(outcome.lines.first?["error"]?["message"]?.string?.hasPrefix("\(file):2 (item 2): ") == true)
    }

    @Test func checkingMakesTheScorersToo() async throws {
        let home = try home([
            "other":
                "id: mine\nchecks:\n  - name: a\n    scorer: regex\n    config: {pattern: \"(\"}\n    weight: 1\n    why: w\n"
        ])
        let outcome = try await home.run("rubric", "check", home.path + "/rubrics/other.yaml", "--json")
        #expect(outcome.status == 64)
        let faults = outcome.document["faults"]?.array ?? []
        #expect(faults.map { $0["line"] } == [1, 4] && faults.first?["column"] == 5, "\(outcome.answer)")
        #expect(faults.last?["message"]?.string?.contains("missing closing parenthesis") == true)
    }

    @Test func allFaultsAreToldAtOnce() async throws {
        let home = try home([
            "other": """
            id: mine
            checks:
              - {name: a, scorer: nope, weight: heavy, why: w}
              - {name: b, scorer: includes, config: {whole: 1}, weight: 1, why: w}
              - {name: c, judge: "{{answer}} {{answr}}", scale: 0, weight: 1, why: w}
            """
        ])
        let outcome = try await home.run("rubric", "check", home.path + "/rubrics/other.yaml", "--json")
        let faults = outcome.document["faults"]?.array ?? []
        #expect(faults.map { $0["line"] } == [1, 3, 3, 4, 5, 5], "\(outcome.answer)")
    }

    @Test func aStrayLinkIsOneBrokenRubric() async throws {
        let home = try home(["own": Self.own])
        try FileManager.default.createSymbolicLink(
            atPath: home.path + "/rubrics/ln.yaml", withDestinationPath: "/etc/passwd")
        let list = try await home.run("rubric", "list", "--json").document.array ?? []
        let mine = list.filter { $0["plugin"] == "operator-rubrics" }
        #expect(mine.map { $0["id"] } == ["own", "ln"] && mine.map { $0["state"] } == ["ready", "broken"], "\(mine)")
        #expect(mine.last?["reason"]?.string?.contains("leads out") == true)
        let info = try await home.run("plugin", "info", "operator-rubrics", "--json").document
        #expect(info["state"] == "ready" && info["faults"]?.array?.count == 1)
    }

    // MARK: What is said of faulty ones elsewhere

    @Test func aFaultyDocumentIsBrokenWhereverItIsListed() async throws {
        let home = try home(["faulty": Self.faulty, "lost": Self.lost, "own": Self.own])
        let list = try await home.run("plugin", "list", "--json").document.array ?? []
        let mine = list.filter { $0["plugin"] == "operator-rubrics" }
        #expect(mine.map { $0["state"] } == ["broken", "broken", "ready"], "\(mine)")
        let fault = try #require(mine[0]["faults"]?[0])
        #expect(fault["file"]?.string == "\(home.path)/rubrics/faulty.yaml")
        #expect(fault["line"] == 5 && fault["column"] == 13 && fault["hint"]?.string?.isEmpty == false)
        #expect(mine[1]["faults"]?[0]?["line"] == 4 && mine[1]["code"] == "rubric.unknown_scorer")
        let rubrics = try await home.run("rubric", "list", "--json").document.array ?? []
        for entry in mine {
            let rubric = try #require(rubrics.first { $0["id"] == entry["id"] })
            #expect(rubric["state"] == entry["state"] && rubric["reason"] == entry["reason"], "both say the same")
        }

        let info = try await home.run("plugin", "info", "operator-rubrics", "--json").document
        #expect(info["state"] == "ready" && info["faults"]?.array?.count == 2, "one of its rubrics is good")
        let text = try await home.run("plugin", "info", "operator-rubrics").answer
        #expect(text.contains("rubrics/faulty.yaml:5:13: ") && text.contains("rubrics/lost.yaml:4:13: "))
        let doctor = try await home.run("doctor", "--json").document.array ?? []
        let found = doctor.filter { $0["ok"] == false }.compactMap { $0["id"]?.string }
        #expect(found.contains("rubric operator-rubrics/faulty") && found.contains("rubric operator-rubrics/lost"))
    }

    @Test func aPluginOfNothingButFaultyRubricsIsBroken() async throws {
        let home = try home(["faulty": Self.faulty])
        let info = try await home.run("plugin", "info", "operator-rubrics", "--json").document
        #expect(info["state"] == "broken" && info["hint"]?.string?.isEmpty == false)
        #expect(info["reason"]?.string?.contains("rubrics/faulty.yaml, line 5, column 13: ") == true)
    }
}
