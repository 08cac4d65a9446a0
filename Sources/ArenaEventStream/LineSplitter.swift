/// Cuts bytes that come in pieces into lines that end with CR, LF or CRLF.
struct LineSplitter {
    private let limit: Int
    /// The beginning of a line whose end has not come yet.
    private(set) var pending: [UInt8] = []
    /// Whether the last byte was a CR: an LF that follows belongs to it, also in the next piece.
    private var isAfterCarriageReturn = false

    init(limit: Int) { self.limit = limit }

    /// Hands over each line that is complete now, without its end.
    mutating func feed(
        _ bytes: [UInt8], _ line: (ArraySlice<UInt8>) throws(EventStreamError) -> Void
    ) throws(EventStreamError) {
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if isAfterCarriageReturn {
                isAfterCarriageReturn = false
                if byte == UInt8(ascii: "\n") {
                    start = index + 1
                    continue
                }
            }
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
            isAfterCarriageReturn = byte == UInt8(ascii: "\r")
            guard pending.count + index - start <= limit else { throw EventStreamError(.longLine(limit: limit)) }
            if pending.isEmpty {
                try line(bytes[start..<index])
            } else {
                pending += bytes[start..<index]
                let whole = pending
                pending = []
                try line(whole[...])
            }
            start = index + 1
        }
        guard pending.count + bytes.count - start <= limit else { throw EventStreamError(.longLine(limit: limit)) }
        pending += bytes[start...]
    }

    /// The line that the end of the stream cut off; `nil` when there is none.
    mutating func finish() -> [UInt8]? {
        defer { pending = [] }
        return pending.isEmpty ? nil : pending
    }
}
