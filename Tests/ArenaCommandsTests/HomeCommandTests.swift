import ArenaCommands
import ArenaCore
import ArenaJSON
import ArenaTestSupport
import Foundation
import Testing

/// Commands on a home of their own, with the plugins that were built with the tests.
@Suite(.startsProcesses)
struct HomeCommandTests {
    // MARK: score

    @Test func keepsTheIdsOfItemsAndNumbersThoseWithout() async throws {
        let home = try Home()
        let file = try home.write(
            """
            {"item_id":7,"output":"a","reference":"a"}
            {"item_id":"x","output":"a","reference":"b"}

            {"output":"a","references":["b","a"],"meta":{"k":1},"input":null}
            """, to: "items.jsonl")
        let outcome = try await home.run("score", "exact_match", "--items", file)
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.lines.map { $0["item_id"] } == ["7", "x", "4"])
        #expect(outcome.lines.map { $0["pass"] } == [true, false, true])
        #expect(outcome.notes.isEmpty)
    }

    @Test(arguments: [
        (#"{"item_id":1.5,"output":"a"}"#, "`item_id`"), (#"{"item_id":[],"output":"a"}"#, "`item_id`"),
        (#"{"input":7,"output":"a"}"#, "`input`"), (#"{"meta":5,"output":"a"}"#, "`meta`"),
        (#"{"config":"x","output":"a"}"#, "`config`"), (#"{"output":7}"#, "`output`"),
        (#"{"output":"a","reference":"a","references":["b"]}"#, "both"), (#"{"output":"a","references":"b"}"#, "list"),
        (#"{"output":"a","refrence":"b"}"#, "`refrence`"), ("[", "no JSON"),
    ])
    func refusesALineThatIsNotAnItemByItsPlace(line: String, mention: String) async throws {
        let home = try Home()
        let file = try home.write("{\"output\":\"a\",\"reference\":\"a\"}\n\(line)\n", to: "items.jsonl")
        let outcome = try await home.run("score", "exact_match", "--items", file, "--json")
        #expect(outcome.status == 64)
        #expect(outcome.lines.count == 1, "an error is one line, too")
        let message = outcome.lines.first?["error"]?["message"]?.string ?? ""
        #expect(message.hasPrefix("\(file):2: ") && message.contains(mention), "\(message)")
    }

    @Test func checksEveryConfigurationBeforeTheFirstAnswer() async throws {
        let home = try Home()
        let file = try home.write(
            """
            {"item_id":"good","output":"7","reference":"7"}
            {"item_id":"bad","output":"7","reference":"7","config":{"relative_tolerance":2}}
            """, to: "items.jsonl")
        let outcome = try await home.run("score", "numeric_match", "--items", file, "--json")
        #expect(outcome.status == 64)
        #expect(outcome.lines.count == 1)
        let error = try #require(outcome.lines.first?["error"])
        #expect(error["message"]?.string?.hasPrefix("\(file):2 (item bad): ") == true)
        #expect(error["hint"]?.string?.contains("arena plugin info text") == true)
        let info = try await home.run("plugin", "info", "text")
        #expect(info.answer.contains("Settings of numeric_match") && info.answer.contains("relative_tolerance"))
    }

    @Test func tellsWhatIsWrongWithAnItemFromAFaultOfTheMachinery() async throws {
        let home = try Home()
        let file = try home.write(
            """
            {"output":"7","reference":"hello"}
            {"output":"7","reference":"7"}
            """, to: "items.jsonl")
        let outcome = try await home.run("score", "numeric_match", "--items", file)
        #expect(outcome.status == 0)
        #expect(outcome.lines.map { $0["reason"] } == ["invalid_argument", "ok"])
        #expect(outcome.notes.contains("1 of 2 items could not be scored"))
    }

    @Test func knowsAScorerByThePluginAndAnAlias() async throws {
        let home = try Home()
        let file = try home.write(#"{"output":"abc","reference":"b"}"#, to: "items.jsonl")
        #expect(try await home.run("score", "text/contains", "--items", file).lines.first?["pass"] == true)
    }

    // MARK: Plugins

    @Test func saysThatAScorerInTheHostHasNoSandbox() async throws {
        let home = try Home()
        let list = try await home.run("plugin", "list", "--json").document.array ?? []
        let scorer = try #require(list.first { $0["id"] == "exact_match" })
        #expect(scorer["isolation"] == "host" && scorer["sandbox"] == "none")
        let job = try #require(list.first { $0["id"] == "sleep" })
        #expect(job["isolation"] == "child" && job["sandbox"] != "none")
        #expect(try await home.run("plugin", "info", "text", "--json").document["sandbox"] == "none")
    }

    @Test(arguments: [nil, "libarena-sleep.so"])
    func endsWithAFailureWhenATrustedPluginIsBroken(library: String?) async throws {
        let home = try Home()
        try FileManager.default.createDirectory(
            atPath: home.path + "/plugins/wrong", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
        let path = home.path + "/plugins/wrong/plugin.so"
        if let library {
            // It calls itself otherwise than its manifest does.
            let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            try FileManager.default.copyItem(atPath: "\(products.path)/\(library)", toPath: path)
        } else {
            _ = try home.write("not a library", to: "plugins/wrong/plugin.so")
        }
        let kind = #"{"interface":"arena.scorer/1","id":"w"}"#
        let manifest = #"{"id":"wrong","version":"1.0.0","abi":"1.0","library":"plugin.so","provides":[\#(kind)]}"#
        _ = try home.write(manifest, to: "plugins/wrong/plugin.json")
        let outcome = try await home.run("plugin", "trust", "wrong")
        #expect(outcome.status == 78, "\(outcome.answer)\(outcome.notes)")
    }

    @Test func saysWhatRunsInAChildAllTheSame() async throws {
        let home = try Home()
        let outcome = try await home.run("plugin", "trust", "sleep", "--in-host")
        #expect(outcome.status == 0)
        #expect(outcome.notes.contains("sleep still runs in a child process"))
    }

    @Test func cannotCheckWhatIsNotThere() async throws {
        let outcome = try await Home().run("plugin", "check", "/tmp/arena-no-such-plugin")
        #expect(outcome.status == 66)
        #expect(outcome.notes.contains("/tmp/arena-no-such-plugin"))
    }

    @Test func notesAPreferenceThatChoosesNothing() async throws {
        let home = try Home()
        _ = try home.write("plugins: {prefer: {exact_match: nope, includes: sleep, contains: text}}", to: "arena.yaml")
        let outcome = try await home.run("doctor", "--json")
        #expect(outcome.status == 78)
        let found = outcome.document.array?.filter { $0["message"]?.string?.hasPrefix("plugins.prefer") == true } ?? []
        #expect(found.count == 2, "\(found)")
        #expect(found.allSatisfy { $0["cure"]?.string?.contains("text") == true })
    }

    // MARK: Benches

    @Test func listsBenchesAndFindsThoseThatCannotBeUsed() async throws {
        let home = try Home()
        let row = #"{"question":"1+1","answer":"2"}"# + "\n"
        _ = try home.write(row + #"{"question":"2+2"}"#, to: "benches/no-answer.jsonl")
        _ = try home.write("", to: "benches/empty.jsonl")
        _ = try home.write(row, to: "benches/no-scorer.jsonl")
        _ = try home.write("scorer: taste", to: "benches/no-scorer.meta.yaml")
        _ = try home.write(row, to: "benches/good.jsonl")
        let list = try await home.run("bench", "list", "--json").document.array ?? []
        let states = Dictionary(uniqueKeysWithValues: list.map { ($0["id"]?.string ?? "", $0["state"]?.string ?? "") })
        #expect(states["good"] == "ok" && states["arithmetic-words"] == "ok")
        for id in ["no-answer", "empty", "no-scorer"] { #expect(states[id] == "broken") }
        #expect(list.first { $0["id"] == "good" }?["scorer"] == "exact_match")
        let findings = try await home.run("doctor", "--json").document.array ?? []
        for id in ["no-answer", "empty", "no-scorer"] {
            #expect(findings.contains { $0["id"]?.string == "bench \(id)" && $0["ok"] == false })
        }
    }

    @Test(arguments: [("empty", 64, "has no items"), ("nope", 66, "arithmetic-words")])
    func doesNotRunWithoutQuestions(bench: String, status: Int32, mention: String) async throws {
        let home = try Home()
        _ = try home.write("\n", to: "benches/empty.jsonl")
        let outcome = try await home.run("eval", bench)
        #expect(outcome.status == status, "\(outcome.notes)")
        #expect(outcome.notes.contains(mention), "\(outcome.notes)")
    }

    // MARK: Values

    @Test(arguments: [
        (["eval", "arithmetic-words", "--limit", "0"], "--limit must be at least 1, not 0."),
        (["eval", "arithmetic-words", "--repeat", "1001"], "--repeat must be from 1 to 1000, not 1001."),
        (["job", "list", "--limit", "0"], "--limit must be from 1 to 1000, not 0."),
        (["run", "sleep", "--priority", "101"], "--priority must be from 0 to 100, not 101."),
        (["up", "--port", "99999"], "--port: 'port' must be a whole number from 0 to 65535."),
    ])
    func namesTheOptionThatIsWrong(arguments: [String], message: String) async throws {
        let capture = try Capture()
        #expect(await CommandLineTool.run(arguments, console: capture.console) == 64)
        let lines = capture.notes.split(separator: "\n")
        #expect(lines.first == "error: \(message)")
        #expect(lines.last?.hasPrefix("hint: ") == true)
    }

    @Test func namesThePayloadFileThatIsNoJSON() async throws {
        let home = try Home()
        let file = try home.write("{\"seconds\": }", to: "job.json")
        let outcome = try await home.run("run", "sleep", "--payload", "@" + file)
        #expect(outcome.status == 64)
        #expect(outcome.notes.hasPrefix("error: --payload: \(file) is no JSON: "))
        #expect(!outcome.notes.contains("shell"))
    }

    @Test func saysWhereAPayloadIsDescribed() async throws {
        let outcome = try await Home().run("run", "sleep", "--payload", #"{"sekonds": 3}"#)
        #expect(outcome.status == 64)
        #expect(outcome.notes.contains("hint: `arena plugin info sleep` shows what it takes."))
    }

    @Test func tellsNoJobsOfAStatusFromNoJobs() async throws {
        let home = try Home()
        #expect(try await home.run("job", "list", "--status", "queued").answer.hasPrefix("No job is queued."))
        #expect(try await home.run("job", "list").answer.contains("A first one"))
    }

    @Test func offeringWordsToAShellMakesNoHome() async throws {
        let path = "/tmp/arena-commands-\(Identifier.random())"
        for request in [
            ["eval", "--", "positional@0"], ["score", "--", "positional@0"], ["plugin", "info", "--", "positional@0"],
        ] {
            let capture = try Capture()
            let words = ["---completion"] + request + ["0", "0", "arena", "--home", path]
            #expect(await CommandLineTool.run(words, console: capture.console) == 0)
            #expect(!capture.answer.isEmpty, "what comes with Arena is offered all the same")
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test(arguments: [
        (["eval", "--", "positional@0"], "arithmetic-words"), (["score", "--", "positional@0"], "rubric:mcq_letter"),
        (["eval", "--", "--lane"], "replay"),
        (["score", "--", "positional@0"], "numeric_match"), (["run", "--", "positional@0"], "eval_rerun"),
        (["plugin", "info", "--", "positional@0"], "text"),
    ])
    func offersWhatThereIsToAShell(request: [String], value: String) async throws {
        let home = try Home()
        let capture = try Capture()
        let words = ["---completion"] + request + ["0", "0", "arena", "--home", home.path]
        #expect(await CommandLineTool.run(words, console: capture.console) == 0)
        #expect(capture.answer.split(separator: "\n").contains(Substring(value)), "\(capture.answer)\(capture.notes)")
    }
}
