import ArenaJSON
import ArenaPluginKit
import CArenaPlugin
import Testing

/// `arena.http/1` as a plugin in Swift uses it, against a host that says what a test wants.
struct HTTPServiceTests {
    private func use<R>(_ host: HTTPHost, _ body: (inout HTTPService) throws -> R) throws -> R {
        try RecordingCall().lend { call in
            try host.lend { host in
                var http = try Services(call: PluginCall(call), host: host).http()
                return try body(&http)
            }
        }
    }

    @Test func anAnswerIsItsHeadAndEveryByteBehindTheNewline() throws {
        let host = HTTPHost([
            .done(7, ARENA_OK, "{\"status\":404,\"headers\":{\"x-kind\":\"stub\"},\"bytes\":3}\n\n\u{0}b")
        ])
        try use(host) { http in
            try http.submit(7, ["url": "https://example.org/"])
            guard case .done(7, let answer) = try http.next(within: 10) else {
                Issue.record("no answer")
                return
            }
            #expect(answer.status == 404 && answer.headers == ["x-kind": "stub"], "any status is an answer [HTTP-4]")
            #expect(answer.body == Array("\n\u{0}b".utf8))
            #expect(try http.next(within: 10) == nil)
        }
        #expect(host.requests == [#"{"url":"https://example.org/"}"#])
        #expect(host.waited == [10_000_000, 10_000_000])
    }

    @Test func aStreamIsItsHeadThenPiecesEachRequestOnItsOwn() throws {
        let head = #"{"status":200,"headers":{"content-type":"text/plain"}}"#
        let host = HTTPHost([
            .delta(1, head), .delta(2, head), .delta(1, #"{"a":1}"#),
            .done(1, ARENA_OK, #"{"status":200,"headers":{}}"#),
            .delta(2, "b"),
        ])
        try use(host) { http in
            for tag in [1, 2] as [UInt64] { try http.submit(tag, ["url": "https://example.org/", "stream": true]) }
            var seen: [String] = []
            while let event = try http.next(within: 0) {
                switch event {
                case .head(let tag, let status, let headers):
                    seen.append("\(tag) \(status) \(headers.values.first ?? "")")
                case .piece(let tag, let bytes): seen.append("\(tag) \(String(decoding: bytes, as: UTF8.self))")
                case .done(let tag, let answer): seen.append("\(tag) end \(answer.body.count)")
                case .failed(let tag, _): seen.append("\(tag) failed")
                }
            }
            #expect(seen == ["1 200 text/plain", "2 200 text/plain", #"1 {"a":1}"#, "1 end 0", "2 b"])
        }
    }

    @Test func aRequestThatFailsSaysWhyAndTheCallGoesOn() throws {
        let words = #"{"code":"service.host_not_granted","message":"No.","hint":"Ask."}"#
        let host = HTTPHost([.done(3, ARENA_PERMISSION_DENIED, words)])
        try use(host) { http in
            try http.submit(3, ["url": "https://example.org/", "stream": true])
            guard case .failed(3, let error) = try http.next(within: 0) else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == "service.host_not_granted" && error.hint == "Ask." && !error.isKnownToHost)
        }
    }

    @Test func oneRequestIsFetchedWholeStreamedOrNot() throws {
        let end = #"{"status":200,"headers":{}}"#
        let streamed = HTTPHost([.delta(0, end), .delta(0, "ab"), .none, .delta(0, "c"), .done(0, ARENA_OK, end)])
        #expect(try use(streamed) { try $0.fetch(["url": "u", "stream": true]).body } == Array("abc".utf8))
        let whole = HTTPHost([.done(0, ARENA_OK, end + "\nabc")])
        #expect(try use(whole) { try $0.fetch(["url": "u"]).body } == Array("abc".utf8))
        let failed = HTTPHost([.done(0, ARENA_UNAVAILABLE, #"{"code":"http.unreachable","message":"Gone."}"#)])
        let error = #expect(throws: PluginError.self) { try use(failed) { try $0.fetch(["url": "u"]) } }
        #expect(error?.code == "http.unreachable" && error?.status == .unavailable)
    }

    @Test func aServiceThatRefusesOrIsNotThereThrows() throws {
        let host = HTTPHost([])
        host.submitStatus = ARENA_RESOURCE_EXHAUSTED
        let full = #expect(throws: PluginError.self) { try use(host) { try $0.submit(1, ["url": "u"]) } }
        #expect(full?.status == .resourceExhausted && full?.isKnownToHost == true)
        host.isThere = false
        let missing = #expect(throws: PluginError.self) { try use(host) { _ in } }
        #expect(missing?.code == "plugin.service_missing" && missing?.message.contains("arena.http/1") == true)
    }
}

/// A host with the service `arena.http/1` alone, whose events are written beforehand. Used on one thread.
private final class HTTPHost {
    enum Event {
        case delta(UInt64, String)
        case done(UInt64, arena_status, String)
        case none
    }

    var submitStatus = ARENA_OK
    var isThere = true
    private(set) var requests: [String] = []
    private(set) var waited: [UInt64] = []
    private var events: [Event]
    private let service = UnsafeMutablePointer<arena_http_service>.allocate(capacity: 1)

    init(_ events: [Event]) {
        self.events = events
        service.initialize(to: arena_http_service())
        service.pointee.struct_size = UInt32(MemoryLayout<arena_http_service>.size)
        service.pointee.host_context = Unmanaged.passUnretained(self).toOpaque()
        service.pointee.submit = { service, _, _, request in
            guard let host = HTTPHost.from(service?.pointee.host_context) else { return ARENA_INTERNAL }
            host.requests.append(request.string)
            return host.submitStatus
        }
        service.pointee.next = { service, _, timeout, event, sink in
            guard let host = HTTPHost.from(service?.pointee.host_context), let event, let sink else {
                return ARENA_INTERNAL
            }
            host.waited.append(timeout)
            return host.next(event, sink)
        }
    }

    deinit { service.deallocate() }

    private static func from(_ context: UnsafeMutableRawPointer?) -> HTTPHost? {
        context.map { Unmanaged<HTTPHost>.fromOpaque($0).takeUnretainedValue() }
    }

    private func next(_ event: UnsafeMutablePointer<arena_completion>, _ sink: UnsafePointer<arena_sink>)
        -> arena_status
    {
        event.pointee.kind = ARENA_COMPLETION_NONE
        guard !events.isEmpty else { return ARENA_OK }
        var data = ""
        switch events.removeFirst() {
        case .none: return ARENA_OK
        case .delta(let tag, let text):
            event.pointee.kind = ARENA_COMPLETION_DELTA
            event.pointee.tag = tag
            data = text
        case .done(let tag, let status, let text):
            event.pointee.kind = ARENA_COMPLETION_DONE
            event.pointee.tag = tag
            event.pointee.status = status
            data = text
        }
        return Array(data.utf8).withUnsafeBytes { sink.pointee.write(sink, $0.baseAddress, UInt64($0.count)) }
    }

    func lend<R>(_ body: (UnsafePointer<arena_host>) throws -> R) rethrows -> R {
        var host = arena_host()
        host.struct_size = UInt32(MemoryLayout<arena_host>.size)
        host.host_context = Unmanaged.passUnretained(self).toOpaque()
        host.service = { host, id in
            guard let owner = HTTPHost.from(host?.pointee.host_context), id.string == ARENA_HTTP_1, owner.isThere else {
                return nil
            }
            return UnsafeRawPointer(owner.service)
        }
        return try withExtendedLifetime(self) { try body(&host) }
    }
}
