import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginWire
import ArenaTestSupport
import Testing

struct ServiceWireTests {
    private static let everything = [
        "arena.job/1", "arena.lanes/1", "arena.scoring/1", "arena.views/1", "arena.artifacts/1", "arena.kv/1",
        "arena.clock/1", "arena.random/1", "arena.http/1",
    ]

    private func session(_ services: [String] = everything, withheld: [String: String] = [:]) throws -> WorkerSession {
        try WorkerSession(
            try CompiledPlugin.shared("services.c"), id: "services", services: services, withheld: withheld,
            seed: 0xA0A0)
    }

    private func start(_ payload: String = "{}") -> CallRequest {
        .jobRun(CallRequest.JobStart(kind: "services", jobID: "j", attempt: 1, payload: payload))
    }

    /// What a host would answer.
    private func answer(_ request: ServiceRequest) -> [UInt8] {
        var fields = FieldWriter()
        switch request {
        case .jobCommit(_, let expected): fields.u64(expected + 1)
        case .artifactsCreate: fields.u64(77)
        case .clockUnixMilliseconds: fields.i64(1234)
        case .lanesNext:
            return CompletionEvent(kind: .done, tag: 41, status: .unavailable, data: Array("away".utf8)).encode()
        case .httpNext:
            return CompletionEvent(kind: .delta, tag: 12, data: Array("piece".utf8)).encode()
        case .scoringNext: return CompletionEvent(kind: .none).encode()
        case .kvGet: return [118]
        case .viewsPage(let name, _, _, let limit): return Array("\(name) \(limit)".utf8)
        default: break
        }
        return fields.bytes
    }

    @Test func everyServiceGoesToTheHostAndBack() throws {
        let session = try session()
        let call = try session.begin(start())
        var asked: [ServiceRequest] = []
        var result: ResultMessage?
        while result == nil {
            switch try session.next() {
            case .service(let service):
                #expect(service.call == call)
                asked.append(service.request)
                try session.worker.send(
                    .reply(ReplyMessage(id: service.id, status: .ok, data: answer(service.request))))
            case .result(let message): result = message
            case let other: throw WorkerSession.Unexpected(message: "\(other)")
            }
        }
        #expect(Set(asked.map(\.method)) == Set(ServiceMethod.allCases.filter { $0.serviceID != "arena.exporter/1" }))
        let report = try JSONValue(parsing: try #require(result).payload)
        for (name, expected) in [
            ("job.commit", "0 4"), ("lanes.event", "14 2041"), ("artifacts.create", "0 77"), ("kv.get", "0 v"),
            ("clock.unix_ms", "0 1234"), ("views.page", "0 bench 10"), ("random.seed", "0 41120"),
            ("http.next", "0 piece"), ("http.event", "0 1012"),
        ] { #expect(report[name]?.string == expected, "\(name)") }
        let written = asked.compactMap { if case .artifactsWrite(_, let bytes) = $0 { bytes.count } else { nil } }
        #expect(written.reduce(0, +) == 3_000_000)
        let batch = asked.compactMap { if case .scoringSubmit(_, _, _, let bytes) = $0 { bytes } else { nil } }.first
        #expect(try ScoreBatch(decoding: try #require(batch)).items.map(\.itemID) == ["i1", "i2"])
    }

    @Test func refusalOfAServiceReachesThePlugin() throws {
        let session = try session()
        _ = try session.begin(start(#"{"kv":true}"#))
        guard case .service(let service) = try session.next() else { throw WorkerSession.Unexpected(message: "") }
        let detail = #"{"code":"kv.narrow","hint":"Add it to the manifest."}"#
        try session.worker.send(
            .reply(ReplyMessage(id: service.id, status: .permissionDenied, message: "Not this key.", detail: detail)))
        guard case .result(let result) = try session.next() else { throw WorkerSession.Unexpected(message: "") }
        #expect(result.status == .permissionDenied)
        #expect(result.message == "Not this key.")
        #expect(result.detail == detail)
    }

    @Test func cancelledServiceCallReturnsAtOnce() throws {
        let session = try session()
        let call = try session.begin(start(#"{"kv":true}"#))
        guard case .service(let service) = try session.next() else { throw WorkerSession.Unexpected(message: "") }
        try session.worker.send(.cancel(call: call))
        guard case .result(let result) = try session.next() else { throw WorkerSession.Unexpected(message: "") }
        #expect(result.status == .cancelled)
        // The late answer belongs to nobody and does no harm.
        try session.worker.send(.reply(ReplyMessage(id: service.id, status: .ok, data: [1])))
        #expect(try session.call(.jobValidate(kind: "services", payload: "{}")).status == .ok)
    }

    @Test func serviceCallEndsAtTheDeadline() throws {
        let session = try session()
        _ = try session.begin(start(#"{"kv":true}"#), deadline: monotonicNanoseconds() + 50_000_000)
        guard case .service = try session.next() else { throw WorkerSession.Unexpected(message: "") }
        guard case .result(let result) = try session.next() else { throw WorkerSession.Unexpected(message: "") }
        #expect(result.status == .deadlineExceeded)
    }

    @Test func servicesThatAreNotGrantedAreAbsentWithTheReason() throws {
        let session = try session(["arena.clock/1"], withheld: ["arena.kv/1": "revoked"])
        let result = try session.call(start(#"{"kv":true}"#))
        #expect(result.status == .internalError)
        #expect(try session.call(start(#"{"ask":true}"#)).status == .ok)
        #expect(session.logs.contains { $0.message.contains("arena.kv/1") && $0.message.contains("revoked") })
        #expect(session.logs.contains { $0.message.contains("arena.telepathy/1") })
        #expect(session.logs.contains { $0.message == "hello from init" && $0.call == 0 })
    }
}
