/// Reads newline-delimited JSON in pieces of any size: each line that is not blank is a document.
package struct LineDocumentParser {
    private var lines: LineSplitter

    package init(limits: EventStreamLimits = EventStreamLimits()) { lines = LineSplitter(limit: limits.line) }

    /// Takes the next piece and gives the documents that are complete now, as they came.
    ///
    /// - Throws: ``EventStreamError`` past the limit of a line; the stream is of no use then.
    package mutating func feed(_ bytes: [UInt8]) throws(EventStreamError) -> [[UInt8]] {
        var documents: [[UInt8]] = []
        try lines.feed(bytes) { line throws(EventStreamError) in
            if !Self.isBlank(line) { documents.append(Array(line)) }
        }
        return documents
    }

    /// The last document, where the stream ends without the end of a line.
    package mutating func finish() -> [UInt8]? {
        guard let rest = lines.finish(), !Self.isBlank(rest[...]) else { return nil }
        return rest
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}
