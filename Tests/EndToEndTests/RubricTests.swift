import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaJobs
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Synchronization
import Testing

/// Rubrics from a file to a score.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(3)))
struct RubricTests {
    private static let judged = """
        id: judged
        checks:
          - name: says yes
            scorer: includes
            references: ["yes"]
            weight: 1
            why: It was asked for.
          - name: reasons
            judge: "Is this good? {{answer}}"
            scale: 5
            weight: 3
            why: A judge sees more.
        """

    private static func rubric(_ id: String, scorer: String = "includes", weight: String = "1") -> String {
        "id: \(id)\nchecks:\n  - name: a\n    scorer: \(scorer)\n    weight: \(weight)\n    why: because\n"
    }

    @Test func operatorRubricsAreSeenWhenTheyComeChangeAndGo() async throws {
        try await TestHouse.withHouse { house in
            let registry = house.runtime.registry
            try await registry.watch()
            await registry.refresh()
            try house.write(rubric: Self.judged, to: "judged.yaml")
            try await until(registry) { $0.hasRubric("judged") }
            #expect(try await house.runtime.rubrics.rubric("judged").checks.count == 2)
            let first = await registry.snapshot.plugin("operator-rubrics")?.sha256

            try house.write(rubric: Self.rubric("judged"), to: "judged.yaml")
            try await until(registry) {
                guard let sha256 = $0.plugin("operator-rubrics")?.sha256 else { return false }
                return sha256 != first && $0.hasRubric("judged")
            }
            #expect(try await house.runtime.rubrics.rubric("operator-rubrics/judged").checks.count == 1)

            try FileManager.default.removeItem(atPath: house.home + "/rubrics/judged.yaml")
            try await until(registry) { !$0.hasRubric("judged") }
        }
    }

    private func until(
        _ registry: PluginRegistry, _ condition: (RegistrySnapshot) -> Bool
    ) async throws {
        for await snapshot in await registry.changes() where condition(snapshot) { return }
    }

    @Test func aFileThatAnyoneMayChangeIsNotRead() async throws {
        try await TestHouse.withHouse { house in
            try house.write(rubric: Self.judged, to: "judged.yaml")
            chmod(house.home + "/rubrics/judged.yaml", 0o666)
            await house.runtime.registry.refresh()
            let status = await house.runtime.registry.snapshot.plugins.first {
                $0.location.directory.holdsRubrics && !$0.location.isFirstParty
            }
            #expect(status?.failure?.code == "plugin.unsafe_permissions")
        }
    }

    @Test func judgeIsAskedThroughALaneAndLeftOutWithoutOne() async throws {
        try await TestHouse.withHouse { house in
            try house.write(rubric: Self.judged, to: "judged.yaml")
            try await house.settle(rubric: "judged")
            let without = try await house.score("yes", "judged")
            #expect(without.total == 1 && without.checks[1]["ok"]?.bool == nil)
            #expect(without.checks[1]["why"]?.string?.contains("judge_lane") == true)

            let seen = Mutex<[String]>([])
            let lane = StubLane { request in
                let prompt = request["request"]?["messages"]?[1]?["content"]?.string ?? ""
                seen.withLock { $0.append(prompt) }
                return "```json\n{\"score\": 2.5, \"rationale\": \"half\"}\n```"
            }
            let judge = try await RubricJudge(lane: "j", lanes: lane)
            let with = try await house.score("yes {{question}}", "judged", judge: judge)
            #expect(with.total == 0.625)
            #expect(seen.withLock { $0.first }?.contains("yes {{question}}") == true, "an answer fills no place")
            #expect(with.checks[1]["why"]?.string == "half")

            for reply in ["good!", "{\"score\": 9}", "{\"score\": \"5\"}", ""] {
                let judge = try await RubricJudge(lane: "j", lanes: StubLane { _ in reply })
                let score = try await house.score("yes", "judged", judge: judge)
                #expect(score.checks[1]["ok"]?.bool == nil, "\(reply)")
            }
            let dead = try await RubricJudge(
                lane: "j",
                lanes: StubLane { _ in throw Failure(code: "x", category: .unavailable, message: "It is gone.") })
            let score = try await house.score("yes", "judged", judge: dead)
            #expect(score.checks[1]["why"]?.string?.contains("It is gone.") == true)
        }
    }

    private func evaluate(_ house: TestHouse, _ payload: JSONObject) async throws -> JobRecord {
        var payload = payload
        payload["bench_id"] = "general-choice"
        payload["lane_id"] = "replay"
        payload["limit"] = 12
        let job = try await house.runtime.jobs.enqueue(
            JobRequest(kind: "eval_rerun", payload: .object(payload), trigger: "test", maxAttempts: 1)
        ).job
        return try await house.runtime.makeDispatcher().runUntilFinished(job.id)
    }

    @Test func evaluationWithARubricKeepsTheChecksOfEachItem() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let job = try await evaluate(house, ["rubric_id": "mcq_letter"])
            #expect(job.status == .done, "\(job.failure?.message ?? "")")
            let run = try #require(job.result?["eval_run_id"]?.string)
            #expect(job.result?["scorer"]?["id"] == "rubric:mcq_letter")
            let scores = try await house.runtime.store.evalScores(ofRun: run)
            #expect(scores.count == 12)
            for score in scores {
                #expect(score.extra?["checks"]?[0]?["ok"]?.bool == score.pass)
                #expect(score.value == (score.pass == true ? 1 : 0))
            }

            let plain = try await evaluate(house, [:])
            #expect(
                plain.result?["mean_normalized"] == job.result?["mean_normalized"], "the bench scores by letter too")
            let beside = try await evaluate(house, ["rubric_id": "generic-correctness", "scorer": "mcq_letter"])
            #expect(beside.result?["mean_normalized"] == job.result?["mean_normalized"])
            #expect(beside.result?["rubric"]?["id"] == "rubric:generic-correctness")
            let both = try await house.runtime.store.evalScores(
                ofRun: try #require(beside.result?["eval_run_id"]?.string))
            #expect(both.allSatisfy { $0.extra?["checks"]?.array?.count == 4 })
            #expect(both.allSatisfy { $0.extra?["rubric_total"] != nil })
        }
    }

    @Test func unknownScorerIsToldBeforeTheFirstItem() async throws {
        try await TestHouse.withHouse { house in
            try house.write(rubric: Self.rubric("lost", scorer: "no_such_scorer"), to: "lost.yaml")
            try await house.settle(rubric: "lost")
            let job = try await evaluate(house, ["rubric_id": "lost"])
            #expect(job.status == .failed && job.failure?.code == "rubric.unknown_scorer")
            #expect(job.failure?.message.contains("/rubrics/lost.yaml, line 4, column 13") == true)
            #expect(job.failure?.hint?.contains("exact_match") == true)
            #expect(try await house.runtime.store.evalScores(ofRun: "er-\(job.id)").isEmpty)
        }
    }

    @Test func fileUnderAnotherNameAndAReaderAreNoRubrics() async throws {
        try await TestHouse.withHouse { house in
            try house.write(rubric: Self.rubric("one"), to: "two.yaml")
            try await house.settle(rubric: "two")
            let error = await #expect(throws: RubricError.self) { _ = try await house.runtime.rubrics.rubric("two") }
            #expect(error?.code == "rubric.id_mismatch" && error?.hint?.contains("id: two") == true)
            let reader = await #expect(throws: RubricError.self) {
                _ = try await house.runtime.rubrics.rubric("rubric-checks/checks")
            }
            #expect(reader?.code == "rubric.is_reader")
        }
    }

    @Test func checkOfAFileNamesEveryFault() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            let rubrics = house.runtime.rubrics
            func faults(_ text: String, _ name: String = "x.yaml") async throws -> [RubricFileFault] {
                try await rubrics.check(Array(text.utf8), name: name)
            }
            #expect(try await faults(Self.rubric("x")).isEmpty)
            let lost = try await faults(Self.rubric("y", scorer: "nowhere"))
            #expect(lost.count == 2 && lost[1].line == 4 && lost[1].column == 13)
            let huge = try await rubrics.check(Array(repeating: UInt8(ascii: "#"), count: 300 << 10), name: "x.yaml")
            #expect(huge.count == 1 && huge[0].message.contains("more than 256 KiB"))
            await #expect(throws: RubricError.self) { _ = try await faults("", "x.toml") }
        }
    }
}

extension RegistrySnapshot {
    func hasRubric(_ id: String) -> Bool {
        ready.contains { $0.manifest.provides.contains { $0.interface == .rubric && $0.id == id } }
    }
}
