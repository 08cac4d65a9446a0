import ArenaJSON
import Testing

@Suite struct NumberTests {
    private func number(_ text: String) throws -> JSONNumber { try #require(JSONNumber(text: text)) }

    @Test(arguments: ["", " 1", "1 ", "01", "+1", "1.", ".1", "1e", "--1", "0x1", "nan", "1_000", "１"])
    func refusesTextThatIsNoNumber(text: String) {
        #expect(JSONNumber(text: text) == nil)
    }

    @Test(
        arguments: [
            ("3", 3), ("3.0", 3), ("-0", 0), ("0.000", 0), ("1e3", 1000), ("1200e-2", 12), ("0.3e1", 3),
            ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min), ("-9.223372036854775808e18", Int.min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1e400", nil),
            ("1e99999999999999999999", nil),
            ("3.5", nil), ("1e-1", nil), ("18446744073709551615", nil), ("0e99999999999999999999", 0),
            ("9999999999999999999", nil), ("10000000000000000000", nil),
            ("1000000000000000000", 1_000_000_000_000_000_000),
        ] as [(String, Int?)])
    func readsExactIntegersHoweverWritten(text: String, value: Int?) throws {
        #expect(try number(text).int == value)
        #expect(try JSONValue(parsing: text).int == value)
    }

    @Test func readsDoubles() throws {
        #expect(try number("0.1").double == 0.1)
        #expect(try number("1e400").double == .infinity)
        #expect(try number("-1e400").double == -.infinity)
        #expect(try number("1e-400").double == 0)
        #expect(try number("-0").double.sign == .minus)
        #expect(try JSONValue(parsing: "1e400").double == nil)
        #expect(try JSONValue(parsing: "17").double == 17)
        #expect(JSONValue("17").double == nil)
    }

    @Test(arguments: [
        (0.1, "0.1"), (5.0, "5.0"), (-0.0, "-0.0"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
    ])
    func writesTheShortestTextOfDoubles(value: Double, text: String) throws {
        #expect(JSONValue(value).text() == text)
        #expect(try JSONValue(parsing: text).double == value)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func jsonHasNoTextForNonFiniteDoubles(value: Double) {
        #expect(JSONNumber(value) == nil)
        #expect(JSONValue(value) == .null)
    }

    @Test func writesIntegersOfAnyWidth() {
        #expect(JSONNumber(UInt64.max).text == "18446744073709551615")
        #expect(JSONNumber(Int64.min).text == "-9223372036854775808")
        #expect(JSONNumber(Int32(7)).int == 7)
    }

    @Test(arguments: [
        ("1", "1.0", false, true), ("1e5", "1E+05", true, true), ("1e5", "100000", false, true),
        ("0", "-0", false, true),
        ("0.10", "0.1", false, true), ("1e0", "1E-0", true, true), ("1", "2", false, false), ("1", "-1", false, false),
        ("9007199254740993", "9007199254740992", false, false), ("1e400", "1e401", false, false),
        ("1e400", "10e399", false, true), ("0e5", "0", false, true), ("1e-400", "0", false, false),
    ])
    func comparesByDigitsAndByValue(a: String, b: String, sameDigits: Bool, sameValue: Bool) throws {
        let (x, y) = (try number(a), try number(b))
        #expect((x == y) == sameDigits)
        #expect(Set([x, y]).count == (sameDigits ? 1 : 2))
        #expect(x.isNumericallyEqual(to: y) == sameValue)
        #expect(y.isNumericallyEqual(to: x) == sameValue)
        #expect(JSONValue.array([.number(x)]).isEquivalent(to: [.number(y)]) == sameValue)
        #expect(JSONValue.object(["k": .number(x)]).isEquivalent(to: ["k": .number(y)]) == sameValue)
    }

    @Test func ordersExactly() throws {
        let ascending = [
            "-1e400", "-9007199254740993", "-9007199254740992", "-1.5", "-1", "-1e-400", "0", "1e-400", "0.1", "0.11",
            "0.2",
            "1", "1.0000000000000000000001", "9", "10", "11", "100", "9007199254740992", "9007199254740993", "1e400",
        ]
        for (i, a) in ascending.enumerated() {
            for (j, b) in ascending.enumerated() {
                #expect(try number(a).isLess(than: number(b)) == (i < j), "\(a) < \(b)")
            }
        }
        #expect(try !number("-0").isLess(than: number("0")))
        #expect(try !number("0").isLess(than: number("-0")))
    }

    @Test(arguments: [
        ("6", "2", true), ("7", "2", false), ("0.3", "0.1", true), ("1.1", "0.1", true), ("0.35", "0.1", false),
        ("1e400", "3", false), ("1e400", "7e399", false), ("1e400", "1e399", true), ("1e400", "0.5", true),
        ("1e400", "64", true), ("0", "5", true), ("-0", "5", true), ("-6", "4", false), ("-6", "-3", true),
        ("6", "0", false), ("19.99", "0.01", true), ("4.5", "1.5", true), ("1", "2", false), ("1", "10", false),
        ("1e308", "0.123456789", false), ("9007199254740993", "9007199254740992", false), ("5", "2.5", true),
        ("246913578024691357802469135780", "123456789012345678901234567890", true),
        ("246913578024691357802469135781", "123456789012345678901234567891", false),
        ("15241578753238836750495351562536198787501905199875019052100", "123456789012345678901234567890", true),
        ("1e99999999999999999999", "3", false), ("3e99999999999999999999", "3", true),
        ("1e-99999999999999999999", "1", false),
    ])
    func dividesExactly(value: String, divisor: String, isMultiple: Bool) throws {
        #expect(try number(value).isMultiple(of: number(divisor)) == isMultiple)
    }

    @Test(arguments: [
        ("1", true), ("1.0", true), ("1e400", true), ("1.5e1", true), ("1.5", false), ("1e-400", false), ("-0.0", true),
    ])
    func tellsIntegers(text: String, isInteger: Bool) throws {
        #expect(try number(text).isInteger == isInteger)
    }
}
