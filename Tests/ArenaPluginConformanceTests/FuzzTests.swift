import ArenaJSON
import ArenaPluginConformance
import ArenaTestSupport
import Foundation
import Testing

@Suite(.startsProcesses, .serialized, .temporaryDirectory) struct FuzzTests {
    @Test func aCrashLeavesASmallInputThatRepeatsIt() async throws {
        let plugin = try CheckedPlugin("CRASHES")
        var options = CheckOptions()
        options.seed = 7
        options.rounds = 200
        options.replayFolder = try TemporaryDirectory.path()
        let found = try #require(try await plugin.failures(.fuzz, options: options)["fuzz/scorer/kind"])
        #expect(found.rule == "MEM-2")
        #expect(found.seed == 7)

        let file = options.replayFolder + "/conforming-kind-7.replay.json"
        #expect(found.hint?.contains(file) == true)
        let input = try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: file))))
        // Most but the one thing that it crashes on is gone, however slow the machine is: tries are counted, not time.
        #expect(input["items"]?.array?.count == 1)
        let output = try #require(input["items"]?[0]?["output"]?.string)
        #expect(output.contains("1e309") && output.unicodeScalars.count < 1000)
        #expect(input["items"]?[0]?["references"] == [])

        options.replay = input
        let again = try await plugin.check(options: options)
        #expect(again.map(\.id) == ["fuzz/replay"])
        #expect(again.first?.verdict.status == .fail)
        #expect(try await CheckedPlugin().check(options: options).first?.verdict.status == .pass)
    }

    @Test func theSameSeedDrawsTheSameLots() async throws {
        let plugin = try CheckedPlugin("CRASHES")
        var options = CheckOptions()
        options.seed = 11
        options.rounds = 200
        let first = try await plugin.failures(.fuzz, options: options).keys.sorted()
        let second = try await plugin.failures(.fuzz, options: options).keys.sorted()
        #expect(first == second)
        #expect(first == ["fuzz/scorer/kind"])
    }

    @Test func anInputOfAnotherPluginIsRefused() async throws {
        var options = CheckOptions()
        options.replay = ["interface": "arena.scorer/1", "kind": "other"]
        let verdict = try await CheckedPlugin().check(options: options).first?.verdict
        #expect(verdict?.status == .fail)
        #expect(verdict?.hint == "Check the right plugin.")
    }
}
