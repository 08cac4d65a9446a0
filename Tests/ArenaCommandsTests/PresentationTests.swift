import ArenaCommands
import ArenaJSON
import Testing

/// What people read.
struct PresentationTests {
    @Test func listsKindsAndWhatNeedsAttention() {
        let list: JSONValue = [
            [
                "interface": "arena.scorer/1", "id": "includes", "title": "Includes", "plugin": "text",
                "version": "1.0.0",
                "sha256": "ab", "isolation": "host", "sandbox": "none", "granted": true, "state": "ready",
            ],
            [
                "id": "mine", "plugin": "mine", "version": "0.1.0", "granted": false, "state": "needs grant",
                "reason": "It asks for the network\u{7}.",
            ],
        ]
        #expect(
            Presentation.pluginList(list, .plain) == """
                INTERFACE  ID        PLUGIN  VERSION  RUNS IN  SANDBOX  STATE
                scorer     includes  text    1.0.0    host     none     ready
                           mine      mine    0.1.0                      needs grant

                Needs attention
                  mine: It asks for the network\u{FFFD}.
                  see arena plugin info mine

                """
        )
    }

    @Test func showsAPluginWithTheCure() {
        let plugin: JSONValue = [
            "id": "mine", "version": "0.1.0", "state": "broken", "granted": true,
            "provides": [
                ["interface": "arena.scorer/1", "id": "a", "aliases": ["b", "c"], "title": "A"],
                ["interface": "arena.lane_type.engine/2", "id": "e"],
            ],
            "services": ["arena.job/1", ["id": "arena.views/1", "views": ["bench"], "withheld": "not granted"]],
            "reason": [
                "code": "plugin.crashed", "message": "It crashed in its constructor.", "hint": "Run it under gdb.",
            ],
        ]
        #expect(
            Presentation.pluginInfo(plugin, .plain) == """
                id       mine
                state    broken
                version  0.1.0
                granted  yes

                Provides
                INTERFACE           ID  ALSO  TITLE
                scorer              a   b, c  A
                lane_type.engine/2  e

                Asks for
                SERVICE        SCOPE         WITHHELD
                arena.job/1
                arena.views/1  views: bench  not granted

                Why it is not ready
                error: It crashed in its constructor.
                hint: Run it under gdb.

                """
        )
    }

    @Test func listsJobs() {
        let list: JSONValue = [
            [
                "id": "j1", "kind": "eval_rerun", "status": "failed", "attempts": 3, "trigger": "manual",
                "progress": ["done": 5, "total": 60], "enqueued_at": "2026-11-21T09:05:07.042Z",
                "finished_at": "2026-11-21T09:06:00Z",
                "error": ["code": "lane.unreachable", "message": "Nobody answers."],
            ]
        ]
        #expect(
            Presentation.jobList(list, .plain) == """
                ID  KIND        STATUS  PROGRESS  ATTEMPTS  TRIGGER  ENQUEUED (UTC)       FINISHED (UTC)       ERROR
                j1  eval_rerun  failed      5/60         3  manual   2026-11-21 09:05:07  2026-11-21 09:06:00  Nobody answers.

                """
        )
    }

    @Test func showsAJobWithItsAttemptsAndResult() {
        let job: JSONValue = [
            "id": "j1", "kind": "sleep", "status": "done", "payload": ["ms": 5],
            "enqueued_at": "2026-11-21T09:05:07.042Z",
            "attempts": 2,
            "attempt_history": [
                ["attempt": 1, "outcome": "crashed", "error": ["message": "Signal 11."]],
                ["attempt": 2, "outcome": "done", "finished_at": "2026-11-21T09:06:00.5Z"],
            ],
            "result": ["slept_ms": 5],
        ]
        #expect(
            Presentation.job(job, .plain) == """
                id        j1
                kind      sleep
                status    done
                attempts  2
                enqueued  2026-11-21 09:05:07 UTC
                payload   {"ms":5}

                Attempts
                ATTEMPT  OUTCOME  FINISHED (UTC)       ERROR
                      1  crashed                       Signal 11.
                      2  done     2026-11-21 09:06:00

                Result
                slept_ms  5

                """
        )
    }

    @Test func listsLanes() {
        let list: JSONValue = [
            [
                "id": "replay", "type": "replay", "title": "replay", "model": "tiny", "state": "ready",
                "source": "built in",
            ],
            [
                "id": "far", "type": "openai", "title": "Far away", "state": "unreachable",
                "reason": "Connection refused.",
            ],
        ]
        #expect(
            Presentation.laneList(list, .plain) == """
                ID      TYPE    MODEL  STATE        FROM      TITLE     REASON
                replay  replay  tiny   ready        built in
                far     openai         unreachable            Far away  Connection refused.

                """
        )
    }

    @Test func showsAnEvaluationWithItsInterval() {
        let result: JSONValue = [
            "eval_run_id": "r1", "bench_id": "arithmetic-words", "lane_id": "replay", "scorer": ["id": "numeric_match"],
            "n_items": 60, "n_scored": 58, "n_infrastructure": 2, "n_skipped": 0, "mean_normalized": 0.5,
            "ci95": [0.372, 0.6284], "reasons": ["ok": 29, "wrong": 29],
            "failures": [
                [
                    "item_id": "aw-1", "reason": "wrong", "output": "seven\nor eight", "reference": "9",
                    "explain": "8 is not 9",
                ],
                ["item_id": "aw-2", "reason": "infrastructure", "explain": "The lane went away."],
                ["item_id": "aw-3", "reason": "wrong"],
            ],
        ]
        #expect(
            Presentation.evaluation(result, shown: 2, .plain) == """
                BENCH             LANE    SCORER         ITEMS  SCORED  NOT ASKED  SCORE  95% INTERVAL
                arithmetic-words  replay  numeric_match     60      58          2  0.500  0.372 to 0.628

                OUTCOME  ANSWERS
                ok            29
                wrong         29

                attention: 2 of 60 answers are missing for reasons of the machinery; they are not part of the score.

                What failed
                ITEM  WHY             ANSWER          EXPECTED  EXPLANATION
                aw-1  wrong           seven or eight  9         8 is not 9
                aw-2  infrastructure                            The lane went away.
                  and 1 more: `arena results` with the run below lists them all

                run r1

                """
        )
    }

    @Test func listsEachItemThatFailedOnceHoweverOftenItWasAsked() {
        var failures = (0..<10).map { _ in JSONValue.object(["item_id": "gc-001", "reason": "wrong", "output": "B"]) }
        failures += [["item_id": "gc-002", "reason": "wrong"], ["item_id": "gc-002", "reason": "no_answer"]]
        let result: JSONValue = ["bench_id": "b", "n_items": 64, "repeat": 20, "failures": .array(failures)]
        let text = Presentation.evaluation(result, .plain)
        #expect(
            text.contains(
                """
                ITEM    TIMES  WHY               ANSWER
                gc-001     10  wrong             B
                gc-002      2  wrong, no_answer

                """), "\(text)")
    }

    @Test func countsMissingAnswersOfAllRepeats() {
        let result: JSONValue = ["bench_id": "b", "n_items": 64, "repeat": 20, "n_infrastructure": 3]
        #expect(Presentation.evaluation(result, .plain).contains("3 of 1280 answers are missing"))
    }

    @Test func showsWhatAKindTakes() {
        let plugin: JSONValue = [
            "id": "mine", "state": "ready",
            "provides": [
                [
                    "interface": "arena.scorer/1", "id": "near", "title": "Near", "isolation": "host",
                    "schema": [
                        "properties": [
                            "within": [
                                "type": "number", "minimum": 0, "maximum": 1.0, "default": 0.01,
                                "description": "How near.",
                            ],
                            "unit": ["type": "string", "enum": ["m", "km"]],
                            "names": ["type": "array", "items": ["type": "string"], "minItems": 1],
                        ],
                        "required": ["unit"],
                    ],
                ],
                ["interface": "arena.job_kind/1", "id": "rest", "schema": ["properties": [:]]],
                ["interface": "arena.job_kind/1", "id": "any"],
            ],
        ]
        #expect(
            Presentation.pluginInfo(plugin, .plain).contains(
                """

                Settings of near
                NAME    TYPE             DEFAULT   ALLOWED             DESCRIPTION
                within  number           0.01      0 to 1              How near.
                unit    string           required  "m", "km"
                names   array of string            at least 1 element

                Payload of rest
                none

                """))
    }

    @Test func saysOfAPluginEachThingOnce() {
        let element: JSONValue = [
            "interface": "arena.scorer/1", "plugin": "mine", "state": "ready", "reason": "Taken.",
        ]
        let text = Presentation.pluginList([element, element, element], .plain)
        #expect(text.hasSuffix("Needs attention\n  mine: Taken.\n  see arena plugin info mine\n"), "\(text)")
    }

    @Test func listsBenchesAndWhyOneCannotBeUsed() {
        let list: JSONValue = [
            ["id": "sums", "title": "Sums", "items": 64, "scorer": "numeric_match", "source": "/b", "state": "ok"],
            [
                "id": "bad", "title": "bad", "source": "/b", "state": "broken", "reason": "No answer.",
                "hint": "Add it.",
            ],
        ]
        #expect(
            Presentation.benchList(list, .plain) == """
                ID    ITEMS  SCORER         STATE   TITLE  FROM
                sums     64  numeric_match  ok      Sums   /b
                bad                         broken         /b

                Cannot be used
                error: No answer.
                hint: Add it.

                """)
    }

    @Test func theListOfRunsAndARunHaveTheIntervalThatWasStored() {
        let run: JSONValue = ["id": "r1", "bench_id": "b", "mean_normalized": 0, "stderr": 0, "ci95": [0, 0.5615]]
        #expect(Presentation.runList([run], .plain).contains("0.000 to 0.562"))
        #expect(Presentation.evaluation(run, .plain).contains("0.000 to 0.562"))
    }

    @Test func makesAnIntervalFromTheStandardErrorWithinTheScale() {
        let result: JSONValue = ["bench_id": "b", "mean_normalized": 0.95, "stderr": 0.05]
        #expect(Presentation.evaluation(result, .plain).contains("0.950  0.852 to 1.000"))
    }

    @Test(arguments: [
        Presentation.pluginList([], .plain), Presentation.jobList([], .plain), Presentation.laneList([], .plain),
        Presentation.benchList([], .plain),
    ])
    func saysWhenThereIsNothing(text: String) {
        #expect(text.hasPrefix("No "))
        #expect(text.hasSuffix(".\n"))
    }

    @Test(arguments: [JSONValue.null, 7, "text", [], [:], [[7]], [["id": ["x": 1]]]])
    func survivesADocumentOfAnotherShape(document: JSONValue) {
        _ = Presentation.pluginList(document, .plain)
        _ = Presentation.pluginInfo(document, .plain)
        _ = Presentation.jobList(document, .plain)
        _ = Presentation.job(document, .plain)
        _ = Presentation.laneList(document, .plain)
        _ = Presentation.benchList(document, .plain)
        _ = Presentation.evaluation(document, .plain)
    }
}
