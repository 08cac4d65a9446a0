extension JSONValue {
    /// Reads one JSON document: strictly RFC 8259, UTF-8 without a byte order mark, surrounding whitespace allowed.
    ///
    /// Half of a surrogate pair, a key twice in one object, and anything after the document are errors.
    /// - Throws: ``JSONError`` with the first problem's place.
    package init(parsing bytes: UnsafeRawBufferPointer, limits: JSONLimits = .init()) throws(JSONError) {
        var parser = JSONParser(bytes: bytes, limits: limits)
        self = try parser.parseDocument()
    }

    /// Reads one JSON document. See ``init(parsing:limits:)-(UnsafeRawBufferPointer,_)``.
    package init(parsing bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONError) {
        self = try bytes.withUnsafeBytes { JSONParser.parse($0, limits) }.get()
    }

    /// Reads one JSON document. See ``init(parsing:limits:)-(UnsafeRawBufferPointer,_)``.
    package init(parsing text: String, limits: JSONLimits = .init()) throws(JSONError) {
        var text = text
        self = try text.withUTF8 { JSONParser.parse(UnsafeRawBufferPointer($0), limits) }.get()
    }
}

/// Recursive descent over bytes that outlive the parser: it lives within one call of `JSONValue.init(parsing:)`.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let limits: JSONLimits
    let maxDepth: Int
    var position = 0
    private var depth = 0

    init(bytes: UnsafeRawBufferPointer, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        maxDepth = min(limits.maxDepth, 100)
    }

    static func parse(_ bytes: UnsafeRawBufferPointer, _ limits: JSONLimits) -> Result<JSONValue, JSONError> {
        var parser = JSONParser(bytes: bytes, limits: limits)
        do throws(JSONError) {
            return .success(try parser.parseDocument())
        } catch {
            return .failure(error)
        }
    }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.maxBytes else {
            throw error(.tooLarge, "the document has \(bytes.count) bytes, more than \(limits.maxBytes)", at: 0)
        }
        skipWhitespace()
        let value = try parseValue()
        skipWhitespace()
        guard position == bytes.count else { throw unexpected("the end of the document") }
        return value
    }

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        guard position < bytes.count else { throw unexpected("a value") }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "{"): return .object(try parseObject())
        case UInt8(ascii: "["): return .array(try parseArray())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONObject {
        try enter()
        var object = JSONObject()
        if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
            leave()
            return object
        }
        while true {
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw unexpected(object.isEmpty ? "a key in quotes or `}`" : "a key in quotes")
            }
            let keyPosition = position
            let key = try parseString()
            skipWhitespace()
            guard skip(UInt8(ascii: ":")) else { throw unexpected("`:`") }
            guard object.appendIfNew(key, try parseValue()) else {
                throw error(.duplicateKey, "the key \(JSONParser.quoted(key)) is there twice", at: keyPosition)
            }
            skipWhitespace()
            if skip(UInt8(ascii: ",")) { continue }
            guard position < bytes.count, bytes[position] == UInt8(ascii: "}") else { throw unexpected("`,` or `}`") }
            leave()
            return object
        }
    }

    private mutating func parseArray() throws(JSONError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
            leave()
            return elements
        }
        while true {
            elements.append(try parseValue())
            skipWhitespace()
            if skip(UInt8(ascii: ",")) { continue }
            guard position < bytes.count, bytes[position] == UInt8(ascii: "]") else { throw unexpected("`,` or `]`") }
            leave()
            return elements
        }
    }

    private mutating func parseNumber() throws(JSONError) -> JSONNumber {
        switch JSONNumberScan(bytes, from: position) {
        case .digitExpected(let offset):
            position = offset
            throw unexpected("a digit")
        case .number(let end):
            guard end - position <= limits.maxNumberBytes else {
                let length = end - position
                throw error(
                    .tooLarge, "the number has \(length) bytes, more than \(limits.maxNumberBytes)", at: position)
            }
            let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[position..<end]), as: UTF8.self)
            position = end
            return JSONNumber(scanned: text)
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        let expected = UnsafeRawBufferPointer(start: word.utf8Start, count: length)
        guard bytes[position...].starts(with: expected) else { throw unexpected("a value") }
        position += length
        return value
    }

    // MARK: Steps

    /// Passes an opening bracket and the whitespace after it.
    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= maxDepth else {
            throw error(.tooDeep, "arrays and objects are nested deeper than \(maxDepth)", at: position)
        }
        position += 1
        skipWhitespace()
    }

    /// Passes a closing bracket.
    private mutating func leave() {
        depth -= 1
        position += 1
    }

    /// Passes `byte` and the whitespace after it, if `byte` is next.
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        skipWhitespace()
        return true
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    // MARK: Errors

    func error(_ problem: JSONError.Problem, _ reason: String, at offset: Int) -> JSONError {
        JSONError(problem, reason, at: offset, in: bytes)
    }

    /// The error for finding something else than `expected` at the current position.
    func unexpected(_ expected: String) -> JSONError {
        guard position < bytes.count else {
            return error(.syntax, "expected \(expected), found the end of the text", at: position)
        }
        let found =
            switch bytes[position] {
            case 0x21...0x7E: "`\(Character(Unicode.Scalar(bytes[position])))`"
            case 0xEF where bytes[position...].starts(with: [0xEF, 0xBB, 0xBF]): "a byte order mark"
            case let byte: "byte 0x\(String(byte, radix: 16, uppercase: true))"
            }
        return error(.syntax, "expected \(expected), found \(found)", at: position)
    }

    /// A key as JSON text for a message, cut after 64 scalars.
    private static func quoted(_ key: String) -> String {
        var shown = String(key.unicodeScalars.prefix(64))
        if shown.unicodeScalars.count < key.unicodeScalars.count { shown += "…" }
        return JSONValue.string(shown).text()
    }
}
