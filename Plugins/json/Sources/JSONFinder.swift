import ArenaJSON

/// Finds JSON documents in the text that models put around them: sentences, code fences, other documents.
struct JSONFinder {
    /// A bracket that is never closed costs a look at the rest of the text; so many are borne.
    private static let mostUnclosed = 64
    private static let limits = JSONLimits(maxDepth: 64)

    /// Objects and arrays in the order in which they begin, the outermost of each.
    private(set) var documents: [JSONValue] = []
    /// Whether one was begun and not ended.
    private(set) var hasUnclosed = false

    init(_ text: String) {
        if let whole = try? JSONValue(parsing: text, limits: Self.limits), whole.object != nil || whole.array != nil {
            documents = [whole]
            return
        }
        let bytes = Array(text.utf8)
        var unclosed = 0
        var at = 0
        while let start = bytes[at...].firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }) {
            at = start + 1
            guard let end = Self.end(of: start, in: bytes) else {
                hasUnclosed = true
                unclosed += 1
                if unclosed == Self.mostUnclosed { return }
                continue
            }
            if let document = try? JSONValue(parsing: Array(bytes[start..<end]), limits: Self.limits) {
                documents.append(document)
                at = end
            }
        }
    }

    /// Behind the bracket that closes the one at `start`; `nil` when there is none. Brackets in strings do not count.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var isInString = false
        var at = start
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\\") where isInString: at += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString, UInt8(ascii: "[") where !isInString: depth += 1
            case UInt8(ascii: "}") where !isInString, UInt8(ascii: "]") where !isInString:
                depth -= 1
                if depth == 0 { return at + 1 }
            default: break
            }
            at += 1
        }
        return nil
    }
}
