import ArenaJSON
import CArenaPlugin
import Testing

extension EvalRerunTests {
    @Test(arguments: [
        (FakeLane.Reply.failure(ARENA_UNAVAILABLE, "connection refused"), "connection refused"),
        (.failure(ARENA_DEADLINE_EXCEEDED, "no answer"), "no answer"),
        (.failure(ARENA_INTERNAL, "crashed"), "crashed"), (.answer(["ok": false, "reason": "no model"]), "no model"),
    ])
    func endsBeforeTheFirstItemWhenTheLaneIsUnreachable(_ health: FakeLane.Reply, _ reason: String) throws {
        let host = Self.host(5)
        host.lane.health = health
        let outcome = try host.run("eval_rerun", Self.payload)
        let failure = try #require(outcome.call.failure)
        #expect(outcome.status == ARENA_UNAVAILABLE)
        #expect(failure.code == "lane.unreachable")
        #expect(failure.detail["retry"] == false)
        #expect(failure.message.contains("fake") && failure.message.contains(reason))
        #expect(host.lane.asked.isEmpty)
        #expect(host.store.commits.isEmpty)
    }

    @Test func leavesTheWordsForAnUnknownBenchToTheHostThatKnowsWhichThereAre() throws {
        let host = Self.host(5)
        host.bench = nil
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.status == ARENA_NOT_FOUND)
        #expect(outcome.call.failure == nil)
    }

    @Test func tellsAnUnknownLaneFromAnUnknownScorer() throws {
        let lane = Self.host(5)
        lane.lane.health = .failure(ARENA_NOT_FOUND, "no lane")
        let late = Self.host(5)
        let early = Self.host(5)
        early.scoring.refusesAtOnce = true
        let scorer = #"{"bench_id":"doubles","lane_id":"fake","scorer":"taste"}"#
        let expected = [
            (lane, Self.payload, "lane.unknown"), (late, scorer, "eval_rerun.unknown_scorer"),
            (early, scorer, "eval_rerun.unknown_scorer"),
        ]
        for (host, payload, code) in expected {
            let outcome = try host.run("eval_rerun", payload)
            #expect(outcome.status == ARENA_NOT_FOUND)
            #expect(outcome.call.failure?.code == code)
            #expect(outcome.call.failure?.detail["retry"] == false)
            #expect(outcome.call.failure?.detail["hint"]?.string?.isEmpty == false)
        }
    }

    @Test func goesOnFromTheLastCommitAfterTheLaneWasLost() throws {
        let host = Self.host(60)
        host.lane.reply = { request in
            Self.number(of: request) < 30
                ? .answer(Self.answer(to: request, wrong: [])) : .failure(ARENA_UNAVAILABLE, "gone")
        }
        let first = try host.run("eval_rerun", Self.payload)
        #expect(first.status == ARENA_UNAVAILABLE)
        #expect(first.call.failure?.code == "lane.lost")
        #expect(first.call.failure?.detail["retry"] == nil, "the status alone says that it is tried again")
        #expect(host.store.rows("eval_score/1").count == 30, "what was answered is sealed")

        let asked = host.lane.asked.count
        host.lane.health = .failure(ARENA_UNAVAILABLE, "still gone")
        let second = try host.run("eval_rerun", Self.payload, attempt: 2)
        #expect(second.call.failure?.code == "lane.lost")
        #expect(second.call.failure?.detail["retry"] == nil)

        host.lane.health = .answer(["ok": true])
        host.lane.reply = { .answer(Self.answer(to: $0, wrong: [])) }
        let third = try host.run("eval_rerun", Self.payload, attempt: 3)
        #expect(third.result?["n_scored"]?.int == 60)
        let again = host.lane.asked.dropFirst(asked).map(Self.number(of:))
        #expect(again == Array(30..<60), "no finished item is asked again")
    }

    @Test func doesNotTryAgainWhenTheLaneRefuses() throws {
        let host = Self.host(5)
        host.lane.reply = { _ in .failure(ARENA_UNAUTHENTICATED, "bad key") }
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.status == ARENA_UNAUTHENTICATED)
        #expect(outcome.call.failure?.code == "lane.refused")
        #expect(outcome.call.failure?.detail["retry"] == false)
    }

    @Test func failsWhenNothingCouldBeScored() throws {
        let host = Self.host(20)
        host.lane.reply = { _ in .failure(ARENA_NOT_FOUND, "There is no recording of this prompt.") }
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.status == ARENA_FAILED_PRECONDITION)
        #expect(outcome.call.failure?.code == "eval_rerun.nothing_scored")
        #expect(outcome.call.failure?.message.contains("no recording") == true)
    }

    @Test func doesNotGoOnWithAnotherBench() throws {
        let host = Self.host(40)
        host.diesAtServiceCall = 120
        _ = try host.run("eval_rerun", Self.payload)
        try #require(!host.store.commits.isEmpty)
        host.diesAtServiceCall = .max
        host.bench = ["id": "doubles", "scorer": "numeric_match", "sha256": "other", "n_items": 40]
        let outcome = try host.run("eval_rerun", Self.payload, attempt: 2)
        #expect(outcome.call.failure?.code == "eval_rerun.bench_changed")
    }

    @Test func endsWhenItIsCancelledWhileTheLaneIsSilent() throws {
        let host = Self.host(5)
        host.lane.reply = { _ in .silence }
        let outcome = try host.run("eval_rerun", Self.payload, cancelledAtPoll: 50)
        #expect(outcome.status == ARENA_CANCELLED)
        #expect(host.store.records.isEmpty)
    }

    @Test(arguments: ["arena.job/1", "arena.lanes/1", "arena.scoring/1", "arena.views/1", "arena.clock/1"])
    func saysWhichServiceIsMissing(_ service: String) throws {
        let host = Self.host(5)
        host.withheld = [service]
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.status == ARENA_FAILED_PRECONDITION)
        #expect(outcome.call.failure?.code == "plugin.service_missing")
        #expect(outcome.call.failure?.message.contains(service) == true)
    }

    /// Killed at any service call and run again, the job leaves the same records and gives the same result, and asks no
    /// question again that was sealed.
    @Test(arguments: [1, 2]) func givesTheSameWhereverItIsKilled(_ repeats: Int) throws {
        let payload = #"{"bench_id":"doubles","lane_id":"fake","in_flight":5,"repeat":\#(repeats)}"#
        let whole = Self.host(40, wrong: [1, 30])
        whole.lane.answersNewestFirst = true
        let expected = try #require(try whole.run("eval_rerun", payload).result)
        let calls = whole.serviceCalls
        try #require(calls > 100)
        for death in stride(from: 1, through: calls, by: 3) {
            let host = Self.host(40, wrong: [1, 30])
            host.lane.answersNewestFirst = true
            host.diesAtServiceCall = death
            let first = try host.run("eval_rerun", payload)
            #expect(first.status == ARENA_CANCELLED)
            let sealed = Set(host.store.rows("eval_score/1").map(Self.place))
            let asked = host.lane.asked.count
            host.diesAtServiceCall = .max
            let second = try #require(try host.run("eval_rerun", payload, attempt: 2).result, "killed at \(death)")
            for name in expected.object?.keys ?? [] where name != "duration_ms" {
                #expect(second[name] == expected[name], "\(name), killed at \(death)")
            }
            let again = host.lane.asked.dropFirst(asked).map { request in
                "d-\(Self.number(of: request)).\((request["request"]?["seed"]?.int ?? 0) - 1)"
            }
            #expect(sealed.isDisjoint(with: again), "killed at \(death)")
            #expect(host.store.rows("eval_score/1") == whole.store.rows("eval_score/1"), "killed at \(death)")
        }
    }

    private static func place(_ row: JSONValue) -> String {
        "\(row["item_id"]?.string ?? "").\(row["repeat"]?.int ?? -1)"
    }

    @Test func reliesOnTheStoreForTheSecondOfTwoAttempts() throws {
        let host = Self.host(40)
        host.store.abortsAtCommit = 1
        let outcome = try host.run("eval_rerun", Self.payload)
        #expect(outcome.status == ARENA_ABORTED)
        #expect(host.store.commits.count == 1)
    }
}
