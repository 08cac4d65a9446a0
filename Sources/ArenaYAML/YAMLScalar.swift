import ArenaJSON

/// The meaning of a plain scalar in the core schema of YAML 1.2, section 10.3.2.
///
/// `yes`, `no`, `on` and `off`, dates, `1_000` and `0b1` are text there.
enum YAMLScalar {
    case value(JSONValue)
    /// An infinity, NaN, or an integer in base 8 or 16 above 2^64 - 1.
    case withoutJSONForm

    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .value(.null)
        case "true", "True", "TRUE": self = .value(.bool(true))
        case "false", "False", "FALSE": self = .value(.bool(false))
        case ".nan", ".NaN", ".NAN": self = .withoutJSONForm
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF": self = .withoutJSONForm
        default: self = Self.number(text) ?? .value(.string(text))
        }
    }

    private static func number(_ text: String) -> YAMLScalar? {
        guard let first = text.utf8.first, first < 0x40 else { return nil }
        if let radix = text.hasPrefix("0x") ? 16 : text.hasPrefix("0o") ? 8 : nil {
            let digits = text.dropFirst(2)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ isDigit($0, radix: radix) }) else { return nil }
            return UInt64(digits, radix: radix).map { .value(JSONValue($0)) } ?? .withoutJSONForm
        }
        return jsonText(text).flatMap { JSONNumber(text: $0) }.map { .value(.number($0)) }
    }

    /// The decimal number in JSON's spelling, which has no plus sign, no leading zeros and digits around the point.
    private static func jsonText(_ text: String) -> String? {
        var rest = Substring(text)
        var result = ""
        if rest.hasPrefix("-") { result = "-" }
        if rest.hasPrefix("-") || rest.hasPrefix("+") { rest = rest.dropFirst() }
        let integer = rest.prefix { $0.isASCII && $0.isWholeNumber }
        rest = rest.dropFirst(integer.count)
        let significant = integer.drop { $0 == "0" }
        result += significant.isEmpty ? "0" : significant
        if rest.hasPrefix(".") {
            let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isWholeNumber }
            guard !integer.isEmpty || !fraction.isEmpty else { return nil }
            result += "." + (fraction.isEmpty ? "0" : fraction)
            rest = rest.dropFirst(1 + fraction.count)
        } else if integer.isEmpty {
            return nil
        }
        return result + rest
    }

    private static func isDigit(_ byte: UInt8, radix: Int) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "7"): true
        case UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            radix == 16
        default: false
        }
    }
}
