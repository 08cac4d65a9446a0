import ArenaPluginConformance
import ArenaTestSupport
import Testing

/// Functions of C libraries, programs, and rubrics that are documents: plugins without a line of Arena's own.
@Suite(.startsProcesses, .serialized, .temporaryDirectory) struct CodelessPluginTests {
    @Test(arguments: ["likelihood", "python_syntax"])
    func whatComesWithArenaPasses(plugin: String) async throws {
        var options = CheckOptions()
        options.rounds = 20
        let results = try await CheckedPlugin.check(CompiledPlugin.checkout + "/Plugins/" + plugin, options)
        #expect(results.filter { $0.verdict.status == .fail || $0.verdict.hint != nil } == [])
        #expect(Set(results.map(\.group)) == [.static, .load, .interface, .fuzz])
    }

    /// A program that answers 1, but does `act` first.
    private func program(_ act: String) throws -> CheckedPlugin {
        try CheckedPlugin(files: [
            "plugin.yaml": """
            id: program
            version: 1.0.0
            license: Apache-2.0
            description: It does what a test needs.
            exec_scorers:
              - id: kind
                description: It answers 1.
                command: [python3, score.py]
                capabilities: {deterministic: true, timeout_ms: {default: 8000}}
                examples: [{output: "7", score: 1}, {output: "A", score: 1}]
            """,
            "score.py": """
            import json, os, sys, time
            for line in sys.stdin:
                item, value = json.loads(line), 1
                \(act)
                print(json.dumps({"id": item["id"], "value": value}), flush=True)
            """,
        ])
    }

    @Test(arguments: [
        ("if item['output'] == 'nul\\0inside': os._exit(3)", "range", "SCORER-5"),
        ("if item['output'] == ' ': value = 2", "range", "SCORER-1"),
        ("value = 1 if item['id'] == 0 else 0.5", "batch", "SCORER-3"),
        (
            "if item['output']: value = os.getpid() % 1000 / 1000 if item['output'] == ' ' else 1", "deterministic",
            "SCORER-2"
        ),
        ("if len(item['output']) > 1000: value = 2", "large", "SCORER-2"),
    ])
    func programs(act: String, id: String, rule: String) async throws {
        let found = try await program(act).failure(of: "interface/scorer/kind/\(id)")
        #expect(found?.rule == rule, "\(String(describing: found))")
    }

    @Test(arguments: ["os._exit(3)", "time.sleep(60)"])
    func ofAProgramThatNeverAnswersNothingFurtherIsAsked(act: String) async throws {
        let results = try await program(act).check(.load, .interface)
        let first = try #require(results.first)
        #expect(first.id == "load/promises" && first.verdict.status == .fail)
        #expect(first.verdict.rule == "SCORER-5")
        #expect(results.dropFirst().allSatisfy { $0.verdict.status == .skip })
    }

    @Test func aProgramThatDiesOfAnOddTextIsFoundByRandomInput() async throws {
        var options = CheckOptions()
        options.rounds = 200
        options.groups = [.fuzz]
        let results = try await program("if '\\u202e' in item['output']: os._exit(3)").check(options: options)
        #expect(results.first?.verdict.status == .fail)
        #expect(results.first?.verdict.rule == "SCORER-5")
    }

    @Test func aFunctionThatDoesNotKeepItsExamplesIsFound() async throws {
        let plugin = try CheckedPlugin(files: [
            "plugin.yaml": """
            id: function
            version: 1.0.0
            ffi_scorers:
              - id: kind
                library: libm.so.6
                symbol: sqrt
                arguments: [{output: double}]
                returns: {double: {min: 0, max: 1}}
                examples: [{output: "1", score: 1}, {output: "0.25", score: 0.4}, {output: "0", score: 0}]
            """
        ])
        let failures = try await plugin.failures(.load, .interface)
        #expect(failures["interface/scorer/kind/examples"]?.message.contains("0.5") == true)
        #expect(failures["load/promises"] != nil)
    }

    // MARK: Rubrics

    @Test func aFolderOfRubricsIsChecked() async throws {
        let results = try await CheckedPlugin.check(CompiledPlugin.checkout + "/rubrics", CheckOptions())
        #expect(results.filter { $0.verdict.status == .fail } == [])
        let read = results.filter { $0.group == .interface }
        #expect(read.map(\.subject).sorted() == ["generic-correctness", "mcq_letter", "patent_claim_validity"])
        #expect(read.allSatisfy { $0.verdict.status == .pass && $0.verdict.message.contains("rubric-checks/checks") })
    }

    @Test func everyFaultOfARubricIsNamedWithItsPlace() async throws {
        let plugin = try CheckedPlugin(files: [
            "good.yaml": "id: good\nchecks:\n  - name: a\n    scorer: includes\n    weight: 1\n    why: So.\n",
            "bad.yaml":
                "id: bad\ncheks: []\nchecks:\n  - name: a\n    scorer: includes\n    weight: -1\n    why: So.\n",
            "named.yaml": "id: other\nchecks:\n  - name: a\n    scorer: includes\n    weight: 1\n    why: So.\n",
        ])
        let failures = try await plugin.failures(.interface)
        #expect(failures.keys.sorted() == ["interface/rubric/bad/document", "interface/rubric/named/document"])
        let bad = try #require(failures["interface/rubric/bad/document"])
        #expect(bad.rule == "RUB-6" && bad.hint?.isEmpty == false)
        #expect(bad.message.contains("bad.yaml:2:8: ") && bad.message.contains("bad.yaml:6:13: "))
        #expect(failures["interface/rubric/named/document"]?.rule == "RUB-2")
    }
}
