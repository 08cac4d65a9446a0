import ArenaJSON
import CArenaPlugin
import Testing

/// Small evaluations on a lane that answers n with 2n, or wrongly where it is told.
@Suite(.serialized) struct EvalRerunTests {
    static let payload = #"{"bench_id": "doubles", "lane_id": "fake"}"#

    /// A host with a bench of `count` items "double of n", numbered from 0.
    static func host(_ count: Int, wrong: Set<Int> = []) -> FakeHost {
        let host = FakeHost()
        host.bench = [
            "id": "doubles", "title": "Doubles", "scorer": "numeric_match",
            "scorer_config": ["relative_tolerance": 0], "max_tokens": 32, "sha256": "f00d", "n_items": JSONValue(count),
        ]
        host.items = (0..<count).map { number in
            [
                "item_id": .string("d-\(number)"), "input": .string("\(number)"),
                "references": [.string("\(number * 2)")], "meta": ["subject": "doubles"],
                "messages": [["role": "user", "content": .string("\(number)")]],
            ]
        }
        host.lane.reply = { .answer(answer(to: $0, wrong: wrong)) }
        return host
    }

    static func number(of request: JSONValue) -> Int {
        Int(request["request"]?["messages"]?[0]?["content"]?.string ?? "") ?? -1
    }

    static func answer(to request: JSONValue, wrong: Set<Int>) -> JSONValue {
        let number = number(of: request)
        let value = wrong.contains(number) ? -1 : number * 2
        return [
            "content": .string("The answer is \(value)."), "finish_reason": "stop", "model": "m",
            "usage": ["completion_tokens": 5], "latency_ms": 7,
        ]
    }

    @Test func scoresEveryItemAndKeepsWhatItSaw() throws {
        let host = Self.host(40, wrong: [3, 7])
        let outcome = try host.run("eval_rerun", Self.payload)
        let result = try #require(outcome.result, "\(outcome.call.failures)")
        #expect(result["eval_run_id"] == "er-0123456789abcdef")
        #expect(result["bench_id"] == "doubles")
        #expect(result["lane_id"] == "fake")
        #expect(result["model"] == "m")
        #expect(result["scorer"]?["plugin"] == "text")
        for (name, count) in [("n_items", 40), ("n_scored", 40), ("n_passed", 38), ("n_infrastructure", 0)] {
            #expect(result[name]?.int == count, "\(name)")
        }
        #expect(result["mean_normalized"]?.double == 0.95)
        #expect(result["reasons"] == ["ok": 38, "wrong": 2])
        #expect(result["ci95"]?[0]?.double ?? 1 < 0.95)
        let rows = host.store.rows("eval_score/1")
        #expect(Set(rows.map { $0["item_id"]?.string }).count == 40)
        let wrong = try #require(rows.first { $0["item_id"] == "d-3" })
        #expect(wrong["reason"] == "wrong")
        #expect(wrong["pass"] == false)
        #expect(wrong["output"] == "The answer is -1.")
        #expect(wrong["reference"] == "6")
        #expect(wrong["usage"]?["completion_tokens"]?.int == 5)
        #expect(wrong["finish_reason"] == "stop")
        #expect(wrong["explain"]?.string?.isEmpty == false)
        let run = try #require(host.store.rows("eval_run/1").first)
        #expect(run["id"] == result["eval_run_id"])
        #expect(run["bench_sha256"] == "f00d")
        #expect(run["sampling"]?.isEquivalent(to: ["temperature": 0, "seed": 1, "max_tokens": 32]) == true)
        #expect(run["started_at"]?.string?.hasPrefix("2026-") == true)
    }

    @Test func sendsWhatThePayloadAsksFor() throws {
        let host = Self.host(10)
        let outcome = try host.run(
            "eval_rerun",
            #"{"bench_id":"doubles","lane_id":"fake","limit":3,"repeat":2,"max_tokens":9,"temperature":0.5}"#)
        #expect(outcome.result?["n_items"]?.int == 3)
        #expect(outcome.result?["n_scored"]?.int == 6)
        #expect(host.lane.asked.count == 6)
        let request = try #require(host.lane.asked.last)
        #expect(request["lane"] == "fake")
        #expect(request["request"]?["max_tokens"]?.int == 9)
        #expect(request["request"]?["temperature"]?.double == 0.5)
        #expect(host.lane.asked.map { $0["request"]?["seed"]?.int } == [1, 2, 1, 2, 1, 2])
        #expect(Set(host.store.rows("eval_score/1").map { $0["repeat"]?.int }) == [0, 1])
    }

    @Test(arguments: [1, 4, 32])
    func keepsSoManyQuestionsInFlight(_ count: Int) throws {
        let host = Self.host(100)
        host.lane.answersNewestFirst = true
        let outcome = try host.run(
            "eval_rerun", #"{"bench_id":"doubles","lane_id":"fake","in_flight":\#(count)}"#)
        #expect(outcome.result?["n_scored"]?.int == 100)
        #expect(host.lane.mostOpen == count)
    }

    @Test func scoresInBatchesAndSealsSixteenAtATime() throws {
        let host = Self.host(100)
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.result != nil)
        #expect(host.scoring.batches.allSatisfy { $0 <= 16 })
        #expect(host.scoring.batches.count < 30)
        #expect(host.store.rowsOfCommits.dropLast().allSatisfy { $0 >= 1 })
        #expect(host.store.rowsOfCommits.count <= 20)
        #expect(outcome.call.progress.last?.done == 100)
        #expect(outcome.call.progress.last?.fields["n_scored"]?.int == 100)
    }

    @Test func readsABenchOfManyPages() throws {
        let host = Self.host(450)
        let outcome = try host.run("eval_rerun", #"{"bench_id":"doubles","lane_id":"fake","in_flight":64}"#)
        #expect(outcome.result?["n_passed"]?.int == 450)
    }

    @Test func takesAnotherScorerWithItsOwnConfig() throws {
        let host = Self.host(4)
        let outcome = try host.run(
            "eval_rerun",
            #"{"bench_id":"doubles","lane_id":"fake","scorer":"text/includes","scorer_config":{"whole_words":true}}"#)
        #expect(outcome.result?["scorer"]?["id"] == "includes")
        #expect(outcome.result?["n_passed"]?.int == 4)
    }

    @Test func leavesFailuresOfTheMachineryOutOfTheMean() throws {
        let host = Self.host(10, wrong: [0])
        host.lane.reply = { request in
            switch Self.number(of: request) {
            case 4: .failure(ARENA_NOT_FOUND, "There is no recording of this prompt.")
            case 5: .failure(ARENA_DEADLINE_EXCEEDED, "too slow")
            default: .answer(Self.answer(to: request, wrong: [0]))
            }
        }
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.result?["n_infrastructure"]?.int == 2)
        #expect(outcome.result?["n_scored"]?.int == 8)
        #expect(outcome.result?["mean_normalized"]?.double == 0.875)
        #expect(outcome.result?["reasons"] == ["infrastructure": 1, "ok": 7, "timeout": 1, "wrong": 1])
        let rows = host.store.rows("eval_score/1")
        let missing = try #require(rows.first { $0["item_id"] == "d-4" })
        #expect(missing["value"] == .null)
        #expect(missing["explain"] == "There is no recording of this prompt.")
        #expect(rows.first { $0["item_id"] == "d-5" }?["reason"] == "timeout")
    }

    @Test func countsAnItemWithoutReferenceAsSkipped() throws {
        let host = Self.host(3)
        host.items[1] = ["item_id": "none", "input": "", "references": [], "messages": host.items[1]["messages"] ?? []]
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.result?["n_skipped"]?.int == 1)
        #expect(outcome.result?["n_scored"]?.int == 2)
    }

    private static func asking(for reference: String, _ item: JSONValue) -> JSONValue {
        var members = item.object ?? [:]
        members["references"] = [.string(reference)]
        return .object(members)
    }

    @Test func doesNotBlameTheLaneForAReferenceThatTheScorerCannotJudge() throws {
        let host = Self.host(3)
        host.items[1] = Self.asking(for: "C", host.items[1])
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.result?["n_infrastructure"]?.int == 0)
        #expect(outcome.result?["n_skipped"]?.int == 1)
        #expect(outcome.result?["reasons"] == ["invalid_argument": 1, "ok": 2])
        let row = try #require(host.store.rows("eval_score/1").first { $0["item_id"] == "d-1" })
        #expect(row["value"] == .null)
    }

    @Test func saysWhyTheScorerCouldJudgeNothing() throws {
        let host = Self.host(3)
        host.items = host.items.map { Self.asking(for: "C", $0) }
        let outcome = try host.run("eval_rerun", Self.payload)
        let failure = try #require(outcome.call.failure)
        #expect(outcome.status == ARENA_FAILED_PRECONDITION)
        #expect(failure.code == "eval_rerun.nothing_judged")
        #expect(failure.message.contains("cannot judge 3 of 3 answers") && failure.message.contains("\"C\""))
        #expect(failure.detail["hint"]?.string?.contains("another scorer") == true)
    }

    @Test func endsWithAResultForAnEmptyBench() throws {
        let outcome = try Self.host(0).run("eval_rerun", Self.payload)
        #expect(outcome.result?["n_items"]?.int == 0)
        #expect(outcome.result?["mean_normalized"] == .null)
    }
}
