import ArenaCore
import ArenaJSON
import ArenaTestSupport
import Testing

/// `arena job` on a home of its own where no server runs.
@Suite(.startsProcesses)
struct JobCommandTests {
    private func enqueue(_ home: Home, _ options: String...) async throws -> String {
        let outcome = try await home.run(["run", "sleep", "--payload", #"{"seconds": 0}"#, "--json"] + options)
        #expect(outcome.status == 0, "\(outcome.notes)")
        return try #require(outcome.document["id"]?.string)
    }

    @Test func takesWhatAJobMayBeGiven() async throws {
        let home = try Home()
        let options = ["--dedup-key", "k", "--run-after", "1h", "--timeout", "10m", "--max-attempts", "2"]
        let run = ["run", "sleep", "--payload", #"{"seconds": 0}"#, "--json"]
        let start = SystemClock().now()
        let job = try await home.run(run + options).document
        #expect(job["timeout_ms"] == 600_000 && job["max_attempts"] == 2)
        let due = try #require(job["run_after"]?.string.flatMap { Timestamp($0) })
        #expect(due >= start + .seconds(3600) && due <= SystemClock().now() + .seconds(3600))
        let again = try await home.run(run + options)
        #expect(again.document["id"] == job["id"] && again.notes.contains("already under way"))
        #expect(try await home.run(run + ["--dedup-key", ""]).document["id"] != job["id"])
        #expect(try await home.run("job", "show", try #require(job["id"]?.string)).answer.contains("waits for"))
    }

    @Test func aJobThatWaitsIsCancelledAndRetriedWithoutAServer() async throws {
        let home = try Home()
        let id = try await enqueue(home)
        let cancelled = try await home.run("job", "cancel", id, id, "--json")
        #expect(cancelled.status == 0)
        #expect(cancelled.document.array?.count == 1)
        #expect(cancelled.document[0]?["status"] == "skipped" && cancelled.document[0]?["reason"] == "cancelled")
        let again = try await home.run("job", "cancel", id)
        #expect(again.status == 73 && again.notes.contains("has ended already: it is skipped"))
        let retried = try await home.run("job", "retry", id)
        #expect(retried.status == 0 && retried.answer == "1 job waits again.\n")
        #expect(retried.notes.contains("No dispatcher runs"))
        let refused = try await home.run("job", "retry", id, "--json")
        #expect(refused.status == 73 && refused.document["retried"] == [])
        #expect(refused.document["failures"]?[0]?["error"]?["code"] == "store.job_not_ended")
        let dry = try await home.run("job", "retry", id, "--dry-run", "--json")
        #expect(dry.status == 73)
        let shown = try await home.run("job", "show", id)
        #expect(shown.answer.contains("Audit trail"))
        let finished = try await home.run("drain", "--json")
        #expect(finished.document["drained"]?[0]?["status"] == "done", "\(finished.answer)\(finished.notes)")
    }

    @Test func goesThroughAllIdsAndSaysWhichFailed() async throws {
        let home = try Home()
        let id = try await enqueue(home)
        let outcome = try await home.run("job", "cancel", "nope", id, "--json")
        #expect(outcome.status == 66)
        #expect(outcome.document[0]?["error"]?["code"] == "job.not_found")
        #expect(outcome.document[1]?["status"] == "skipped")
        for arguments in [["job", "log", "nope"], ["job", "show", "nope"], ["job", "list", "--before", "nope"]] {
            let missing = try await home.run(arguments)
            #expect(missing.status == 66 && missing.notes.contains("There is no job"), "\(arguments)")
        }
    }

    @Test func retriesAllThatMatchAndCanSayWhichBefore() async throws {
        let home = try Home()
        var ids: [String] = []
        for _ in 0..<3 { ids.append(try await enqueue(home)) }
        _ = try await home.run(["job", "cancel"] + ids)
        #expect(try await home.run("job", "retry", "--all").answer == "No job is like that.\n", "none failed")
        let wanted = ["job", "retry", "--all", "--status", "skipped", "--kind", "sleep", "--since", "1h", "--json"]
        let dry = try await home.run(wanted + ["--dry-run"])
        #expect(dry.document["dry_run"] == true && dry.document["retried"]?.array?.map(\.string) == ids)
        #expect(try await home.run("job", "list", "--status", "queued", "--json").document == [])
        let real = try await home.run(wanted)
        #expect(real.document["retried"]?.array?.count == 3 && real.document["dry_run"] == false)
        #expect(try await home.run(wanted).document["retried"] == [])
        #expect(try await home.run(wanted + ["--until", "2w"]).document["retried"] == [])
    }

    @Test func listsByStatusKindAndPage() async throws {
        let home = try Home()
        var ids: [String] = []
        for _ in 0..<3 { ids.append(try await enqueue(home)) }
        _ = try await home.run("job", "cancel", ids[0])
        func listed(_ options: String...) async throws -> [String] {
            let outcome = try await home.run(["job", "list", "--json"] + options)
            #expect(outcome.status == 0, "\(outcome.notes)")
            return outcome.document.array?.compactMap { $0["id"]?.string } ?? []
        }
        #expect(try await listed() == ids.reversed())
        #expect(try await listed("--status", "queued", "--status", "skipped") == ids.reversed())
        #expect(try await listed("--status", "queued,running") == [ids[2], ids[1]])
        #expect(try await listed("--dead") == [])
        #expect(try await listed("--dead", "--status", "skipped", "--since", "1h") == [ids[0]])
        #expect(try await listed("--kind", "sleep/sleep", "--limit", "2") == [ids[2], ids[1]])
        #expect(try await listed("--kind", "sleep", "--limit", "2", "--before", ids[1]) == [ids[0]])
        #expect(try await listed("--kind", "eval_rerun") == [], "a kind without a job is one all the same")
        #expect(try await home.run("job", "list", "--limit", "2").notes.contains("--before \(ids[1])"))
    }

    @Test(arguments: [
        (["job", "list", "--status", "broken"], 64, "There are: queued"),
        (["job", "list", "--dead", "--status", "done"], 64, "There are: failed, skipped."),
        (["job", "list", "--code", "x"], 64, "Add --dead."),
        (["job", "list", "--dead", "--since", "soon"], 64, "--since: \"soon\" is no time."),
        (["job", "list", "--kind", "slep"], 66, "Did you mean sleep?"),
        (["job", "pause", "eval_rerrun"], 66, "Did you mean eval_rerun?"),
        (["job", "resume", "slep"], 66, "Did you mean sleep?"),
        (["job", "retry"], 64, "or --all"), (["job", "retry", "x", "--all"], 64, "not both"),
        (["job", "retry", "x", "--code", "y"], 64, "or --all"),
        (["job", "retry", "--all", "--status", "done"], 64, "cannot be asked for here"),
        (["job", "prune", "--older-than", "-1d"], 64, "Missing value"),
        (["job", "prune", "--older-than", "1y"], 64, "is no length of time"),
        (["job", "prune", "--older-than", "1d", "--status", "queued"], 64, "There are: done, failed, skipped."),
        (["job", "log", "x", "--tail", "-1"], 64, "--tail"),
        (["job", "stats", "--since", "x"], 64, "is no time"),
        (["run", "sleep", "--timeout", "0"], 64, "--timeout: \"0\" is no length of time."),
        (["run", "sleep", "--run-after", "later"], 64, "from now"),
        (["run", "sleep", "--max-attempts", "0"], 64, "--max-attempts must be from 1 to 100, not 0."),
        (["run", "sleep", "--payload", #"{"seconds":1}"#, "--timeout", "9000h"], 64, "may run for"),
    ])
    func saysWhatIsWrongWithAValue(arguments: [String], status: Int32, mention: String) async throws {
        let outcome = try await Home().run(arguments)
        #expect(outcome.status == status, "\(outcome.notes)")
        #expect(outcome.notes.contains(mention), "\(outcome.notes)")
    }

    @Test func aPausedKindIsShownAboveTheListUntilItIsResumed() async throws {
        let home = try Home()
        let id = try await enqueue(home)
        let paused = try await home.run("job", "pause", "sleep", "--reason", "too\u{7} loud", "--json")
        #expect(paused.document["id"] == "sleep/sleep" && paused.document["reason"] == "too\u{7} loud")
        #expect(try await home.run("drain").answer == "Nothing to run.\n")
        let another = try await home.run("run", "sleep", "--payload", #"{"seconds": 0}"#)
        #expect(another.notes.hasPrefix("sleep/sleep is paused (too\u{FFFD} loud): the job waits for"))
        _ = try await home.run("job", "cancel", String(another.answer.dropLast()))
        let list = try await home.run("job", "list")
        #expect(list.answer.hasPrefix("paused sleep/sleep since "))
        #expect(list.answer.contains("UTC: too\u{FFFD} loud\n") && list.answer.contains(id))
        #expect(try await home.run("job", "list", "--json").document.array?.count == 2)
        #expect(try await home.run("job", "list", "--paused", "--json").document[0]?["kind"] == "sleep/sleep")
        #expect(try await home.run("job", "resume", "sleep").answer == "Resumed sleep/sleep.\n")
        let again = try await home.run("job", "resume", "sleep", "--json")
        #expect(again.status == 0 && again.document["was_paused"] == false)
        #expect(try await home.run("job", "list", "--paused").answer == "No kind is paused.\n")
        #expect(try await home.run("drain", "--json").document["n_drained"] == 1)
    }

    @Test func forgetsOldJobsAndCanSayHowManyBefore() async throws {
        let home = try Home()
        let ids = [try await enqueue(home), try await enqueue(home)]
        _ = try await home.run("job", "cancel", ids[0])
        let prune = ["job", "prune", "--older-than", "1ms", "--json"]
        #expect(try await home.run(prune + ["--dry-run"]).document == ["dry_run": true, "jobs": 1])
        #expect(try await home.run(prune + ["--status", "failed"]).document == ["dry_run": false, "jobs": 0])
        #expect(try await home.run("job", "prune", "--older-than", "1d").answer == "Forgot 0 jobs.\n")
        #expect(try await home.run(prune).document == ["dry_run": false, "jobs": 1])
        #expect(try await home.run("job", "list", "--json").document.array?.map { $0["id"]?.string } == [ids[1]])
    }

    @Test func saysHowJobsWent() async throws {
        let home = try Home()
        #expect(try await home.run("job", "stats").answer == "No job has ended.\n")
        _ = try await enqueue(home, "--wait")
        _ = try await home.run("job", "cancel", try await enqueue(home))
        let stats = try await home.run("job", "stats", "--since", "1h", "--json").document
        let kind = try #require(stats[0])
        #expect(kind["id"] == "sleep/sleep" && kind["count"] == 2 && kind["done"] == 1 && kind["skipped"] == 1)
        #expect(kind["failure_rate"]?.double == 0 && kind["run_ms"]?["n"] == 1)
        #expect(try #require(kind["run_ms"]?["p95"]?.double) > 0)
        #expect(try await home.run("job", "stats", "--kind", "sleep").answer.contains("sleep/sleep"))
        #expect(try await home.run("job", "stats", "--since", "2100-01-01", "--json").document == [])
    }

    @Test func printsALogAndItsEnd() async throws {
        let home = try Home()
        let id = try await enqueue(home)
        #expect(try await home.run("job", "log", id).answer == "Nothing was written.\n")
        #expect(try await home.run("job", "log", id, "--json").document == [])
        _ = try await home.run("job", "cancel", id)
        let followed = try await home.run("job", "log", id, "--follow")
        #expect(followed.status == 0 && followed.answer.isEmpty && followed.notes == "The job is skipped.\n")
    }
}
