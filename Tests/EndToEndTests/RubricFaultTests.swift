import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Foundation
import Testing

/// A rubric that is spoilt and mended while Arena runs.
@Suite(.startsProcesses, .serialized, .timeLimit(.minutes(3)))
struct RubricFaultTests {
    private static func rubric(weight: String, scorer: String = "includes") -> String {
        "id: mine\nchecks:\n  - name: a\n    scorer: \(scorer)\n    weight: \(weight)\n    why: w\n"
    }

    private static func plugin(_ data: JSONValue) -> JSONValue? {
        data["plugins"]?.array?.first { $0["id"] == "operator-rubrics" }
    }

    private static func kind(_ data: JSONValue) -> JSONValue? {
        data["kinds"]?.array?.first { $0["plugin"] == "operator-rubrics" && $0["id"] == "mine" }
    }

    @Test func thePageIsToldOfAFaultAndOfItsEnd() async throws {
        try await TestHouse.withHouse { house in
            let runtime = house.runtime
            try await runtime.registry.watch()
            await runtime.registry.refresh()
            try await HouseServer.run(on: runtime) { server in
                async let spoilt = server.events("/api/plugins/stream") { Self.plugin($0.data)?["faults"] != nil }
                try house.write(rubric: Self.rubric(weight: "heavy"), to: "mine.yaml")
                let event = try #require(try await spoilt.last)
                let fault = try #require(Self.plugin(event.data)?["faults"]?[0])
                #expect(fault["file"]?.string == "\(house.home)/rubrics/mine.yaml")
                #expect(fault["line"] == 5 && fault["column"] == 13 && fault["hint"]?.string?.isEmpty == false)
                #expect(Self.plugin(event.data)?["state"] == "broken" && Self.kind(event.data)?["state"] == "broken")

                async let mended = server.events("/api/plugins/stream") { Self.kind($0.data)?["state"] == "ready" }
                try house.write(rubric: Self.rubric(weight: "2"), to: "mine.yaml")
                let good = try #require(try await mended.last)
                #expect(Self.plugin(good.data)?["state"] == "ready" && Self.plugin(good.data)?["faults"] == nil)
            }
        }
    }

    @Test func aFaultInAnotherPluginIsMendedThere() async throws {
        try await TestHouse.withHouse { house in
            let runtime = house.runtime
            try house.write(rubric: Self.rubric(weight: "1", scorer: "obey"), to: "mine.yaml")
            try await house.settle(rubric: "mine")
            let before = await runtime.rubrics.documentFaults()["operator-rubrics/mine"]
            #expect(before?.failure.code == "rubric.unknown_scorer" && before?.faults.first?.line == 4)
            try await house.drop()
            #expect(await runtime.rubrics.documentFaults().isEmpty, "the scorer is there now")
        }
    }

    @Test func theServerScoresWithARubric() async throws {
        try await TestHouse.withHouse { house in
            await house.runtime.registry.refresh()
            try await HouseServer.run(on: house.runtime) { server in
                let answer = try await server.send(
                    "POST", "/api/score",
                    body: ["scorer": "rubric:mcq_letter", "items": [["output": "The answer is B.", "reference": "B"]]])
                #expect(answer.json["scorer"]?["id"] == "rubric:mcq_letter")
                #expect(answer.json["scores"]?[0]?["checks"]?[0]?["ok"] == true, "\(answer.json.text())")
                let unknown = try await server.send(
                    "POST", "/api/score", body: ["scorer": "rubric:nope", "items": [["output": "B"]]])
                #expect(unknown.status == 404 && unknown.json["hint"]?.string?.contains("mcq_letter") == true)
            }
        }
    }

    @Test func moreRubricsThanStayLoadedCanBeUsedAtOnce() async throws {
        try await TestHouse.withHouse { house in
            let names = (0..<24).map { "r\($0)" }
            for name in names {
                let text = Self.rubric(weight: "1").replacing("id: mine", with: "id: \(name)")
                try house.write(rubric: text, to: "\(name).yaml")
            }
            for name in names { try await house.settle(rubric: name) }
            try await withThrowingTaskGroup(of: Double?.self) { group in
                for name in names + names {
                    group.addTask { try await house.score("yes", name, references: ["yes"]).total }
                }
                for try await total in group { #expect(total == 1) }
            }
        }
    }
}
