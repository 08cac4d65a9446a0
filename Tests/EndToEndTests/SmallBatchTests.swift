import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaRuntime
import ArenaTestSupport
import Testing

/// Many callers with an item each, for a scorer whose children are all busy.
@Suite(.startsProcesses)
struct SmallBatchTests {
    private static let manifest: JSONValue = [
        "id": "batch", "version": "1.0.0", "abi": "1.0", "library": "plugin.so",
        "provides": [["interface": "arena.scorer/1", "id": "count"]],
    ]

    private func withScorer(_ body: (TestHouse, ResolvedKind) async throws -> Void) async throws {
        try await TestHouse.withHouse { house in
            try house.place("batch", from: "batch.c", manifest: Self.manifest)
            try await house.settle("batch")
            let kind = try await house.runtime.scoring.scorer("batch/count", config: [:])
            try await body(house, kind)
        }
    }

    private func item(_ id: Int, output: String = "x") -> ScoreBatch {
        ScoreBatch([ScoreItem(itemID: "\(id)", output: output, references: ["x", "y"])])
    }

    @Test func itemsOfManyCallersAreJudgedTogetherAndEachGetsItsOwn() async throws {
        try await withScorer { house, kind in
            let scoring = house.runtime.scoring
            let explanations = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for id in 0..<64 {
                    group.addTask { (id, try await scoring.score(item(id), with: kind, config: [:])[0].explain) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(explanations.count == 64)
            var largest = 0
            for (id, explain) in explanations {
                #expect(explain.hasPrefix("\(id) of "))
                largest = max(largest, Int(explain.split(separator: " ").last ?? "") ?? 0)
            }
            #expect(largest > 8, "no batch held more than \(largest) items")
        }
    }

    @Test func refusalReachesOnlyTheCallerWhoseItemItIs() async throws {
        try await withScorer { house, kind in
            let scoring = house.runtime.scoring
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<16 {
                    group.addTask {
                        guard id == 11 else {
                            let results = try await scoring.score(item(id), with: kind, config: [:])
                            return #expect(results.map(\.value) == [1])
                        }
                        let fault = await #expect(throws: PluginFault.self) {
                            try await scoring.score(item(id, output: "refuse"), with: kind, config: [:])
                        }
                        #expect(fault?.message.contains("It was asked to refuse.") == true)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func callerThatGivesUpIsAnsweredAndTheOthersAreJudged() async throws {
        try await withScorer { house, kind in
            let scoring = house.runtime.scoring
            let impatient = (0..<12).map { id in Task { try await scoring.score(item(id), with: kind, config: [:]) } }
            let patient = (12..<24).map { id in Task { try await scoring.score(item(id), with: kind, config: [:]) } }
            for task in impatient { task.cancel() }
            for task in impatient {
                // One whose batch had ended before it gave up has its result.
                guard case .failure(let error) = await task.result else { continue }
                #expect((error as? PluginFault)?.kind == .cancelled)
            }
            for task in patient {
                let results = try await task.value
                #expect(results.map(\.value) == [1])
            }
        }
    }

    @Test func closingAnswersWhoStillWaits() async throws {
        try await withScorer { house, kind in
            let scoring = house.runtime.scoring
            let callers = (0..<12).map { id in Task { try await scoring.score(item(id), with: kind, config: [:]) } }
            _ = try await callers[0].value
            await house.runtime.close()
            for caller in callers {
                switch await caller.result {
                case .success(let results): #expect(results.map(\.value) == [1])
                case .failure(let error): #expect((error as? PluginFault)?.code == "plugin.worker_unavailable")
                }
            }
        }
    }
}
