/// The blocks in which models think aloud.
enum Thoughts {
    private static let names = ["think", "thinking", "thought"]
    private static let opening = names.map { Array("<\($0)>".utf8) }
    private static let closing = names.map { Array("</\($0)>".utf8) }

    /// The text without them. A block that is never closed ends with the text; one that began in the prompt begins with
    /// it. Takes time in proportion to the text, whatever is in it.
    static func removed(from text: String) -> String {
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        var at = 0
        if let end = first(closing, in: bytes, from: 0) {
            let begin = first(opening, in: bytes, from: 0)
            if begin.map({ $0.start > end.start }) ?? true { at = end.start + closing[end.tag].count }
        }
        while let begin = first(opening, in: bytes, from: at) {
            kept += bytes[at..<begin.start]
            let inside = begin.start + opening[begin.tag].count
            guard let end = first([closing[begin.tag]], in: bytes, from: inside) else { at = bytes.count; break }
            at = end.start + closing[begin.tag].count
        }
        kept += bytes[at...]
        return String(decoding: kept, as: UTF8.self)
    }

    /// The first of some tags, in any case.
    private static func first(_ tags: [[UInt8]], in bytes: [UInt8], from start: Int) -> (start: Int, tag: Int)? {
        var at = start
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "<"), let tag = tags.firstIndex(where: { stands($0, in: bytes, at: at) }) {
                return (at, tag)
            }
            at += 1
        }
        return nil
    }

    private static func stands(_ tag: [UInt8], in bytes: [UInt8], at start: Int) -> Bool {
        guard bytes.count - start >= tag.count else { return false }
        return tag.indices.allSatisfy { index in
            let byte = bytes[start + index]
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            return (isUpper ? byte | 0x20 : byte) == tag[index]
        }
    }
}
