import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginWire
import ArenaTestSupport
import Testing

struct CallTests {
    private func scorers() throws -> WorkerSession {
        try WorkerSession(try CompiledPlugin.shared("scorers.c"), id: "scorers", version: "1.2.3")
    }

    @Test func jobRunsFromItsCheckpoint() throws {
        let start = CallRequest.JobStart(
            kind: "echo", jobID: "j", attempt: 3, payload: "{}", checkpoint: Array("cp".utf8), sequence: 4)
        let result = try scorers().call(.jobRun(start))
        #expect(result.status == .ok)
        #expect(
            String(decoding: result.payload, as: UTF8.self)
                == #"{"attempt":3,"sequence":4,"checkpoint":"cp","payload":{}}"#)
    }

    @Test func jobIsValidatedAndEstimated() throws {
        let session = try scorers()
        #expect(try session.call(.jobValidate(kind: "echo", payload: "{}")).payload == Array("[]".utf8))
        #expect(try session.call(.jobEstimate(kind: "echo", payload: "{}")).payload == [])
        let missing = try session.call(.jobValidate(kind: "none", payload: "{}"))
        #expect(missing.status == .notFound && missing.detail.contains("plugin.interface_missing"))
    }

    @Test func faultOfThePluginIsToldByItsCode() throws {
        let session = try scorers()
        _ = try session.call(.scorerCreate(instance: 1, kind: "odd", config: ""))
        let batch = ScoreBatch([ScoreItem(itemID: "", output: "silent failure")]).bytes
        let result = try session.call(.scorerScore(instance: 1, batch: batch))
        #expect(result.status == .internalError)
        #expect(try JSONValue(parsing: result.detail)["code"]?.string == "plugin.fault")
    }

    @Test func callsAreRefusedWithTheirReason() throws {
        let session = try scorers()
        #expect(try session.call(.scorerScore(instance: 5, batch: [0, 0, 0, 0])).status == .notFound)
        #expect(try session.call(.scorerCreate(instance: 5, kind: "exact", config: "")).status == .ok)
        #expect(try session.call(.scorerCreate(instance: 5, kind: "exact", config: "")).status == .alreadyExists)
        #expect(try session.call(.scorerScore(instance: 5, batch: [1])).status == .invalidArgument)
        #expect(try session.call(.engineHealth(instance: 5)).status == .notFound)
        let refused = try session.call(.scorerCreate(instance: 6, kind: "exact", config: #"{"refuse":true}"#))
        #expect(refused.status == .invalidArgument)
        #expect(try session.call(.scorerCreate(instance: 6, kind: "exact", config: "")).status == .ok)
    }

    @Test func resultLargerThanAFrameIsReplacedByTheNews() throws {
        let start = CallRequest.JobStart(kind: "echo", jobID: "j", attempt: 1, payload: #"{"endless":true}"#)
        #expect(try scorers().call(.jobRun(start)).status == .resourceExhausted)
    }

    @Test func answerFlowsNoFasterThanItsCredit() throws {
        let session = try scorers()
        #expect(try session.call(.engineCreate(instance: 2, kind: "parrot", config: "{}")).status == .ok)
        #expect(try session.call(.engineStart(instance: 2)).status == .ok)
        // One byte of credit lets one piece pass, which overdraws it.
        let id = try session.begin(.engineChat(instance: 2, request: "hey"), credit: 1)
        var text = ""
        for piece in 1...3 {
            guard case .data(id, let bytes) = try session.next() else {
                throw WorkerSession.Unexpected(message: "data")
            }
            text += try ChatDelta(decoding: bytes).text
            // While it waits for credit, other calls go on: this answer would come after any further piece.
            if piece < 3 { #expect(try session.call(.engineHealth(instance: 2)).status == .ok) }
            try session.worker.send(.credit(call: id, bytes: UInt32(bytes.count)))
        }
        guard case .result(let result) = try session.next() else { throw WorkerSession.Unexpected(message: "result") }
        #expect(text == "hey")
        #expect(try ChatEnd(decoding: result.payload).finishReason == "stop")
        #expect(try session.call(.engineStop(instance: 2)).status == .ok)
    }

    @Test func cancelledAnswerStopsWaitingForCredit() throws {
        let session = try scorers()
        _ = try session.call(.engineCreate(instance: 2, kind: "parrot", config: "{}"))
        let id = try session.begin(.engineChat(instance: 2, request: "hey"), credit: 0)
        try session.worker.send(.cancel(call: id))
        guard case .result(let result) = try session.next() else { throw WorkerSession.Unexpected(message: "result") }
        #expect(result.status == .cancelled)
    }

    @Test func embeddingsAndRelevancesComeBack() throws {
        let session = try scorers()
        _ = try session.call(.engineCreate(instance: 2, kind: "parrot", config: "{}"))
        let embedded = try session.call(.engineEmbed(instance: 2, model: "m", texts: ["a", "bb"]))
        let rows = try EmbeddingRows(decoding: embedded.payload)
        #expect(rows.dimensions == 2 && rows.rows.count == 16)
        let ranked = try session.call(.engineRerank(instance: 2, model: "m", query: "q", documents: ["a"]))
        #expect(ranked.payload.count == 8)
        #expect(try session.call(.engineModels(instance: 2)).status == .ok)
        #expect(try session.call(.engineDestroy(instance: 2)).status == .ok)
    }
}
