import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// What a rubric's plugin may do wrong costs a request, never the host.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(3)))
struct HostileRubricTests {
    private static let manifest: JSONValue = [
        "id": "rubrics", "version": "1.0.0", "abi": "1.0", "library": "plugin.so",
        "provides": [
            ["interface": "arena.rubric/1", "id": "obey", "capabilities": ["timeout_ms": ["default": 500]]]
        ],
    ]

    private func withRubric(_ defines: [String] = [], _ body: (TestHouse) async throws -> Void) async throws {
        try await TestHouse.withHouse { house in
            try house.place("rubrics", from: "rubrics.c", defines: defines, manifest: Self.manifest)
            try await house.settle("rubrics")
            try await body(house)
        }
    }

    @Test func soundRubricScoresInItsChild() async throws {
        try await withRubric { house in
            #expect(try await house.status("rubrics").state.name == "ready")
            let score = try await house.score("yes", "obey", references: ["yes"])
            #expect(score.total == 0.5 && score.isPass)
        }
    }

    @Test func liesAreRefusedAndSaid() async throws {
        try await withRubric { house in
            let acts = [
                ("plan nan", "rubric.bad_output"), ("plan infinite", "rubric.fault"), ("plan negative", "rubric.fault"),
                ("plan nothing", "rubric.fault"), ("plan text", "rubric.bad_output"), ("plan bytes", "plugin.fault"),
                ("plan huge", "plugin.failed"), ("plan stranger", "rubric.fault"), ("plan judge", "rubric.fault"),
                ("plan silent", "plugin.fault"), ("plan fail", "plugin.failed"), ("combine two", "rubric.fault"),
                ("combine minus", "rubric.fault"), ("combine text", "rubric.fault"),
                ("combine empty", "rubric.bad_output"),
            ]
            for (act, code) in acts {
                let error = await #expect(throws: (any Error).self, "\(act)") { _ = try await house.score(act, "obey") }
                let failure = error.map { Failure($0) }
                #expect(failure?.code == code, "\(act): \(failure?.message ?? "")")
                #expect(failure?.message.isEmpty == false)
            }
            let nothing = try await house.score("combine null", "obey")
            #expect(nothing.total == nil)
            let sound = try await house.score("yes", "obey", references: ["yes"])
            #expect(sound.isPass, "it still scores")
        }
    }

    @Test func planThatNeverEndsIsEndedAndCrashesParkThePlugin() async throws {
        try await withRubric { house in
            for (act, code) in [
                ("plan loop", "plugin.unresponsive"), ("plan crash", "plugin.crashed"),
                ("plan crash", "plugin.crashed"),
                ("yes", "plugin.parked"),
            ] {
                let fault = await #expect(throws: PluginFault.self, "\(act)") { _ = try await house.score(act, "obey") }
                #expect(fault?.code == code, "\(act)")
            }
            try await house.runtime.registry.retry("rubrics")
            #expect(try await house.score("yes", "obey", references: ["yes"]).isPass)
            #expect(try await house.isAlive())
        }
    }

    @Test func planThatNeverEndsInTheHostMovesToAChild() async throws {
        try await withRubric { house in
            try await house.runtime.registry.trust("rubrics", isolation: .host)
            #expect(try await house.score("yes", "obey", references: ["yes"]).isPass)
            await #expect(throws: PluginFault.self) { _ = try await house.score("plan loop", "obey") }
            let fault = await #expect(throws: PluginFault.self) { _ = try await house.score("plan crash", "obey") }
            #expect(fault?.code == "plugin.crashed", "in a child, since the host is alive")
            #expect(try await house.isAlive())
        }
    }

    @Test(arguments: [[#"WEIGHT="-1""#], [#"WEIGHT="0""#], [#"WEIGHT="1e999""#]])
    func weightsThatBreakTheRuleAreNoRubric(defines: [String]) async throws {
        try await withRubric(defines) { house in
            let error = await #expect(throws: (any Error).self) { _ = try await house.runtime.rubrics.rubric("obey") }
            #expect(error.map { Failure($0).code } == "rubric.fault")
        }
    }

    @Test func totalOfTwoIsFoundByTheProbe() async throws {
        try await withRubric([#"TOTAL="2""#]) { house in
            let status = try await house.status("rubrics")
            #expect(status.state.name == "broken" && status.failure?.message.contains("between 0 and 1") == true)
        }
    }
}
