/// The exact value of a number's text: `sign × digits × 10^exponent`.
///
/// Digits have no leading and no trailing zeros, so that each value has one form; zero has no digits. An exponent beyond
/// ±10^17 counts as ±10^17.
struct ExactDecimal: Hashable {
    let isNegative: Bool
    /// Values 0...9, most significant first.
    let digits: [UInt8]
    let exponent: Int

    private static let exponentLimit = 100_000_000_000_000_000

    /// - Parameter text: a valid JSON number.
    init(_ text: String) {
        var digits: [UInt8] = []
        var fractionDigits = 0
        var written = 0
        var isNegativeExponent = false
        var isInFraction = false
        var isInExponent = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if isInExponent {
                    written = min(written * 10 + Int(byte - 0x30), Self.exponentLimit)
                } else {
                    digits.append(byte - 0x30)
                    if isInFraction { fractionDigits += 1 }
                }
            case UInt8(ascii: "."): isInFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): isInExponent = true
            case UInt8(ascii: "-"): if isInExponent { isNegativeExponent = true }
            default: break
            }
        }
        let significant = digits.drop { $0 == 0 }
        let trailingZeros = significant.reversed().prefix { $0 == 0 }.count
        self.digits = Array(significant.dropLast(trailingZeros))
        isNegative = !significant.isEmpty && text.utf8.first == UInt8(ascii: "-")
        exponent = significant.isEmpty ? 0 : (isNegativeExponent ? -written : written) - fractionDigits + trailingZeros
    }

    var isZero: Bool { digits.isEmpty }
    var isInteger: Bool { exponent >= 0 }

    /// The value as an `Int` if it is an integer that fits.
    var int: Int? {
        guard isInteger, digits.count + exponent <= 19 else { return nil }
        var magnitude = UInt64(0)
        for digit in digits { magnitude = magnitude * 10 + UInt64(digit) }
        for _ in 0..<exponent { magnitude *= 10 }
        if isNegative { return magnitude <= UInt64(Int.max) + 1 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int(exactly: magnitude)
    }

    static func < (a: Self, b: Self) -> Bool {
        if a.isNegative != b.isNegative { return a.isNegative }
        return a.isNegative ? b.hasSmallerMagnitude(than: a) : a.hasSmallerMagnitude(than: b)
    }

    private func hasSmallerMagnitude(than other: Self) -> Bool {
        guard !isZero, !other.isZero else { return isZero && !other.isZero }
        let (place, otherPlace) = (digits.count + exponent, other.digits.count + other.exponent)
        // Without trailing zeros a proper prefix is the smaller number, as in the order of words.
        return place == otherPlace ? digits.lexicographicallyPrecedes(other.digits) : place < otherPlace
    }

    /// Whether this is an integer times `divisor`; `false` if `divisor` is zero.
    func isMultiple(of divisor: Self) -> Bool {
        guard !divisor.isZero else { return false }
        guard !isZero else { return true }
        // The divisor then has a factor 10 that these digits, which don't end in zero, lack.
        guard exponent >= divisor.exponent else { return false }
        // Is digits × 10^k a multiple of the divisor's digits? The powers of 2 and 5 in 10^k only cancel those factors.
        let power = exponent - divisor.exponent
        var rest = divisor.digits
        for factor in [UInt8(2), 5] {
            var left = power
            while left > 0, let quotient = Self.quotient(rest, by: factor) {
                rest = quotient
                left -= 1
            }
        }
        return Self.isMultiple(digits, of: rest)
    }

    /// Digits divided by a small factor, without leading zeros; `nil` if there is a remainder.
    private static func quotient(_ digits: [UInt8], by factor: UInt8) -> [UInt8]? {
        var remainder = UInt8(0)
        var quotient: [UInt8] = []
        quotient.reserveCapacity(digits.count)
        for digit in digits {
            let value = remainder * 10 + digit
            if !quotient.isEmpty || value >= factor { quotient.append(value / factor) }
            remainder = value % factor
        }
        return remainder == 0 ? quotient : nil
    }

    /// Long division that keeps only the remainder.
    private static func isMultiple(_ digits: [UInt8], of divisor: [UInt8]) -> Bool {
        if divisor.count <= 18 {
            let small = divisor.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
            // small < 10^18, so that remainder × 10 + 9 < 2^64.
            return digits.reduce(UInt64(0)) { ($0 * 10 + UInt64($1)) % small } == 0
        }
        var remainder: [UInt8] = []
        for digit in digits {
            if !remainder.isEmpty || digit != 0 { remainder.append(digit) }
            while let difference = difference(remainder, divisor) { remainder = difference }
        }
        return remainder.isEmpty
    }

    /// `a - b` without leading zeros; `nil` if it were negative.
    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> [UInt8]? {
        guard a.count > b.count || (a.count == b.count && !a.lexicographicallyPrecedes(b)) else { return nil }
        var result = a
        var borrow = Int8(0)
        for offset in 1...a.count {
            let subtrahend = offset <= b.count ? Int8(b[b.count - offset]) : 0
            let value = Int8(a[a.count - offset]) - subtrahend - borrow
            borrow = value < 0 ? 1 : 0
            result[a.count - offset] = UInt8(value + 10 * borrow)
        }
        return Array(result.drop { $0 == 0 })
    }
}
