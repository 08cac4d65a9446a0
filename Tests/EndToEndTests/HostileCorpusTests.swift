import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaJobs
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArenaTestSupport
import Foundation
import Testing

/// What the host makes of plugins that are wrong, broken or hostile: it says what happened, and goes on.
@Suite(.startsProcesses, .serialized)
struct HostileCorpusTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var defines: [String] = []
        var manifest = TestHouse.manifest()
        let state: String
        var code: String?
        /// What the reason names.
        var names: String?
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "another major in the manifest", manifest: TestHouse.manifest(abi: "2.0"), state: "broken",
            code: "plugin.abi_mismatch"),
        Case(
            name: "another major in the library", defines: ["ENTRY=arena_plugin_entry_v2"], state: "broken",
            code: "plugin.abi_mismatch"),
        Case(name: "a newer minor", defines: ["MINOR=7"], state: "ready"),
        Case(name: "an older minor", defines: ["MINOR=0"], state: "ready"),
        Case(name: "entries of two majors", defines: ["SECOND_ENTRY=arena_plugin_entry_v2"], state: "ready"),
        Case(name: "no entry", defines: ["NO_ENTRY"], state: "broken", code: "plugin.no_entry"),
        Case(
            name: "another id than its manifest", defines: ["ID=\"other\""], state: "broken",
            code: "plugin.manifest_mismatch"),
        Case(
            name: "a kind that it does not have", manifest: TestHouse.manifest(kind: "absent"), state: "broken",
            code: "plugin.interface_missing"),
        Case(name: "crash while loading", defines: ["ON_LOAD=\"crash\""], state: "broken", code: "plugin.crashed"),
        Case(name: "abort while loading", defines: ["ON_LOAD=\"abort\""], state: "broken", code: "plugin.crashed"),
        Case(name: "exit while loading", defines: ["ON_LOAD=\"exit\""], state: "broken", code: "plugin.crashed"),
        Case(
            name: "endless loop while loading", defines: ["ON_LOAD=\"loop\""], state: "broken",
            code: "plugin.unresponsive"),
        Case(
            name: "crash in init", defines: ["ON_INIT=\"crash\""], state: "broken", code: "plugin.crashed",
            names: "`init`"),
        Case(
            name: "abort in init", defines: ["ON_INIT=\"abort\""], state: "broken", code: "plugin.crashed",
            names: "`init`"),
        Case(
            name: "exit in init", defines: ["ON_INIT=\"exit\""], state: "broken", code: "plugin.crashed",
            names: "`init`"),
        Case(
            name: "endless loop in init", defines: ["ON_INIT=\"loop\""], state: "broken", code: "plugin.unresponsive",
            names: "`init`"),
        Case(
            name: "stack overflow in init", defines: ["ON_INIT=\"stack overflow\""], state: "broken",
            code: "plugin.crashed", names: "`init`"),
        Case(
            name: "a thread left behind by init", defines: ["ON_INIT=\"thread\""], state: "broken",
            code: "plugin.threads_left"),
        Case(
            name: "failure in init without a reason", defines: ["ON_INIT=\"socket\""], state: "broken",
            code: "plugin.fault", names: "`init`"),
        Case(name: "prints in init", defines: ["ON_INIT=\"print\""], state: "broken", code: "plugin.prints"),
        Case(name: "a line for the log in init", defines: ["ON_INIT=\"log\""], state: "ready"),
        Case(name: "crash in create", defines: ["ON_CREATE=\"crash\""], state: "broken", code: "plugin.crashed"),
        Case(name: "prints in create", defines: ["ON_CREATE=\"print\""], state: "broken", code: "plugin.prints"),
        Case(
            name: "garbage on the wire", defines: ["ON_CREATE=\"wire\""], state: "broken",
            code: "plugin.wire_violation"),
    ]

    @Test(arguments: cases)
    func plugin(_ hostile: Case) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop(defines: hostile.defines, manifest: hostile.manifest)
            let status = try await house.status()
            #expect(status.state.name == hostile.state, "\(status.failure?.message ?? "")")
            if let code = hostile.code { #expect(status.failure?.code == code) }
            if let names = hostile.names { #expect(status.failure?.message.contains(names) == true) }
            if hostile.state == "broken" {
                #expect(status.failure?.message.isEmpty == false)
                #expect(status.failure?.hint?.isEmpty == false, "\(status.failure?.message ?? "")")
            }
            #expect(try await house.isAlive())
        }
    }

    @Test func refusesAFileThatAnyoneMayChange() async throws {
        try await TestHouse.withHouse { house in
            try house.place("corpus", defines: [], manifest: TestHouse.manifest())
            chmod("\(house.home)/plugins/corpus/plugin.so", 0o666)
            try await house.settle("corpus")
            let status = try await house.status()
            #expect(status.state.name == "refused")
            #expect(status.failure?.code == "plugin.unsafe_permissions")
            #expect(status.failure?.hint != nil)
        }
    }

    @Test(arguments: [
        "crash", "abort", "exit", "loop", "wire", "strange frame", "torn result", "second ready", "stack overflow",
        "overrun",
    ])
    func oneBadItemFailsAndTheOthersScore(act: String) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            let results = try await house.score(["a", act, "b", "c"], with: "corpus/obey")
            #expect(results.map(\.status) == [.ok, .internalError, .ok, .ok])
            #expect(results[1].reason == .infrastructure)
            #expect(results[1].explain.contains("corpus"))
            #expect(try await house.isAlive())
        }
    }

    /// NaN, bytes that are no UTF-8, a line on the standard output, a thread that stays.
    @Test func aFaultThatHarmsNobodyCostsItsItemAtMost() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            let results = try await house.score(["a", "no number", "no text", "print", "thread"], with: "corpus/obey")
            #expect(results.map(\.status) == [.ok, .internalError, .ok, .ok, .ok])
            #expect(results[1].explain.contains("nan is not between 0 and 1"))  // [SCORER-1]
            #expect(results[2].explain == "")  // [STR-3]
            #expect(try await house.isAlive())
        }
    }

    @Test func threeCrashesParkThePluginUntilItIsRetried() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            for _ in 0..<3 { _ = try await house.score(["crash"], with: "corpus/obey") }
            let fault = await #expect(throws: PluginFault.self) {
                _ = try await house.score(["a"], with: "corpus/obey")
            }
            #expect(fault?.code == "plugin.parked")
            #expect(fault?.hint?.contains("arena plugin retry corpus") == true)
            try await house.runtime.registry.retry("corpus")
            #expect(try await house.score(["a"], with: "corpus/obey").map(\.value) == [1])
        }
    }

    @Test func aScorerThatHangsInTheHostRunsInAChildFromThenOn() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            try await house.runtime.registry.trust("corpus", isolation: .host)
            #expect(await isolation(of: "obey", house) == "host")
            let results = try await house.score(["a", "pause"], with: "corpus/obey")
            #expect(results.map(\.status) == [.ok, .internalError])
            #expect(await isolation(of: "obey", house) == "child")
            #expect(try await house.isAlive())
        }
    }

    private func isolation(of scorer: String, _ house: TestHouse) async -> String? {
        await house.runtime.pluginList().first {
            $0["id"]?.string == scorer && $0["interface"]?.string == "arena.scorer/1"
        }?["isolation"]?.string
    }

    @Test(arguments: ["fork", "socket", "memory"])
    func theFencesRefuse(act: String) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            let result = try await house.score([act], with: "corpus/obey")
            #expect(result.map(\.value) == [0])
            #expect(result[0].explain.isEmpty == false)
            #expect(try await house.isAlive())
        }
    }

    @Test func aKeyInTheHomeCannotBeRead() async throws {
        try await TestHouse.withHouse { house in
            let key = house.home + "/id_key"
            try Data("secret".utf8).write(to: URL(filePath: key))
            try await house.drop()
            #expect(try await house.score(["read \(key)"], with: "corpus/obey").map(\.value) == [0])
        }
    }

    @Test(arguments: [
        ("crash", "plugin.crashed"), ("abort", "plugin.crashed"), ("exit", "plugin.crashed"),
        ("wire", "plugin.wire_violation"), ("strange frame", "plugin.wire_violation"),
        ("torn result", "plugin.wire_violation"), ("second ready", "plugin.wire_violation"),
        ("memory", "plugin.out_of_memory"),
    ])
    func aJobThatLosesItsWorkerIsTriedAgainAndThenFails(act: String, code: String) async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            let job = try await house.runtime.jobs.enqueue(
                JobRequest(kind: "corpus/obey", payload: ["act": .string(act)], trigger: "test", maxAttempts: 1)
            ).job
            let ended = try await house.runtime.makeDispatcher().runUntilFinished(job.id)
            #expect(ended.status == .failed)
            #expect(ended.failure?.code == code, "\(ended.failure?.message ?? "")")
            #expect(try await house.isAlive())
        }
    }

    @Test func aJobThatNeverEndsIsEndedAtItsTimeout() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            let job = try await house.runtime.jobs.enqueue(
                JobRequest(kind: "corpus/obey", payload: ["act": "loop"], trigger: "test", maxAttempts: 1)
            ).job
            let ended = try await house.runtime.makeDispatcher().runUntilFinished(job.id)
            #expect(ended.status == .failed)
            #expect(ended.failure?.category == .deadlineExceeded)
        }
    }

    @Test func whoResolvedTheOldGenerationKeepsItAndNewWorkGetsTheNew() async throws {
        try await TestHouse.withHouse { house in
            try await house.drop()
            let old = try await house.runtime.scoring.scorer("corpus/obey", config: [:])
            try await house.drop(defines: ["VALUE=0.25"])
            let new = try await house.runtime.scoring.scorer("corpus/obey", config: [:])
            #expect(old.plugin.sha256 != new.plugin.sha256)
            let batch = ScoreBatch([ScoreItem(itemID: "1", output: "a")])
            #expect(try await house.runtime.scoring.score(batch, with: old, config: [:]).map(\.value) == [1])
            #expect(try await house.runtime.scoring.score(batch, with: new, config: [:]).map(\.value) == [0.25])
        }
    }
}
