import ArenaJSON

/// A text of an item as the words that a C function takes it in.
enum ArgumentValue {
    /// One word: the bits of a number.
    case number(UInt64)
    /// A pointer to these bytes, and for `count` a second word.
    case memory(BorrowedBytes, count: Int?)

    /// Why a text cannot be handed over.
    enum Refusal: Error {
        /// It has a NUL inside, where C would end it.
        case innerNUL
        /// It is not what the argument wants; what that is, for people.
        case notA(String)
    }

    init(
        _ text: UnsafeRawBufferPointer, as type: ForeignFunction.ArgumentType, isGuarded: Bool
    ) throws(Refusal) {
        switch type {
        case .string: self = .memory(BorrowedBytes(text, isGuarded: isGuarded), count: text.count)
        case .cstring:
            guard !text.contains(0) else { throw .innerNUL }
            let ended = Array(text) + [0]
            self = .memory(ended.withUnsafeBytes { BorrowedBytes($0, isGuarded: isGuarded) }, count: nil)
        case .i32:
            guard let number = Int32(Self.trimmed(text)) else { throw .notA("whole number of 32 bits") }
            self = .number(UInt64(UInt32(bitPattern: number)))
        case .i64:
            guard let number = Int64(Self.trimmed(text)) else { throw .notA("whole number of 64 bits") }
            self = .number(UInt64(bitPattern: number))
        case .double:
            guard let number = Double(Self.trimmed(text)), number.isFinite else { throw .notA("number") }
            self = .number(number.bitPattern)
        case .i32Array:
            let numbers = try Self.elements(text).map { text throws(Refusal) in
                guard let number = Int32(text) else { throw .notA("list of whole numbers of 32 bits") }
                return number
            }
            self = .memory(
                numbers.withUnsafeBytes { BorrowedBytes($0, isGuarded: isGuarded) }, count: numbers.count)
        case .floatArray:
            let numbers = try Self.elements(text).map { text throws(Refusal) in
                guard let number = Float(text), number.isFinite else { throw .notA("list of numbers") }
                return number
            }
            self = .memory(
                numbers.withUnsafeBytes { BorrowedBytes($0, isGuarded: isGuarded) }, count: numbers.count)
        }
    }

    private static func trimmed(_ text: UnsafeRawBufferPointer) -> String {
        var rest = text[...]
        while let first = rest.first, isSpace(first) { rest = rest.dropFirst() }
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    /// A JSON array, or numbers with white space or commas between them.
    private static func elements(_ text: UnsafeRawBufferPointer) throws(Refusal) -> [String] {
        let text = trimmed(text)
        if text.hasPrefix("[") {
            guard let array = (try? JSONValue(parsing: text))?.array else { throw .notA("list of numbers") }
            return array.map { element in
                if case .number(let number) = element { number.text } else { "" }
            }
        }
        return text.utf8.split { isSpace($0) || $0 == UInt8(ascii: ",") }.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
