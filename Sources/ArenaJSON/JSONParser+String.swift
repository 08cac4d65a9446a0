extension JSONParser {
    /// Reads the string whose opening quote is at the current position.
    mutating func parseString() throws(JSONError) -> String {
        let start = position + 1
        position = start
        let isASCII = skipPlainText()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            return try parseStringWithEscapes(from: start)
        }
        let content = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        defer { position += 1 }
        // `String(validating:as:)` costs several times as much as this for a short text.
        if isASCII { return String(decoding: content, as: UTF8.self) }
        guard let text = String(validating: content, as: UTF8.self) else { throw invalidUTF8(in: start..<position) }
        return text
    }

    /// Reads on from an escape; what lies between `start` and the current position is plain.
    private mutating func parseStringWithEscapes(from start: Int) throws(JSONError) -> String {
        var content = Array(bytes[start..<position])
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw invalidUTF8(in: start..<position)
                }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                try parseEscape(into: &content)
            case let control:
                let name = "U+00" + (control < 16 ? "0" : "") + String(control, radix: 16, uppercase: true)
                throw error(.syntax, "expected `\"`, found \(name), which a string must escape", at: position)
            }
            let plain = position
            _ = skipPlainText()
            content.append(contentsOf: bytes[plain..<position])
        }
        throw unexpected("`\"`")
    }

    /// Moves to the next quote, backslash or control character, or to the end; eight bytes at a time where it can.
    ///
    /// - Returns: whether all that it passed is ASCII.
    private mutating func skipPlainText() -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        /// Non-zero if a byte of `word` is zero.
        func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }
        var seen: UInt64 = 0
        while position + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let isControl = (word &- ones &* 0x20) & ~word & highs
            guard isControl | zeroBytes(word ^ (ones &* 0x22)) | zeroBytes(word ^ (ones &* 0x5C)) == 0 else { break }
            seen |= word
            position += 8
        }
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            seen |= UInt64(byte)
            position += 1
        }
        return seen & highs == 0
    }

    private mutating func parseEscape(into content: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard position < bytes.count else { throw unexpected("an escape") }
        switch bytes[position] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(bytes[position])
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try parseUnicodeEscape(from: start)
            content.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return
        default: throw unexpected("one of `\"\\/bfnrtu` after a backslash")
        }
        position += 1
    }

    /// Reads the digits after `\u`, and the second half of a surrogate pair.
    private mutating func parseUnicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try parseHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
            position += 1
            let second = try parseHexDigits()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF))
            {
                return scalar
            }
        }
        throw error(.encoding, "expected a surrogate pair, found half of one", at: start)
    }

    /// Reads the four hexadecimal digits after the `u` at the current position.
    private mutating func parseHexDigits() throws(JSONError) -> UInt32 {
        position += 1
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Self.hexValue(bytes[position]) else {
                throw unexpected("four hexadecimal digits after `\\u`")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// The error for the first invalid sequence in a range that has one.
    private func invalidUTF8(in range: Range<Int>) -> JSONError {
        var decoder = UTF8()
        var iterator = bytes[range].makeIterator()
        var offset = range.lowerBound
        scan: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput, .error: break scan
            }
        }
        return error(.encoding, "expected UTF-8, found an invalid sequence", at: offset)
    }
}
