import ArenaCore
import ArenaJSON
import ArenaStore
import ArenaTestSupport
import Testing

@Suite struct RecordTests {
    @Test func scoreKeepsEveryMember() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        let json: JSONValue = [
            "eval_run_id": "run1", "item_id": "i1", "repeat": 2, "value": 0.5, "pass": false, "reason": "wrong",
            "explain": "e", "output": "cafe\u{301}", "reference": "café", "finish_reason": "stop",
            "latency_ms": 12.5, "usage": ["tokens_out": 3], "judge": ["x": 1], "tokens_per_s": nil,
        ]
        let row = try SealedRow(recordType: "eval_score/1", key: "k", json: json, pluginID: "demo")
        _ = try await store.finish(claim, sealing: [row, .run()])
        let score = try #require(try await store.evalScores(ofRun: "run1").first)
        #expect(score.repeatIndex == 2)
        #expect(score.value == 0.5)
        #expect(score.pass == false)
        #expect(score.output.map { Array($0.unicodeScalars) } == Array("cafe\u{301}".unicodeScalars))
        #expect(score.reference == "café")
        #expect(score.latencyMilliseconds == 12.5)
        #expect(score.usage == ["tokens_out": 3])
        #expect(score.extra?["judge"] == ["x": 1])
    }

    @Test func itemThatCouldNotBeScoredHasNoValue() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        let json: JSONValue = ["eval_run_id": "run1", "item_id": "i1", "value": nil, "reason": "infrastructure"]
        let row = try SealedRow(recordType: "eval_score/1", key: "k", json: json, pluginID: "demo")
        _ = try await store.finish(claim, sealing: [row, .run()])
        let score = try #require(try await store.evalScores(ofRun: "run1").first)
        #expect(score.value == nil && score.pass == nil && score.reason == "infrastructure")
    }

    @Test func severalReferencesAreKept() throws {
        let row = try SealedRow(
            recordType: "eval_score/1", key: "k",
            json: ["eval_run_id": "r", "item_id": "i", "reference": ["a", "b"]], pluginID: "demo")
        guard case .evalScore(let score, _) = row else { return #expect(Bool(false)) }
        #expect(score.reference == nil)
        #expect(score.extra?["reference"] == ["a", "b"])
    }

    @Test func runReadsBackAsItWasPut() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        let json: JSONValue = [
            "id": "run1", "bench_id": "b", "bench_sha256": "01", "lane_id": "l", "model": "m",
            "scorer": ["id": "s", "plugin": "p", "version": "1", "sha256": "02"], "n_items": 10, "n_scored": 8,
            "n_infrastructure": 1, "n_skipped": 1, "mean_normalized": 0.75, "stderr": 0.1, "repeat": 1, "limit": 10,
            "sampling": ["temperature": 0], "started_at": "2026-11-21T09:05:07.042Z",
            "finished_at": "2026-11-21T09:06:07Z", "host": "box",
        ]
        let row = try SealedRow(recordType: "eval_run/1", key: "run1", json: json, pluginID: "demo")
        guard case .evalRun(let record) = row else { return #expect(Bool(false)) }
        _ = try await store.finish(claim, sealing: [row])
        #expect(try await store.evalRun("run1") == record)
        #expect(record.scorerPlugin == "p")
        #expect(record.finishedAt?.description == "2026-11-21T09:06:07.000Z")
        #expect(record.extra == ["host": "box"])
    }

    @Test(arguments: [
        ("eval_score/1", "k", "[]"), ("eval_score/1", "k", "{}"), ("eval_score/1", "k", #"{"eval_run_id":"r"}"#),
        ("eval_score/1", "k", #"{"eval_run_id":"r","item_id":""}"#),
        ("eval_score/1", "k", #"{"eval_run_id":"r","item_id":"i","value":"1"}"#),
        ("eval_score/1", "k", #"{"eval_run_id":"r","item_id":"i","value":1e999}"#),
        ("eval_score/1", "k", #"{"eval_run_id":"r","item_id":"i","repeat":-1}"#),
        ("eval_score/1", "k", #"{"eval_run_id":"r","item_id":"i","pass":1}"#),
        ("eval_run/1", "k", #"{"id":"other"}"#), ("eval_run/1", "k", #"{"id":"k","n_items":1.5}"#),
        ("eval_run/1", "k", #"{"id":"k","started_at":"yesterday"}"#),
        ("eval_run/1", "k", #"{"id":"k","scorer":"text"}"#), ("note/1", "k", #""text""#),
    ])
    func recordOfTheWrongShapeIsRefused(recordType: String, key: String, text: String) throws {
        let json = try JSONValue(parsing: text)
        let error = #expect(throws: StoreError.self) {
            try SealedRow(recordType: recordType, key: key, json: json, pluginID: "demo")
        }
        #expect(error?.code == "store.invalid_record")
        #expect(error?.category == .invalidArgument)
    }

    @Test func scoresArePagedByItemAndRepeat() async throws {
        let store = try await ArenaStore.inMemory()
        let claim = try await store.running("j1")
        _ = try await store.finish(claim, sealing: (1...5).map { try .score("i\($0)") } + [.run()])
        let first = try await store.evalScores(ofRun: "run1", limit: 2)
        #expect(first.map(\.itemID) == ["i1", "i2"])
        let second = try await store.evalScores(ofRun: "run1", after: ("i2", 0), limit: 2)
        #expect(second.map(\.itemID) == ["i3", "i4"])
    }
}

@Suite struct KeyValueTests {
    @Test func pluginSeesItsOwnKeysOnly() async throws {
        let store = try await ArenaStore.inMemory()
        try await store.setKeyValue([0, 255], to: [1, 2, 3], ofPlugin: "a")
        #expect(try await store.keyValue([0, 255], ofPlugin: "a") == [1, 2, 3])
        #expect(try await store.keyValue([0, 255], ofPlugin: "b") == nil)
        try await store.setKeyValue([0, 255], to: [], ofPlugin: "a")
        #expect(try await store.keyValue([0, 255], ofPlugin: "a") == [])
        try await store.removeKeyValue([0, 255], ofPlugin: "a")
        try await store.removeKeyValue([0, 255], ofPlugin: "a")
        #expect(try await store.keyValue([0, 255], ofPlugin: "a") == nil)
    }

    @Test func keysComeSortedByBytesFromAPrefix() async throws {
        let store = try await ArenaStore.inMemory()
        for key in ["b", "a1", "a2", "a\u{FF}", "A"] {
            try await store.setKeyValue(Array(key.utf8), to: [], ofPlugin: "p")
        }
        let found = try await store.keys(withPrefix: Array("a".utf8), after: [], ofPlugin: "p")
        #expect(found == ["a1", "a2", "a\u{FF}"].map { Array($0.utf8) })
        let rest = try await store.keys(withPrefix: Array("a".utf8), after: Array("a1".utf8), limit: 1, ofPlugin: "p")
        #expect(rest == [Array("a2".utf8)])
        #expect(try await store.keys(withPrefix: [], after: [], ofPlugin: "p").count == 5)
    }

    @Test func limitsAreKept() async throws {
        let store = try await ArenaStore.inMemory()
        let empty = await #expect(throws: StoreError.self) { try await store.setKeyValue([], to: [], ofPlugin: "p") }
        #expect(empty?.code == "store.invalid_key")
        let long = [UInt8](repeating: 1, count: 257)
        await #expect(throws: StoreError.self) { try await store.setKeyValue(long, to: [], ofPlugin: "p") }
        let mebibyte = [UInt8](repeating: 1, count: 1 << 20)
        await #expect(throws: StoreError.self) { try await store.setKeyValue([1], to: mebibyte + [1], ofPlugin: "p") }
        for key in UInt8(0)..<15 { try await store.setKeyValue([key], to: mebibyte, ofPlugin: "p") }
        let full = await #expect(throws: StoreError.self) {
            try await store.setKeyValue([99], to: mebibyte, ofPlugin: "p")
        }
        #expect(full?.code == "store.quota")
        #expect(full?.category == .resourceExhausted)
        try await store.setKeyValue([3], to: mebibyte, ofPlugin: "p")
        try await store.setKeyValue([99], to: [1], ofPlugin: "other")
    }
}
