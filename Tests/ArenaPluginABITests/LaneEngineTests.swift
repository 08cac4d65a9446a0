import ArenaCore
import ArenaPluginABI
import Synchronization
import Testing

struct LaneEngineTests {
    private final class Pieces: Sendable {
        let all = Mutex<[ChatPiece]>([])
        var text: String { all.withLock { $0.map(\.text).joined() } }
    }

    private func withEngine<R>(_ body: (LaneEngine, CallContext) throws -> R) throws -> R {
        let engine = try ScorerTests.library.get().laneEngine("parrot").create(config: "{}", in: CallContext())
        defer { engine.destroy() }
        return try body(engine, CallContext())
    }

    @Test func answersInPiecesAndEndsOnce() throws {
        let pieces = Pieces()
        let end = try withEngine { engine, call in
            try engine.start(in: call)
            defer { try? engine.stop(in: call) }
            return try engine.chat(request: "hello", in: call) { piece in
                pieces.all.withLock { $0.append(piece) }
                return .ok
            }
        }
        #expect(pieces.text == "hello")
        #expect(end.finishReason == "stop")
        #expect(end.usage == #"{"completion_tokens":1}"#)
        #expect(end.meta == "")
    }

    @Test(arguments: ["no end", "two ends", "delta after end"])
    func answerWithoutExactlyOneEndIsAFault(request: String) throws {
        try withEngine { engine, call in
            let failure = #expect(throws: CallFailure.self) {
                try engine.chat(request: request, in: call) { _ in .ok }
            }
            #expect(failure?.isPluginFault == true)
        }
    }

    @Test func unknownChannelIsRefused() throws {
        try withEngine { engine, call in
            let failure = #expect(throws: CallFailure.self) {
                try engine.chat(request: "channel 9", in: call) { _ in .ok }
            }
            #expect(failure?.status == .invalidArgument)
        }
    }

    @Test func readerThatGoesEndsTheAnswer() throws {
        let pieces = Pieces()
        try withEngine { engine, call in
            let failure = #expect(throws: CallFailure.self) {
                try engine.chat(request: "hello", in: call) { piece in
                    pieces.all.withLock { all in
                        all.append(piece)
                        return all.count < 3 ? .ok : .cancelled
                    }
                }
            }
            #expect(failure?.status == .cancelled)
        }
        #expect(pieces.text == "hel")
    }

    @Test func embeddingsAndRelevancesKeepTheirOrder() throws {
        try withEngine { engine, call in
            let (dimensions, rows) = try engine.embed(model: "m", texts: ["a", "", "ccc"], in: call)
            let numbers = rows.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            #expect(dimensions == 2 && numbers == [1, 0, 0, 1, 3, 2])
            let scores = try engine.rerank(model: "m", query: "q", documents: ["xx", "y"], in: call)
            #expect(scores.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) } == [2, 1])
            #expect(try engine.embed(model: "m", texts: [], in: call).rows == [])
            #expect(throws: CallFailure.self) { try engine.rerank(model: "", query: "", documents: ["nan"], in: call) }
        }
    }

    @Test func healthAndModelsAreDocuments() throws {
        let health = try withEngine { engine, call in try engine.health(in: call) }
        #expect(health.hasPrefix(#"{"ok":true"#))
        let models = try withEngine { engine, call in try engine.models(in: call) }
        #expect(models.hasPrefix("{"))
    }
}
