extension Timestamp {
    /// The time that RFC 3339 text in UTC names: `2026-11-21T09:05:07Z`, with up to three decimals of a second.
    ///
    /// `nil` for any other form, for an offset other than `Z`, and for a date or time that does not exist.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]), let day = digits(bytes[8..<10]),
            let hour = digits(bytes[11..<13]), let minute = digits(bytes[14..<16]), let second = digits(bytes[17..<19]),
            let millisecond = milliseconds(bytes[19..<(bytes.count - 1)]),
            (1...12).contains(month), day >= 1, day <= CivilDate.daysInMonth(year, month),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds =
            CivilDate(year: year, month: month, day: day).dayNumber * 86_400 + hour * 3600 + minute * 60 + second
        self.init(unixMilliseconds: seconds * 1000 + millisecond)
    }
}

extension Timestamp {
    /// The time that RFC 3339 text names, with any offset and any number of decimals; what is finer than a millisecond
    /// is cut off.
    package init?(rfc3339 text: String) {
        var text = text.uppercased()
        var minutes: Int64 = 0
        if !text.hasSuffix("Z") {
            let offset = Array(text.utf8.suffix(6))
            guard offset.count == 6, offset[3] == UInt8(ascii: ":"), let hour = digits(offset[1..<3]),
                let minute = digits(offset[4..<6]), hour < 24, minute < 60,
                let sign: Int64 = [UInt8(ascii: "+"): 1, UInt8(ascii: "-"): -1][offset[0]]
            else { return nil }
            minutes = sign * (hour * 60 + minute)
            text = text.dropLast(6) + "Z"
        }
        if let dot = text.firstIndex(of: ".") {
            let decimals = text[dot...].dropFirst().dropLast()
            guard !decimals.isEmpty, digits(ArraySlice(decimals.utf8.prefix(18))) != nil, decimals.utf8.count <= 18
            else { return nil }
            text = text[..<dot] + ".\(decimals.prefix(3))Z"
        }
        guard let local = Timestamp(text) else { return nil }
        self = local + .seconds(-60 * minutes)
    }
}

private func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in bytes {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return value
}

/// The milliseconds of `.5`, `.25` or `.042`; 0 for nothing.
private func milliseconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard let first = bytes.first else { return 0 }
    let decimals = bytes.dropFirst()
    guard first == UInt8(ascii: "."), (1...3).contains(decimals.count), let value = digits(decimals) else { return nil }
    return value * [100, 10, 1][decimals.count - 1]
}
