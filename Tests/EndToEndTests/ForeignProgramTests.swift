import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// Scorers that are programs: JSON lines in, JSON lines out, behind the fences of every child.
@Suite(.startsProcesses, .serialized)
struct ForeignProgramTests {
    /// Scores 1 for "yes" and does what other answers say, by the functions of `acts`.
    private static func program(_ acts: String = "") -> String {
        """
        import json, os, signal, sys, time
        def answer(item, value, **more):
            print(json.dumps({"id": item["id"], "value": value, **more}), flush=True)
        def act(item):
            what = item["output"]
        \(acts.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n"))
            answer(item, 1 if what == "yes" else 0)
        for line in sys.stdin:
            act(json.loads(line))
        """
    }

    @Test func aProgramScoresLikeAnyOtherScorer() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(
                program: Self.program(
                    """
                    if what == "why": return answer(item, 0.25, reason="refused", explain="Because.")
                    if what == "pass": return answer(item, 0.1, **{"pass": True})
                    if what == "skip": return print(json.dumps({"id": item["id"], "skipped": True}), flush=True)
                    if what == "error": return print(json.dumps({"id": item["id"], "error": "no"}), flush=True)
                    if what == "high": return answer(item, 7)
                    if what == "text": return answer(item, "one")
                    """))
            try await house.requireReady()
            let answers = ["yes", "no", "why", "pass", "skip", "error", "high", "text", "yes"]
            let results = try await house.score(answers, with: "judge")
            #expect(results.map(\.value) == [1, 0, 0.25, 0.1, 0, 0, 0, 0, 1])
            #expect(results[2].reason == .refused && results[2].explain == "Because.")
            #expect(results[3].isPass && results[4].isSkipped)
            #expect(results[5].status == .invalidArgument && results[5].explain == "no")
            #expect(results[6].status == .internalError && results[7].status == .internalError)
            #expect(await house.placeOfForeign() == "child")
        }
    }

    @Test func oneProcessServesManyBatchesAndMayAnswerOutOfOrder() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(
                program: """
                    import json, os, sys
                    held = []
                    for line in sys.stdin:
                        item = json.loads(line)
                        held.append(json.dumps({"id": item["id"], "value": 1, "explain": str(os.getpid())}))
                        if item["output"] != "hold":
                            while held: print(held.pop(), flush=True)
                    """)
            try await house.requireReady()
            var processes: Set<String> = []
            for _ in 0..<3 {
                let results = try await house.score(["hold", "hold", "yes"], with: "judge")
                #expect(results.map(\.value) == [1, 1, 1])
                processes.formUnion(results.map(\.explain))
            }
            #expect(processes.count == 1)
        }
    }

    @Test(arguments: [
        ("print('nonsense', flush=True)", "no JSON object: \"nonsense\""),
        ("print('[1]', flush=True)", "no JSON object"),
        ("answer(item, 1)", "answered the item 1 twice"),
        ("print('{\"id\": 9, \"value\": 1}', flush=True)", "answered the item 9, which it was not asked"),
        ("print('{\"value\": 1}', flush=True)", "without its `id`"),
        ("sys.stdout.write('x' * 1000000); sys.stdout.flush()", "a line of more than 65536 bytes"),
        (
            "answer(item, 1); print('more', flush=True); time.sleep(0.1); return",
            "wrote "
        ),
    ])
    func whatIsNoAnswerIsNamedAndTheNextBatchHasANewProcess(act: String, names: String) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(program: Self.program("if what == \"act\": \(act)"))
            try await house.requireReady()
            let error = await #expect(throws: (any Error).self) {
                _ = try await house.score(["yes", "act", "yes"], with: "judge")
            }
            let failure = Failure(try #require(error))
            #expect(failure.code == "scorer.out_of_step")
            #expect(failure.message.contains(names), "\(failure.message)")
            #expect(failure.hint?.contains("one line for each line") == true)
            #expect(try await house.score(["yes", "no"], with: "judge").map(\.value) == [1, 0])
        }
    }

    @Test(arguments: [
        ("os._exit(3)", "exited with status 3"), ("os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
        ("raise ValueError('odd answer')", "odd answer"), ("time.sleep(60)", "answered 0 of 1 items in time"),
        ("return", "must flush its output"),
    ])
    func anItemThatEndsTheProgramFailsAndTheOthersScore(act: String, names: String) async throws {
        try await TestHouse.withHouse { house in
            // Enough for an interpreter to start on a busy machine; who does not answer costs all of it.
            try await house.drop(program: Self.program("if what == \"act\": \(act)"), milliseconds: 4000)
            try await house.requireReady()
            let results = try await house.score(["yes", "act", "no", "yes"], with: "judge")
            #expect(results.map(\.value) == [1, 0, 0, 1])
            #expect(results.map { $0.status == .ok } == [true, false, true, true])
            #expect(results[1].explain.contains(names), "\(results[1].explain)")
            #expect(try await house.isAlive())
        }
    }

    @Test func theFencesStandAroundTheProgram() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(
                program: Self.program(
                    """
                    import socket, subprocess
                    def fork():
                        if os.fork() == 0: os._exit(0)
                    acts = {
                        "fork": fork, "shell": lambda: subprocess.run(["/bin/true"]),
                        "become": lambda: os.execv("/bin/true", ["true"]), "read": lambda: open("/etc/passwd"),
                        "write": lambda: open("new", "w"), "socket": lambda: socket.socket(),
                        "parent": lambda: os.kill(os.getppid(), 9), "scratch": lambda: open(os.environ["TMPDIR"] + "/x", "w"),
                    }
                    if what in acts:
                        try: acts[what]()
                        except OSError as error: return answer(item, 0, explain=type(error).__name__)
                        return answer(item, 1)
                    if what == "environment": return answer(item, 1, explain=" ".join(sorted(os.environ)))
                    """))
            try await house.requireReady()
            let acts = ["fork", "shell", "become", "read", "write", "socket", "parent", "scratch", "environment"]
            let results = try await house.score(acts, with: "judge")
            #expect(results.map(\.value) == [0, 0, 0, 0, 0, 0, 0, 1, 1])
            #expect(results.prefix(7).allSatisfy { $0.explain == "PermissionError" }, "\(results.map(\.explain))")
            #expect(results[8].explain.hasPrefix("HOME LANG"), "\(results[8].explain)")
            #expect(try await house.foreign().failure == nil)
        }
    }

    static let unusable: [(source: String, command: [String], names: String)] = [
        ("import sys\nfor line in sys.stdin: pass", ["python3", "score.py"], "answered 0 of 1 items"),
        ("this is no Python", ["python3", "score.py"], "SyntaxError"),
        ("", ["no-such-program"], "There is no program no-such-program in /usr/local/bin"),
        ("", ["./score.py"], "cannot be started"),
        (program(), ["python3", "absent.py"], "absent.py"),
    ]

    @Test(arguments: unusable)
    func aProgramThatCannotWorkIsFoundOutByTheProbe(source: String, command: [String], names: String) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(program: source, command: .array(command.map(JSONValue.string)))
            let status = try await house.foreign()
            #expect(status.state.name == "broken")
            #expect(status.failure?.message.contains(names) == true, "\(status.failure?.message ?? "")")
            #expect(status.failure?.hint?.isEmpty == false)
        }
    }

    @Test(arguments: ["/usr/bin/env python3", "/usr/bin/python3 -B"])
    func aScriptIsStartedWithTheInterpreterOfItsFirstLine(interpreter: String) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(
                program: "#!\(interpreter)\n" + Self.program(), command: ["./score.py"], isExecutable: true)
            try await house.requireReady()
            #expect(try await house.score(["yes", "no"], with: "judge").map(\.value) == [1, 0])
        }
    }

    @Test func anInterpreterThatIsNowhereIsNamed() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(
                program: "#!/no/such/shell\n", command: ["./score.py"], isExecutable: true)
            let failure = try await house.foreign().failure
            #expect(failure?.code == "exec.no_interpreter")
            #expect(failure?.message.contains("/no/such/shell") == true)
        }
    }

    @Test func aGrantNamesTheCommand() async throws {
        try await TestHouse.withHouse(trustsAll: false) { house in
            try await house.drop(program: Self.program())
            let status = try await house.foreign()
            #expect(status.state.name == "needs grant")
            #expect(status.failure?.message.contains("run the program `python3 score.py`") == true)
        }
    }
}
