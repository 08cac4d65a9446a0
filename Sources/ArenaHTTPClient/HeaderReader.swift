/// Reads the header of an answer line by line, within limits.
struct HeaderReader {
    struct Overflow: Error {
        let what: String
    }

    static let mostBytes = 64 << 10
    static let mostFields = 256

    /// Whether the header of the answer itself, not of one before it, is complete.
    private(set) var isDelivered = false
    private var head = HTTPResponseHead(status: 0, headers: [])
    /// Of all headers together, those of interim answers too.
    private var bytes = 0
    private var lines = 0

    /// Takes a line with its end. Returns the header after its last line.
    mutating func take(_ line: UnsafeRawBufferPointer) throws(Overflow) -> HTTPResponseHead? {
        bytes += line.count
        lines += 1
        guard bytes <= Self.mostBytes else { throw Overflow(what: "its header is longer than \(Self.mostBytes) bytes") }
        guard lines <= Self.mostFields else {
            throw Overflow(what: "its header has more than \(Self.mostFields) lines")
        }
        // Trailers come after the body.
        if isDelivered { return nil }
        let text = String(decoding: line, as: UTF8.self).trimmingLineEnd()
        if text.isEmpty { return finish() }
        if text.hasPrefix("HTTP/") {
            let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) }
            head = HTTPResponseHead(status: status ?? 0, headers: [])
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...]
            head.headers.append(HTTPField(String(text[..<colon]), value.trimmingBlanks()))
        }
        return nil
    }

    private mutating func finish() -> HTTPResponseHead? {
        guard head.status >= 200 else { return nil }
        isDelivered = true
        return head
    }
}

extension String {
    fileprivate func trimmingLineEnd() -> String {
        var view = utf8[...]
        while let last = view.last, last == 0x0A || last == 0x0D { view = view.dropLast() }
        return String(view) ?? ""
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> String {
        var view = utf8[...]
        while let first = view.first, first == 0x20 || first == 0x09 { view = view.dropFirst() }
        while let last = view.last, last == 0x20 || last == 0x09 { view = view.dropLast() }
        return String(view) ?? ""
    }
}
