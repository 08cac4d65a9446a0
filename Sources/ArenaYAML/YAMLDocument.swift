import ArenaCore
package import ArenaJSON

/// One YAML 1.2 document as a JSON value that knows its lines and columns.
///
/// Plain scalars follow the core schema: `no`, `on` and `2026-11-21` are text, `0x1F` is 31, quoted text stays text.
/// Keys are the text of their scalar, so `1: x` has the key `1`. A stream without a document is `null`. These are errors:
/// a second document, a key twice, a key that is no scalar, the merge key `<<`, `.inf` and `.nan`, tags other than those
/// of the core schema, UTF-16, and whatever passes the limits.
package struct YAMLDocument: Sendable {
    /// What the document says, with its aliases followed.
    package let value: JSONValue
    private let places: YAMLPlaces

    /// Reads UTF-8, with or without a byte order mark.
    ///
    /// - Throws: ``YAMLError`` with the first problem's place.
    package init(parsing bytes: [UInt8], limits: YAMLLimits = .init()) throws(YAMLError) {
        let node = try bytes.withUnsafeBufferPointer { Self.parse($0, limits) }.get()
        value = node.value
        places = node.places
    }

    /// Reads text. See ``init(parsing:limits:)-([UInt8],_)``.
    package init(parsing text: String, limits: YAMLLimits = .init()) throws(YAMLError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Where the value begins that a JSON pointer leads to: for a member of a mapping its value, for what came by an
    /// alias the alias, and within it the anchored text. Line and column, in Unicode scalars, count from 1.
    ///
    /// - Returns: `nil` if the text is no JSON pointer or leads nowhere.
    package func position(of pointer: String) -> (line: Int, column: Int)? {
        JSONPointer(pointer).flatMap { places.place(of: $0, in: value) }.map { ($0.line, $0.column) }
    }

    /// Where the key stands of the member that a JSON pointer leads to, as ``position(of:)`` says it.
    ///
    /// - Returns: `nil` if the text is no JSON pointer or leads to no member of a mapping.
    package func positionOfKey(_ pointer: String) -> (line: Int, column: Int)? {
        JSONPointer(pointer).flatMap { places.place(of: $0, in: value, isKey: true) }.map { ($0.line, $0.column) }
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: YAMLLimits) -> Result<YAMLNode, YAMLError>
    {
        do throws(YAMLError) {
            let start = TextPlace(line: 1, column: 1)
            guard bytes.count <= limits.maxBytes else {
                throw YAMLError(
                    .tooLarge, "the document has \(bytes.count) bytes, more than \(limits.maxBytes)", at: start)
            }
            let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
            let text = hasMark ? UnsafeBufferPointer(rebasing: bytes.dropFirst(3)) : bytes
            var loader = YAMLLoader(events: try YAMLEvents(text), limits: limits)
            return .success(try loader.loadStream())
        } catch {
            return .failure(error)
        }
    }
}
