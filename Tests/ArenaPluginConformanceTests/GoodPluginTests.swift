import ArenaCore
import ArenaJSON
import ArenaPluginConformance
import ArenaTestSupport
import Testing

@Suite(.startsProcesses, .serialized, .temporaryDirectory) struct GoodPluginTests {
    @Test func whatKeepsEveryRulePasses() async throws {
        var options = CheckOptions()
        options.rounds = 40
        let results = try await CheckedPlugin().check(options: options)
        #expect(results.filter { $0.verdict.status == .fail } == [])
        // Nothing is left out either, but for what there is nothing of.
        #expect(
            results.filter { $0.verdict.status == .skip }.map(\.id)
                == ["contract/scorer/kind/sinks"])
        #expect(Set(results.map(\.group)) == Set(CheckGroup.allCases))
    }

    @Test(arguments: [
        "text", "replay", "sleep", "eval_rerun", "csv", "mirror_json", "quantity", "rubric_checks", "openai", "pattern",
        "json", "honesty", "similarity",
    ])
    func whatComesWithArenaPasses(plugin: String) async throws {
        var options = CheckOptions()
        options.rounds = 40
        let path = CheckedPlugin.products + "/libarena-\(plugin).so"
        let results = try await CheckedPlugin.check(path, options)
        #expect(results.count > 10)
        #expect(results.filter { $0.verdict.status == .fail || $0.verdict.hint != nil } == [])
    }

    @Test func resultsSayWhatWasDoneInOneForm() async throws {
        let results = try await CheckedPlugin().check(.static)
        let first = try #require(results.first)
        #expect(first.json["id"] == "static/manifest")
        #expect(first.json["group"] == "static")
        #expect(first.json["subject"] == "conforming")
        #expect(first.json["status"] == "pass")
        #expect(first.json["rule"] == .some(.null))
        #expect(first.json["duration_ms"]?.int != nil)
        #expect(first.json["seed"] == nil)
    }

    @Test func whatIsNoPluginFailsAndSaysWhy() async throws {
        let results = try await CheckedPlugin.check(TemporaryDirectory.path("nothing"), CheckOptions())
        #expect(results.map(\.id) == ["static/plugin"])
        #expect(results.first?.verdict.status == .fail)
        #expect(results.first?.verdict.message.isEmpty == false)
    }
}
