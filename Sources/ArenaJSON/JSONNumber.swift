/// A JSON number, kept as the text that was read, so that no digit is lost.
///
/// `==` and `hash(into:)` compare the digits: `1e5` and `1E+05` are the same, `1` and `1.0`, or `0` and `-0`, are not,
/// for a reader may tell them apart. ``isNumericallyEqual(to:)`` and ``isLess(than:)`` compare exact values.
package struct JSONNumber: Sendable {
    /// The number as it was read or made: always valid JSON.
    package let text: String

    /// An integer of any width.
    package init(_ value: some BinaryInteger) { text = String(value) }

    /// The shortest text that reads back as the same `Double`; `nil` for infinities and NaN, which JSON cannot write.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = "\(value)"
    }

    /// Text that follows the grammar of JSON numbers, kept as it is; `nil` for any other text.
    package init?(text: String) {
        var copy = text
        let isNumber = copy.withUTF8 { bytes in
            JSONNumberScan(UnsafeRawBufferPointer(bytes), from: 0) == .number(end: bytes.count)
        }
        guard isNumber else { return nil }
        self.text = text
    }

    /// Text that the caller has scanned.
    init(scanned text: String) { self.text = text }

    /// The value if it is an integer that fits, however it is written (`3`, `3.0`, `0.3e1`); else `nil`.
    package var int: Int? {
        if let value = Int(text) { return value }
        return decimal.int
    }

    /// The nearest `Double`: infinite beyond its range (`1e400`), zero below it (`1e-400`).
    package var double: Double { Double(text) ?? .nan }

    /// Whether the value is an integer, however it is written and whatever its size.
    package var isInteger: Bool { Int(text) != nil || decimal.isInteger }

    /// Whether both have the same mathematical value, exactly: `1`, `1.0` and `10e-1` do, and so do `0` and `-0`.
    package func isNumericallyEqual(to other: JSONNumber) -> Bool {
        if text == other.text { return true }
        if let (a, b) = plainIntegers(with: other) { return a == b }
        return decimal == other.decimal
    }

    /// The hash that goes with ``isNumericallyEqual(to:)``: of the exact value, so that it cannot be made to collide.
    package func hashNumerically(into hasher: inout Hasher) {
        if let int { hasher.combine(int) } else { hasher.combine(decimal) }
    }

    /// Whether this value is smaller than the other, exactly.
    package func isLess(than other: JSONNumber) -> Bool {
        if let (a, b) = plainIntegers(with: other) { return a < b }
        return decimal < other.decimal
    }

    /// Whether this value is an integer times `divisor`, exactly; `false` if `divisor` is zero.
    package func isMultiple(of divisor: JSONNumber) -> Bool {
        if let (a, b) = plainIntegers(with: divisor), b > 0 { return a % b == 0 }
        return decimal.isMultiple(of: divisor.decimal)
    }

    /// Both as machine integers if they are written as such: the common case, and a fast one.
    private func plainIntegers(with other: JSONNumber) -> (Int, Int)? {
        guard let a = Int(text), let b = Int(other.text) else { return nil }
        return (a, b)
    }

    var decimal: ExactDecimal { ExactDecimal(text) }
}

extension JSONNumber: Hashable {
    package static func == (a: JSONNumber, b: JSONNumber) -> Bool {
        a.text == b.text || a.normalizedText == b.normalizedText
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(normalizedText) }

    /// The text with its exponent in one spelling: `e`, no plus sign, no leading zeros (`1E+05` becomes `1e5`).
    var normalizedText: String {
        guard let letter = text.utf8.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return text }
        var digits = text[text.utf8.index(after: letter)...]
        let isNegative = digits.utf8.first == UInt8(ascii: "-")
        if isNegative || digits.utf8.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        digits = digits.drop { $0 == "0" }
        guard !digits.isEmpty else { return "\(text[..<letter])e0" }
        return "\(text[..<letter])e\(isNegative ? "-" : "")\(digits)"
    }
}

extension JSONNumber: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    package init(integerLiteral value: Int) { text = String(value) }
    package init(floatLiteral value: Double) { self = JSONNumber(value) ?? 0 }
}
