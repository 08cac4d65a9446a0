import ArenaCore
import ArenaJSON
import ArenaPluginWire
import Testing

struct RoundTripTests {
    @Test(arguments: Samples.hostMessages)
    func messageOfTheHostComesBackAsItWasSent(message: HostMessage) throws {
        var decoder = FrameDecoder()
        decoder.append(try message.encode())
        let frame = try #require(try decoder.next())
        #expect(try HostMessage(frame) == message)
        #expect(decoder.pendingBytes == 0)
    }

    @Test(arguments: Samples.childMessages)
    func messageOfTheChildComesBackAsItWasSent(message: ChildMessage) throws {
        var decoder = FrameDecoder()
        decoder.append(try message.encode())
        let frame = try #require(try decoder.next())
        #expect(try ChildMessage(frame) == message)
        #expect(decoder.pendingBytes == 0)
    }

    @Test func samplesHaveEveryOperationAndEveryServiceMethod() {
        #expect(Set(Samples.requests.map(\.operation)) == Set(Operation.allCases))
        #expect(Set(Samples.services.map(\.method)) == Set(ServiceMethod.allCases))
    }

    @Test func framesHaveTheLayoutOfThePage() throws {
        #expect(try HostMessage.bye.encode() == [12, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            try HostMessage.credit(call: 258, bytes: 7).encode()
                == [16, 0, 0, 0, 5, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0])
        #expect(
            try ChildMessage.data(call: 1, bytes: [9]).encode()
                == [17, 0, 0, 0, 131, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9])
    }

    @Test func helloAndReadyComeBackFromTheirDocuments() throws {
        #expect(try Hello(Samples.hello.json) == Samples.hello)
        #expect(try Ready(Samples.ready.json) == Samples.ready)
        let failure = Failure(code: "plugin.x", category: .failedPrecondition, message: "m", hint: "h")
        #expect(try Refusal.failure(Refusal.json(failure)) == failure)
    }

    @Test(arguments: [
        "protocol", "nonce", "abi", "library", "plugin", "services", "withheld", "seed", "bind_now", "sandbox",
    ])
    func helloWithoutAMemberIsRefused(member: String) throws {
        var object = try #require(Samples.hello.json.object)
        object[member] = nil
        #expect(throws: WireError.self) { try Hello(.object(object)) }
    }

    @Test(arguments: ["landlock", "seccomp", "empty_network", "read_only", "read_write", "limits"])
    func noFenceIsLeftOutByOmission(member: String) throws {
        var object = try #require(Samples.hello.json.object)
        var sandbox = try #require(object["sandbox"]?.object)
        sandbox[member] = nil
        object["sandbox"] = .object(sandbox)
        let document = JSONValue.object(object)
        #expect(throws: WireError.self) { try Hello(document) }
    }

    @Test func payloadsComeBackFromTheirBytes() throws {
        let delta = ChatDelta(channel: 2, choice: 1, text: "é", raw: [1, 2])
        #expect(try ChatDelta(decoding: delta.encode()) == delta)
        let end = ChatEnd(finishReason: "stop", usage: "{}", meta: "")
        #expect(try ChatEnd(decoding: end.encode()) == end)
        let rows = EmbeddingRows(dimensions: 1, rows: [0, 0, 128, 63])
        #expect(try EmbeddingRows(decoding: rows.encode()) == rows)
        let event = CompletionEvent(kind: .done, tag: 9, status: .unavailable, data: [123, 125])
        #expect(try CompletionEvent(decoding: event.encode()) == event)
    }

    @Test func statusOutsideOfTheTableIsUnknown() throws {
        var fields = FieldWriter()
        fields.i32(-7)
        for _ in 0..<3 { fields.u32(0) }
        let message = try ChildMessage(Frame(type: 130, id: 1, body: fields.bytes))
        #expect(message == .result(ResultMessage(id: 1, status: .unknown)))
    }
}
