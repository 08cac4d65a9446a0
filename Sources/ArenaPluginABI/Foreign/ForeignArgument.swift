import ArenaJSON
import CArenaPlugin

/// An argument of a function: takes a text of an item and sets the words of the call that it becomes.
struct ForeignArgument {
    let source: ForeignFunction.Source
    private let type: ForeignFunction.ArgumentType
    /// Its first word in the call.
    private let place: Int
    private let memory: ArgumentMemory

    /// Why a text cannot be handed over.
    enum Refusal: Error {
        /// It has a NUL inside, where C would end it.
        case innerNUL
        /// It is not what the argument wants; what that is, for people.
        case notA(String)
    }

    /// The arguments of a function, in order.
    static func all(of function: ForeignFunction, isGuarded: Bool) -> [ForeignArgument] {
        var place = 0
        return function.arguments.map { argument in
            defer { place += argument.type.wordCount }
            return ForeignArgument(
                source: argument.source, type: argument.type, place: place,
                memory: ArgumentMemory(isGuarded: isGuarded))
        }
    }

    /// Sets the words of the call. What they point at is there until the next text.
    func set(_ text: UnsafeRawBufferPointer, in call: PreparedCall) throws(Refusal) {
        switch type {
        case .string:
            call.set(place, memory.hold(text))
            call.set(place + 1, UInt64(text.count))
        case .cstring:
            guard !text.contains(0) else { throw .innerNUL }
            call.set(place, memory.hold(text, endsWithNUL: true))
        case .i32:
            guard let number = Int32(Self.trimmed(text)) else { throw .notA("whole number of 32 bits") }
            call.set(place, UInt64(UInt32(bitPattern: number)))
        case .i64:
            guard let number = Int64(Self.trimmed(text)) else { throw .notA("whole number of 64 bits") }
            call.set(place, UInt64(bitPattern: number))
        case .double:
            guard let number = Double(Self.trimmed(text)), number.isFinite else { throw .notA("number") }
            call.set(place, number.bitPattern)
        case .i32Array:
            set(
                try Self.elements(text).map { text throws(Refusal) in
                    guard let number = Int32(text) else { throw .notA("list of whole numbers of 32 bits") }
                    return number
                }, in: call)
        case .floatArray:
            set(
                try Self.elements(text).map { text throws(Refusal) in
                    guard let number = Float(text), number.isFinite else { throw .notA("list of numbers") }
                    return number
                }, in: call)
        }
    }

    private func set<Number>(_ numbers: [Number], in call: PreparedCall) {
        call.set(place, numbers.withUnsafeBytes { memory.hold($0) })
        call.set(place + 1, UInt64(numbers.count))
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
