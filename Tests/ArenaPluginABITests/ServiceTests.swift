import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaTestSupport
import Synchronization
import Testing

/// Answers every service from memory and remembers what it was asked.
private final class RecordedServices: PluginServices {
    let asked = Mutex<[String]>([])
    var seed: UInt64 { 0xA0A0 }

    private func note(_ line: String) { asked.withLock { $0.append(line) } }

    func unixMilliseconds(in call: CallContext) -> Int64 { 1234 }
    func put(type: String, key: String, json: String, in call: CallContext) { note("put \(type) \(key) \(json)") }
    func commit(checkpoint: [UInt8], expected: UInt64, in call: CallContext) -> UInt64 {
        note("commit \(String(decoding: checkpoint, as: UTF8.self)) \(expected) call \(call.id)")
        return expected + 1
    }
    func submitToLane(tag: UInt64, request: String, in call: CallContext) { note("lane \(tag) \(request)") }
    func nextFromLanes(timeoutNanoseconds: UInt64, in call: CallContext) -> ServiceEvent {
        ServiceEvent(kind: .done, tag: 41, status: .unavailable, data: Array("away".utf8))
    }
    func abortAtLane(tag: UInt64, in call: CallContext) { note("abort \(tag)") }
    func submitScoring(tag: UInt64, scorer: String, config: String, batch: ScoreBatch, in call: CallContext) {
        note("score \(scorer) \(batch.items.map { "\($0.itemID):\($0.output):\($0.references)" })")
    }
    func nextFromScoring(timeoutNanoseconds: UInt64, in call: CallContext) -> ServiceEvent { ServiceEvent(kind: .none) }
    func abortScoring(tag: UInt64, in call: CallContext) {}
    func submitHTTP(tag: UInt64, request: String, in call: CallContext) { note("http \(tag) \(request)") }
    func nextFromHTTP(timeoutNanoseconds: UInt64, in call: CallContext) -> ServiceEvent {
        ServiceEvent(kind: .delta, tag: 12, data: Array("piece".utf8))
    }
    func abortHTTP(tag: UInt64, in call: CallContext) { note("abort http \(tag)") }
    func page(view: String, params: String, cursor: String, limit: UInt32, in call: CallContext) -> [UInt8] {
        Array("\(view) \(limit)".utf8)
    }
    func createArtifact(name: String, mediaType: String, in call: CallContext) -> UInt64 { 77 }
    func writeArtifact(_ artifact: UInt64, bytes: [UInt8], in call: CallContext) {
        note("artifact \(artifact) \(bytes.count)")
    }
    func finishArtifact(_ artifact: UInt64, in call: CallContext) -> [UInt8] { Array("finished".utf8) }
    func discardArtifact(_ artifact: UInt64, in call: CallContext) {}
    func value(forKey key: String, in call: CallContext) throws(ServiceFailure) -> [UInt8] {
        guard key == "k" else {
            throw ServiceFailure(.notFound, "There is no \(key).", detail: #"{"code":"kv.not_found"}"#)
        }
        return [118]
    }
    func setValue(_ value: [UInt8], forKey key: String, in call: CallContext) { note("set \(key) \(value)") }
    func removeValue(forKey key: String, in call: CallContext) { note("remove \(key)") }
    func keys(prefix: String, after: String, in call: CallContext) -> [UInt8] { Array("\(prefix)\(after)".utf8) }
}

struct ServiceTests {

    private static let everything: Set<String> = [
        "arena.job/1", "arena.lanes/1", "arena.scoring/1", "arena.views/1", "arena.artifacts/1", "arena.kv/1",
        "arena.clock/1", "arena.random/1", "arena.http/1",
    ]

    private final class Notes: Sendable {
        let all = Mutex<[String]>([])
        var lines: [String] { all.withLock { $0 } }
    }

    private func run(
        _ payload: String, grants: ServiceGrants, services: any PluginServices, notes: Notes = Notes()
    ) throws -> String {
        let plugin = try CompiledPlugin("services.c")
        let library = try PluginLibrary(path: plugin.path)
        let host = HostTable(version: "9.9.9", grants: grants, services: services) { line in
            notes.all.withLock { $0.append(line) }
        }
        let observer = RecordingObserver()
        try library.initialize(host: host, in: CallContext(observer: observer))
        #expect(observer.lines == ["info hello from init"])
        return try library.jobKind("services").run(
            JobKind.Start(jobID: "j", attempt: 1, payload: payload), in: CallContext(id: 5))
    }

    @Test func everyServiceAnswersThroughItsTable() throws {
        let services = RecordedServices()
        let text = try run("{}", grants: ServiceGrants(granted: Self.everything), services: services)
        let report = try JSONValue(parsing: text)
        let expected: [String: String] = [
            "job.put": "0 ", "job.put bad text": "3 ", "job.commit": "0 4", "job.commit nowhere": "3 ",
            "lanes.submit": "0 ", "lanes.next": "0 away", "lanes.event": "14 2041", "lanes.abort": "0 ",
            "lanes.next short": "3 ", "scoring.submit": "0 ", "scoring.next": "0 ", "scoring.abort": "0 ",
            "scoring.submit bad text": "3 ", "scoring.submit too many": "3 ", "scoring.submit bad stride": "3 ",
            "views.page": "0 bench 10", "views.page no sink": "3 ", "artifacts.create": "0 77",
            "artifacts.write": "0 ", "artifacts.finish": "0 finished", "artifacts.discard": "0 ", "kv.put": "0 ",
            "kv.get": "0 v", "kv.remove": "0 ", "kv.keys": "0 pa", "clock.unix_ms": "0 1234",
            "clock.monotonic_ns": "0 ", "random.seed": "0 41120", "random.fill too much": "3 ",
            "random without a call": "3 ", "http.submit": "0 ", "http.submit bad text": "3 ", "http.next": "0 piece",
            "http.event": "0 1012", "http.abort": "0 ",
        ]
        for (name, answer) in expected { #expect(report[name]?.string == answer, "\(name)") }
        var bytes = [UInt8](repeating: 0, count: 11)
        var stream = SeededRandom(seed: 0xA0A0, block: 5)
        bytes.withUnsafeMutableBytes { stream.fill($0) }
        #expect(report["random.fill"]?.string == "0 " + Identifier.hex(bytes))
        #expect(report.object?.count == expected.count + 1)
        let asked = services.asked.withLock { $0 }
        #expect(asked.contains(#"http 12 {"url":"http://a/"}"#))
        #expect(asked.contains("abort http 12"))
        #expect(asked.contains("put row/1 k1 {\"v\":1}"))
        #expect(asked.contains("commit cp 3 call 5"))
        #expect(asked.contains(#"score text/exact_match ["i1:x:[\"x\", \"yy\"]", "i2:y:[]"]"#))
        #expect(asked.contains("artifact 77 3000000"))
    }

    @Test func serviceThatIsNotThereIsNullWithTheReason() throws {
        let notes = Notes()
        let grants = ServiceGrants(granted: ["arena.clock/1"], withheld: ["arena.kv/1": "revoked on Monday"])
        let text = try run("{}", grants: grants, services: RecordedServices(), notes: notes)
        let keys = try JSONValue(parsing: text).object?.keys ?? []
        #expect(keys == ["clock.unix_ms", "clock.monotonic_ns"])
        #expect(notes.lines.contains { $0.contains("arena.kv/1") && $0.contains("revoked on Monday") })
        #expect(notes.lines.contains { $0.contains("arena.job/1") && $0.contains("does not ask for it") })
        _ = try run(#"{"ask":true}"#, grants: grants, services: RecordedServices(), notes: notes)
        #expect(notes.lines.contains { $0.contains("arena.telepathy/1") && $0.contains("does not know it") })
    }

    @Test func pluginMayPassOnWhatAServiceSaid() {
        let failure = #expect(throws: CallFailure.self) {
            _ = try run(
                #"{"kv":true}"#, grants: ServiceGrants(granted: Self.everything), services: RecordedServices())
        }
        #expect(failure?.status == .notFound)
        #expect(failure?.code == "kv.not_found")
        #expect(failure?.isPluginFault == false)
    }

    @Test func serviceThatIsNotImplementedRefuses() {
        struct Nothing: PluginServices {}
        let failure = #expect(throws: CallFailure.self) {
            _ = try run(#"{"kv":true}"#, grants: ServiceGrants(granted: Self.everything), services: Nothing())
        }
        #expect(failure?.status == .unimplemented)
    }

    @Test func randomBlocksRepeatAndDiffer() {
        func bytes(_ seed: UInt64, _ block: UInt64, _ count: Int) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: count)
            var stream = SeededRandom(seed: seed, block: block)
            bytes.withUnsafeMutableBytes { stream.fill($0) }
            return bytes
        }
        #expect(bytes(1, 2, 100) == bytes(1, 2, 100))
        #expect(bytes(1, 2, 13) == Array(bytes(1, 2, 100).prefix(13)))
        #expect(Set([bytes(1, 2, 16), bytes(2, 1, 16), bytes(1, 3, 16), bytes(0, 0, 16)]).count == 4)
        // Frozen: a job that is resumed by a later version must see the same bytes.
        #expect(Identifier.hex(bytes(42, 7, 8)) == Identifier.hex(bytes(42, 7, 9).dropLast()))
    }
}
