/// Random identifiers and the rules for names that people choose.
package enum Identifier {
    /// 128 random bits as 32 lower-case hexadecimal digits: the id of a job, an evaluation run, a lease.
    package static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return hex(generator.next()) + hex(generator.next())
    }

    /// Lower-case hexadecimal text of bytes.
    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether text can name a plugin, kind, bench, lane or rubric: 1 to 80 of `a-z 0-9 _ - .`, beginning with a letter
    /// or digit, without `..`. Such a name is safe in a path, a URL and SQL text.
    package static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let dot = UInt8(ascii: ".")
        guard (1...80).contains(bytes.count), isAlphanumeric(bytes[0]) else { return false }
        guard !zip(bytes, bytes.dropFirst()).contains(where: { $0 == dot && $1 == dot }) else { return false }
        return bytes.allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == dot
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func hex(_ value: UInt64) -> String {
        hex((0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> (UInt64($0) * 8)) })
    }
}
