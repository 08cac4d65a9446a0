import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaPluginWire
import Testing

/// What a plugin's service requests are answered, without a child that asks.
@Suite(.timeLimit(.minutes(1)))
struct ServiceSessionTests {
    private static let everything = [
        "arena.job/1", "arena.lanes/1", "arena.scoring/1", "arena.artifacts/1", "arena.kv/1", "arena.clock/1",
        "arena.http/1",
    ]
    private static let batch = ScoreBatch([ScoreItem(itemID: "1", output: "a")]).bytes

    /// One request for each function of each service.
    static let requests: [ArenaPluginWire.ServiceRequest] = [
        .jobPut(type: "t", key: "k", json: "{}"), .jobCommit(checkpoint: [], expected: 0),
        .lanesSubmit(tag: 1, request: "{}"), .lanesNext(timeoutNanoseconds: 0), .lanesAbort(tag: 1),
        .scoringSubmit(tag: 1, scorer: "s", config: "", batch: batch), .scoringNext(timeoutNanoseconds: 0),
        .scoringAbort(tag: 1), .viewsPage(name: "bench", params: "", cursor: "", limit: 1),
        .artifactsCreate(name: "a", mediaType: "text/plain"), .artifactsWrite(artifact: 1, bytes: []),
        .artifactsFinish(artifact: 1), .artifactsDiscard(artifact: 1), .kvGet(key: "k"), .kvPut(key: "k", value: []),
        .kvRemove(key: "k"), .kvKeys(prefix: "", after: ""), .clockUnixMilliseconds, .httpSubmit(tag: 1, request: "{}"),
        .httpNext(timeoutNanoseconds: 0), .httpAbort(tag: 1),
    ]

    private func session(
        _ granted: [String] = everything, views: [String] = [], providers: ServiceProviders = ServiceProviders()
    ) throws -> ServiceSession {
        var services = granted.map(JSONValue.string)
        if !views.isEmpty { services.append(["id": "arena.views/1", "views": .array(views.map(JSONValue.string))]) }
        let manifest: JSONValue = [
            "id": "demo", "version": "1.0.0", "abi": "1.0", "library": "demo.so", "services": .array(services),
            "provides": [["interface": "arena.job_kind/1", "id": "work"]],
        ]
        let document = try ManifestDocument(manifest.bytes(), path: "demo/plugin.json", form: .json)
        return ServiceSession(
            providers: providers, granted: try PluginManifest(document, isFirstParty: false).services)
    }

    private func ask(_ session: ServiceSession, _ request: ArenaPluginWire.ServiceRequest) async -> ReplyMessage {
        await withCheckedContinuation { continuation in
            session.requested(ServiceMessage(id: 4, call: 1, request: request)) { continuation.resume(returning: $0) }
        }
    }

    private func code(_ reply: ReplyMessage) -> String? { (try? JSONValue(parsing: reply.detail))?["code"]?.string }

    @Test func everyFunctionIsAmongTheRequests() {
        #expect(
            Set(Self.requests.map(\.method))
                == Set(ServiceMethod.allCases.filter { $0.serviceID != "arena.exporter/1" }))
    }

    @Test(arguments: requests)
    func aServiceThatWasNotGrantedIsRefusedByItsName(request: ArenaPluginWire.ServiceRequest) async throws {
        let reply = await ask(try session([]), request)
        #expect(reply.id == 4 && reply.status == .permissionDenied)
        #expect(code(reply) == "service.not_granted")
        #expect(reply.message.contains(request.method.serviceID))
        #expect(try JSONValue(parsing: reply.detail)["hint"]?.string?.contains("manifest") == true)
    }

    @Test(
        arguments: requests.filter {
            ![.clockUnixMilliseconds, .lanesNext, .lanesAbort, .scoringNext, .scoringAbort, .httpNext, .httpAbort]
                .contains($0.method)
        })
    func aServiceThatMakesNoSenseHereSaysSo(request: ArenaPluginWire.ServiceRequest) async throws {
        let reply = await ask(try session(views: ["bench"]), request)
        #expect(reply.status == .failedPrecondition)
        #expect(code(reply) == "service.not_here")
        #expect(reply.message.contains(request.method.serviceID))
    }

    @Test func aViewOutsideOfTheGrantIsRefused() async throws {
        var providers = ServiceProviders()
        providers.views = StubViews()
        let session = try session(views: ["bench"], providers: providers)
        let page = ArenaPluginWire.ServiceRequest.viewsPage(name: "bench", params: "", cursor: "", limit: 1000)
        #expect(await ask(session, page).status == .ok)
        let other = await ask(session, .viewsPage(name: "jobs", params: "", cursor: "", limit: 10))
        #expect(other.status == .permissionDenied && code(other) == "service.view_not_granted")
        for limit in [0, 1001, UInt32.max] {
            let reply = await ask(session, .viewsPage(name: "bench", params: "", cursor: "", limit: limit))
            #expect(reply.status == .invalidArgument && code(reply) == "service.limit")
        }
        let bad = await ask(session, .viewsPage(name: "bench", params: "{", cursor: "", limit: 10))
        #expect(bad.status == .invalidArgument && code(bad) == "service.bad_json")
    }

    @Test func theClockIsTheHosts() async throws {
        let providers = ServiceProviders(clock: SettableClock())
        let reply = await ask(try session(providers: providers), .clockUnixMilliseconds)
        #expect(reply.status == .ok && reply.data.count == 8)
    }

    @Test func requestsToLanesRunSideBySideAndEachEndsOnce() async throws {
        var providers = ServiceProviders()
        providers.lanes = StubLanes()
        let session = try session(providers: providers)
        #expect(await ask(session, .lanesSubmit(tag: 1, request: #"{"wait":true}"#)).status == .ok)
        #expect(await ask(session, .lanesSubmit(tag: 2, request: #"{"say":"two"}"#)).status == .ok)
        #expect(code(await ask(session, .lanesSubmit(tag: 1, request: "{}"))) == "service.tag_in_use")
        #expect(code(await ask(session, .lanesSubmit(tag: 3, request: "{"))) == "service.bad_json")
        let first = try await next(session)
        #expect(first.tag == 2 && first.data == Array(#"{"say":"two"}"#.utf8))
        #expect(await ask(session, .lanesAbort(tag: 1)).status == .ok)
        let second = try await next(session)
        #expect(second.tag == 1 && second.status == .cancelled)
        #expect(try await next(session, nanoseconds: 0).kind == .none)
        #expect(await ask(session, .lanesAbort(tag: 77)).status == .ok, "an unknown tag is nobody's fault")
    }

    private func next(_ session: ServiceSession, nanoseconds: UInt64 = 20_000_000_000) async throws -> CompletionEvent {
        try CompletionEvent(decoding: await ask(session, .lanesNext(timeoutNanoseconds: nanoseconds)).data)
    }

    @Test func rowsKeepTheirOrderHoweverLongOneTakes() async throws {
        let rows = StubRows()
        var providers = ServiceProviders()
        providers.job = rows
        let session = try session(providers: providers)
        let (replies, replied) = AsyncStream.makeStream(of: ReplyMessage.self)
        for id in 1...50 as ClosedRange<UInt64> {
            let put = ArenaPluginWire.ServiceRequest.jobPut(type: "t", key: "\(id)", json: "{}")
            session.requested(ServiceMessage(id: id, call: 1, request: put)) { replied.yield($0) }
        }
        var ids: [UInt64] = []
        for await reply in replies {
            #expect(reply.status == .ok)
            ids.append(reply.id)
            if ids.count == 50 { break }
        }
        #expect(ids == Array(1...50))
        #expect(await rows.keys == (1...50).map(String.init))
    }

    @Test func theEndOfTheCallEndsWhatItStartedAndDropsTheRest() async throws {
        let rows = StubRows(holdsFirst: true)
        let lanes = StubLanes()
        let values = StubValues()
        var providers = ServiceProviders()
        (providers.job, providers.lanes, providers.keyValues) = (rows, lanes, values)
        let session = try session(providers: providers)
        #expect(await ask(session, .lanesSubmit(tag: 1, request: #"{"wait":true}"#)).status == .ok)
        async let event = next(session)
        async let value = ask(session, .kvGet(key: "slow"))
        await values.untilAsked()
        async let replies = withTaskGroup(of: ReplyMessage.self) { group in
            for key in ["a", "b", "c"] {
                group.addTask { await ask(session, .jobPut(type: "t", key: key, json: "{}")) }
            }
            return await group.reduce(into: [StatusCode]()) { $0.append($1.status) }
        }
        await rows.untilHeld()

        session.ended()
        await lanes.untilCancelled()
        #expect(try await event.kind == .none)
        #expect(await value.status == .cancelled)
        rows.letGo()
        #expect(await replies.sorted { $0.rawValue < $1.rawValue } == [.ok, .cancelled, .cancelled])
        #expect(await rows.keys.count == 1, "what had not begun is not done")
    }

    @Test(arguments: requests)
    func whatIsAskedAfterTheEndIsAnsweredCancelled(request: ArenaPluginWire.ServiceRequest) async throws {
        let session = try session(views: ["bench"])
        session.ended()
        let reply = await ask(session, request)
        #expect(reply.status == .cancelled)
        #expect(code(reply) == "service.call_ended")
    }
}
