import ArenaJSON
import ArenaPluginKit
import CArenaPlugin
import Testing

/// A rubric of which a document may say how long an answer can be.
struct Short: RubricPlugin {
    private let limit: Int

    init(document: [UInt8]) throws(PluginError) {
        guard let limit = Int(document.isEmpty ? "10" : String(decoding: document, as: UTF8.self)) else {
            throw PluginError(.invalidArgument, code: "short.document", "It is no number.", hint: "Write a number.")
        }
        self.limit = limit
    }

    var description: JSONValue { ["id": "short", "title": "Short", "description": "", "checks": []] }
    func plan(_ item: ScoreItem) -> JSONValue { [] }

    func combine(_ item: ScoreItem, results: [JSONValue]) -> JSONValue {
        ["total": JSONValue(item.output.utf8.count <= limit ? 1 : 0), "checks": []]
    }
}

struct RubricTests {
    @Test(
        "[RUB-6] what loading refuses is a fault of the document, and nothing else is", arguments: ["7", "", "seven"])
    func faultsAreWhatLoadingRefuses(document: String) throws {
        let rubric = try #require(table(ARENA_RUBRIC_1, "short", as: arena_rubric_v1.self)).pointee
        let call = RecordingCall()
        let bytes = Array(document.utf8)
        bytes.withUnsafeBufferPointer { buffer in
            let document = arena_bytes(ptr: buffer.baseAddress, len: UInt64(buffer.count))
            var object: UnsafeMutableRawPointer?
            let status = call.lend { rubric.load($0, document, &object) }
            defer { rubric.destroy(object) }
            let faults = call.lend { call in written { rubric.check(call, document, $0) } }
            #expect(faults.status == ARENA_OK)
            let expected = #"[{"line":1,"column":1,"message":"It is no number.","hint":"Write a number."}]"#
            #expect(faults.text == (status == ARENA_OK ? "[]" : expected))
            #expect((status == ARENA_OK) == (bytes != Array("seven".utf8)))
        }
    }
}
