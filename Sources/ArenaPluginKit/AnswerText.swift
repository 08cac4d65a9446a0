/// What a model put out, as it is judged: without its thoughts.
package struct AnswerText: Hashable, Sendable {
    /// Without `<think>`, `<thinking>` and `<thought>` blocks, and without white space at its ends.
    package let text: String
    /// Whether the output ended before the thoughts did: there is no answer then.
    package let endsInThoughts: Bool

    private static let names = ["think", "thinking", "thought"]

    /// A block that is never closed reaches to the end; an end without a beginning closes one that the prompt began.
    package init(_ output: String) {
        var kept: [UInt8] = []
        var endsInThoughts = false
        let bytes = Array(output.utf8)
        var at = 0
        while let tag = Self.tag(in: bytes, from: at) {
            if tag.closes {
                kept = []
                at = tag.end
                continue
            }
            kept += bytes[at..<tag.start]
            var end: Tag? = tag
            repeat {
                end = Self.tag(in: bytes, from: end?.end ?? bytes.count)
            } while end.map {
                !($0.closes && $0.name == tag.name)
            } ?? false
            endsInThoughts = end == nil
            at = end?.end ?? bytes.count
        }
        kept += bytes[at...]
        self.endsInThoughts = endsInThoughts
        text = Self.trimmed(String(decoding: kept, as: UTF8.self))
    }

    /// Without white space and line ends at its ends.
    package static func trimmed(_ text: String) -> String {
        var rest = text.unicodeScalars[...]
        while let first = rest.first, first.properties.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.properties.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }

    private struct Tag {
        let start: Int
        let end: Int
        let name: String
        let closes: Bool
    }

    private static func tag(in bytes: [UInt8], from: Int) -> Tag? {
        var at = from
        while let start = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            let closes = start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "/")
            let name = start + (closes ? 2 : 1)
            for candidate in names {
                let end = name + candidate.utf8.count
                guard end < bytes.count, bytes[end] == UInt8(ascii: ">") else { continue }
                if zip(bytes[name..<end], candidate.utf8).allSatisfy({ $0 | 32 == $1 }) {
                    return Tag(start: start, end: end + 1, name: candidate, closes: closes)
                }
            }
            at = start + 1
        }
        return nil
    }
}
