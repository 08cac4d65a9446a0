/// One event of a `text/event-stream`.
package struct StreamEvent: Hashable, Sendable {
    /// `message` where the stream says nothing.
    package var type: String
    /// The data lines, joined with LF, as they came: they may be no valid UTF-8.
    package var data: [UInt8]
    /// The last `id` that the stream gave, with this event or before it.
    package var lastID: String

    package init(type: String = "message", data: [UInt8], lastID: String = "") {
        self.type = type
        self.data = data
        self.lastID = lastID
    }

    /// The data as text; what is not UTF-8 becomes U+FFFD.
    package var text: String { String(decoding: data, as: UTF8.self) }
}

/// Reads a `text/event-stream` by the rules of the HTML standard, in pieces of any size.
///
/// The events are the same whatever the pieces. An event that the end of the stream cuts off is none.
package struct EventStreamParser {
    private let limits: EventStreamLimits
    private var lines: LineSplitter
    private var isFirstLine = true
    private var type: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var lastID = ""
    /// How long to wait before connecting again, in milliseconds, as the stream said last.
    package private(set) var retryMilliseconds: UInt64?

    package init(limits: EventStreamLimits = EventStreamLimits()) {
        self.limits = limits
        // The name of the field stands before the data.
        lines = LineSplitter(limit: limits.line)
    }

    /// Takes the next piece and gives the events that are complete now.
    ///
    /// - Throws: ``EventStreamError`` past a limit; the stream is of no use then.
    package mutating func feed(_ bytes: [UInt8]) throws(EventStreamError) -> [StreamEvent] {
        var events: [StreamEvent] = []
        // Taken out for the time of the call, so that the unfinished line is not copied with every piece.
        var lines = LineSplitter(limit: limits.line)
        swap(&lines, &self.lines)
        defer { self.lines = lines }
        try lines.feed(bytes) { line throws(EventStreamError) in
            if let event = try take(line) { events.append(event) }
        }
        return events
    }

    private mutating func take(_ whole: ArraySlice<UInt8>) throws(EventStreamError) -> StreamEvent? {
        var line = whole
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        try take(field: line[..<colon], value)
        return nil
    }

    private mutating func take(
        field: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>
    ) throws(EventStreamError) {
        if field.elementsEqual("data".utf8) {
            if hasData { data.append(UInt8(ascii: "\n")) }
            guard data.count + value.count <= limits.event else {
                throw EventStreamError(.largeEvent(limit: limits.event))
            }
            data += value
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            type = Array(value)
        } else if field.elementsEqual("id".utf8) {
            if !value.contains(0) { lastID = String(decoding: value, as: UTF8.self) }
        } else if field.elementsEqual("retry".utf8) {
            let isNumber = !value.isEmpty && value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            if isNumber { retryMilliseconds = UInt64(String(decoding: value, as: UTF8.self)) ?? retryMilliseconds }
        }
        // A field of another name, and a comment, whose field is empty, mean nothing.
    }

    private mutating func dispatch() -> StreamEvent? {
        defer {
            type = []
            data = []
            hasData = false
        }
        guard hasData else { return nil }
        return StreamEvent(
            type: type.isEmpty ? "message" : String(decoding: type, as: UTF8.self), data: data, lastID: lastID)
    }
}
