import ArenaEventStream
import Testing

/// The rules of the HTML standard, each with the stream that shows it.
struct EventStreamTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let stream: String
        let events: [StreamEvent]
        var retry: UInt64?
        var testDescription: String { name }

        init(_ name: String, _ stream: String, _ events: [StreamEvent], retry: UInt64? = nil) {
            self.name = name
            self.stream = stream
            self.events = events
            self.retry = retry
        }
    }

    private static func event(_ text: String, type: String = "message", id: String = "") -> StreamEvent {
        StreamEvent(type: type, data: Array(text.utf8), lastID: id)
    }

    static let cases = [
        Case("LF", "data: a\n\ndata: b\n\n", [event("a"), event("b")]),
        Case("CR", "data: a\r\rdata: b\r\r", [event("a"), event("b")]),
        Case("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", [event("a"), event("b")]),
        Case("ends of lines mixed", "data: a\r\n\ndata: b\n\rdata: c\r\r\n", [event("a"), event("b"), event("c")]),
        Case("byte order mark", "\u{FEFF}data: a\n\n", [event("a")]),
        Case("byte order mark only at the start", "data: a\n\n\u{FEFF}data: b\n\n", [event("a")]),
        Case("several lines of data", "data: a\ndata:\ndata:  b\n\n", [event("a\n\n b")]),
        Case("no space after the colon", "data:a\n\n", [event("a")]),
        Case("a colon in the value", "data: a: b\n\n", [event("a: b")]),
        Case("a field without a colon", "data\n\n", [event("")]),
        Case("a comment", ": ping\n\n:\ndata: a\n: pong\n\n", [event("a")]),
        Case("an unknown field", "datas: x\n data: x\ndata: a\n\n", [event("a")]),
        Case("an event without data", "event: x\n\ndata: a\n\n", [event("a")]),
        Case("a type", "event: ping\ndata: a\n\ndata: b\n\n", [event("a", type: "ping"), event("b")]),
        Case(
            "an id stays", "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            [event("a", id: "1"), event("b", id: "1"), event("c")]),
        Case("an id with NUL is none", "id: 1\u{0}\ndata: a\n\n", [event("a")]),
        Case("retry", "retry: 250\n\n", [], retry: 250),
        Case("a retry that is no number is none", "retry: 2s\nretry: \nretry: -1\n\n", []),
        Case("an event that the end cuts off is none", "data: a\n\ndata: b\n", [event("a")]),
        Case("text beyond ASCII", "data: schön 日本\n\n", [event("schön 日本")]),
        Case("blank lines alone", "\n\r\r\n\n", []),
    ]

    private func read(_ pieces: [[UInt8]]) throws -> (events: [StreamEvent], retry: UInt64?) {
        var parser = EventStreamParser()
        var events: [StreamEvent] = []
        for piece in pieces { events += try parser.feed(piece) }
        return (events, parser.retryMilliseconds)
    }

    @Test(arguments: cases)
    func readsTheSameWhateverTheSplit(_ one: Case) throws {
        let bytes = Array(one.stream.utf8)
        let whole = try read([bytes])
        #expect(whole.events == one.events)
        #expect(whole.retry == one.retry)
        #expect(try read(bytes.map { [$0] }).events == one.events)
        for first in bytes.indices {
            for second in first..<bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                guard try read(pieces).events == one.events else {
                    Issue.record("cut at \(first) and \(second)")
                    return
                }
            }
        }
    }

    @Test func dataThatIsNoTextStaysAsItIs() throws {
        let events = try read([Array("data: ".utf8) + [0xFF, 0xC3], Array("\n\n".utf8)]).events
        #expect(events.first?.data == [0xFF, 0xC3])
        #expect(events.first?.text == "\u{FFFD}\u{FFFD}")
    }

    @Test(arguments: [1, 7, 1000])
    func lineBeyondItsLimitEndsTheStream(piece: Int) throws {
        var parser = EventStreamParser(limits: EventStreamLimits(line: 10, event: 100))
        #expect(try parser.feed(Array("data: 1234\n\n".utf8)).count == 1)
        let bytes = Array("data: 12345\n\n".utf8)
        let error = #expect(throws: EventStreamError.self) {
            for start in stride(from: 0, to: bytes.count, by: piece) {
                _ = try parser.feed(Array(bytes[start..<min(bytes.count, start + piece)]))
            }
        }
        #expect(error?.code == "event_stream.long_line")
    }

    @Test func endlessLineIsNotKept() throws {
        var parser = EventStreamParser(limits: EventStreamLimits(line: 64, event: 100))
        #expect(throws: EventStreamError(.longLine(limit: 64))) {
            for _ in 0..<100 { _ = try parser.feed([UInt8](repeating: 0x61, count: 16)) }
        }
    }

    @Test func eventOfManyLinesHasALimitToo() throws {
        var parser = EventStreamParser(limits: EventStreamLimits(line: 64, event: 100))
        #expect(throws: EventStreamError(.largeEvent(limit: 100))) {
            for _ in 0..<100 { _ = try parser.feed(Array("data: 0123456789\n".utf8)) }
        }
    }

    @Test func linesOfJSONAreDocumentsWhateverTheSplit() throws {
        let bytes = Array("{\"a\":1}\r\n\n  \n[2]\n{\"c\":\"ü\"}".utf8)
        let expected = ["{\"a\":1}", "[2]", "{\"c\":\"ü\"}"]
        for cut in 0...bytes.count {
            var parser = LineDocumentParser()
            var documents = try parser.feed(Array(bytes[..<cut]))
            documents += try parser.feed(Array(bytes[cut...]))
            if let last = parser.finish() { documents.append(last) }
            #expect(documents.map { String(decoding: $0, as: UTF8.self) } == expected)
        }
    }

    @Test func documentBeyondItsLimitEndsTheStream() throws {
        var parser = LineDocumentParser(limits: EventStreamLimits(line: 8))
        #expect(throws: EventStreamError(.longLine(limit: 8))) { _ = try parser.feed(Array("{\"abc\": 1}".utf8)) }
    }
}
