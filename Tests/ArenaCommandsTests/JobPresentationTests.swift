import ArenaCommands
import ArenaJSON
import Testing

/// Jobs as people read them.
struct JobPresentationTests {
    @Test func showsWhatIsKnownOfAJobThatWasGivenUp() {
        let job: JSONValue = [
            "id": "j1", "kind": "a/b", "status": "failed", "attempts": 3, "enqueued_at": "2026-11-21T09:00:00Z",
            "queued_ms": 850, "run_ms": 245_000,
            "progress": ["done": 5, "total": 60, "phase": "asking", "eta_s": 42, "fields": ["lane": "x"]],
            "attempt_history": [["attempt": 1, "outcome": "crashed", "duration_ms": 12_345]],
            "triggers": [
                [
                    "event": "enqueue", "source": "cli", "detail": [:], "count": 1,
                    "created_at": "2026-11-21T09:00:00Z", "last_at": "2026-11-21T09:00:00Z",
                ],
                [
                    "event": "refusal", "source": "budget_defer", "detail": ["cap": 5], "count": 7,
                    "created_at": "2026-11-21T09:01:00Z", "last_at": "2026-11-21T09:09:00Z",
                ],
            ],
            "error": [
                "code": "job.poisoned", "message": "It crashed its worker 3 times.",
                "detail": [
                    "log": [["level": 3, "message": "about\u{7} to go wrong", "created_at": "2026-11-21T09:02:00Z"]]
                ],
            ],
        ]
        #expect(
            Presentation.job(job, .plain) == """
                id        j1
                kind      a/b
                status    failed
                progress  5/60, asking, 42.0 s left, {"lane":"x"}
                attempts  3
                enqueued  2026-11-21 09:00:00 UTC
                waited    850 ms
                ran       4m 05s

                Attempts
                ATTEMPT  OUTCOME    TOOK
                      1  crashed  12.3 s

                Audit trail
                TIME (UTC)           EVENT    SOURCE        TIMES  LAST (UTC)           DETAIL
                2026-11-21 09:00:00  enqueue  cli
                2026-11-21 09:01:00  refusal  budget_defer      7  2026-11-21 09:09:00  {"cap":5}

                Error
                error: It crashed its worker 3 times.

                Last lines before it was given up
                TIME (UTC)           LEVEL  LINE
                2026-11-21 09:02:00  error  about\u{FFFD} to go wrong

                """)
    }

    @Test func writesALineOfALogSoThatNothingMovesTheTerminal() {
        let line: JSONValue = [
            "attempt": 2, "level": 2, "message": "a\nb\u{1B}[2J", "fields": ["n": 1],
            "created_at": "2026-11-21T09:02:00.123Z",
        ]
        let text = Presentation.logLine(line, .plain)
        #expect(text == "2026-11-21 09:02:00 #2 warning a b\u{FFFD}[2J {\"n\":1}\n")
    }

    @Test func showsHowKindsWent() {
        let list: JSONValue = [
            [
                "kind": "a/b", "count": 4, "done": 2, "failed": 1, "skipped": 1, "failure_rate": 0.3333,
                "queued_ms": ["n": 3, "p50": 12, "p95": 59_960],
                "run_ms": ["n": 3, "p50": 7_380_000, "p95": 273_600_000],
            ],
            [
                "kind": "c/d", "count": 1, "done": 0, "failed": 0, "skipped": 1, "failure_rate": .null,
                "queued_ms": ["n": 0, "p50": .null, "p95": .null], "run_ms": ["n": 0, "p50": .null, "p95": .null],
            ],
        ]
        #expect(
            Presentation.jobStats(list, .plain) == """
                KIND  ENDED  FAILED  SKIPPED  FAILURE RATE  WAIT P50  WAIT P95  RUN P50  RUN P95
                a/b       4       1        1        33.3 %     12 ms    1m 00s   2h 03m   3d 04h
                c/d       1       0        1

                """)
    }
}
