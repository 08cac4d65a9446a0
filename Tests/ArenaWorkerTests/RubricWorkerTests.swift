import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginWire
import ArenaTestSupport
import Testing

struct RubricWorkerTests {
    private func probe(_ defines: [String] = []) throws -> [JSONValue] {
        let session = try WorkerSession(
            try CompiledPlugin.shared("rubrics.c", defines: defines), id: "rubrics", version: "1.0.0")
        let result = try session.call(
            .probe(expectation: #"{"provides": [{"interface": "arena.rubric/1", "id": "obey"}]}"#))
        return try JSONValue(parsing: result.payload)["checks"]?.array?.filter { $0["ok"]?.bool == false } ?? []
    }

    @Test func soundRubricPassesItsProbe() throws {
        #expect(try probe().isEmpty)
    }

    @Test(arguments: [#"TOTAL="2""#, #"TOTAL="\"much\"""#])
    func totalOutsideOfItsRangeIsFoundByTheProbe(define: String) throws {
        let faults = try probe([define])
        #expect(faults.first?["check"]?.string == "use")
        #expect(faults.first?["message"]?.string?.contains("not between 0 and 1") == true)
    }

    @Test func operationsGoThroughTheWire() throws {
        let session = try WorkerSession(try CompiledPlugin.shared("rubrics.c"), id: "rubrics", version: "1.0.0")
        let batch = ScoreBatch([ScoreItem(itemID: "1", output: "yes")]).bytes
        #expect(try session.call(.rubricPlan(instance: 1, batch: batch)).status == .notFound)
        #expect(try session.call(.rubricLoad(instance: 1, kind: "obey", document: [])).status == .ok)
        #expect(try session.call(.rubricLoad(instance: 1, kind: "obey", document: [])).status == .alreadyExists)
        let plan = try session.call(.rubricPlan(instance: 1, batch: batch))
        #expect(try TextList(decoding: plan.payload).texts.count == 1)
        let score = try session.call(.rubricCombine(instance: 1, batch: batch, results: [#"[{"pass":true}]"#]))
        #expect(try TextList(decoding: score.payload).texts.first?.contains("0.5") == true)
        #expect(try session.call(.rubricCheck(kind: "obey", document: [])).payload == Array("null".utf8))
        #expect(try session.call(.rubricDestroy(instance: 1)).status == .ok)
        #expect(try session.call(.rubricDescribe(instance: 1)).status == .notFound)
    }

    @Test func scorerIsNoRubric() throws {
        let session = try WorkerSession(try CompiledPlugin.shared("scorers.c"), id: "scorers", version: "1.2.3")
        #expect(try session.call(.rubricLoad(instance: 1, kind: "exact", document: [])).status == .notFound)
        #expect(try session.call(.scorerCreate(instance: 2, kind: "exact", config: "{}")).status == .ok)
        #expect(try session.call(.rubricDescribe(instance: 2)).status == .notFound)
    }
}
