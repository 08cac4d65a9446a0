/// How JSON text is laid out. Every style escapes control characters, so that compact text never has a line break.
package enum JSONStyle: Hashable, Sendable {
    /// No whitespace, members in their order.
    case compact
    /// Two spaces a level, members in their order, no line feed at the end.
    case pretty
    /// Like ``compact`` with keys in the order of their code points and one spelling of exponents: for hashing.
    /// Values that are `==` have the same text.
    case sorted
}

extension JSONValue {
    /// This value as JSON text.
    package func text(_ style: JSONStyle = .compact) -> String {
        String(decoding: bytes(style), as: UTF8.self)
    }

    /// This value as JSON text in UTF-8.
    package func bytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self)
        return writer.output
    }
}

private struct JSONWriter {
    let style: JSONStyle
    var output: [UInt8] = []
    private var depth = 0

    init(style: JSONStyle) { self.style = style }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number):
            output.append(contentsOf: (style == .sorted ? number.normalizedText : number.text).utf8)
        case .string(let text): write(text)
        case .array(let elements):
            writeList("[", elements, "]") { $0.write($1) }
        case .object(let members) where style == .sorted:
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            writeList("{", sorted, "}") { $0.writeMember($1) }
        case .object(let members):
            writeList("{", members, "}") { $0.writeMember($1) }
        }
    }

    private mutating func writeMember(_ member: JSONObject.Element) {
        write(member.key)
        output.append(UInt8(ascii: ":"))
        if style == .pretty { output.append(UInt8(ascii: " ")) }
        write(member.value)
    }

    private mutating func writeList<Items: Collection>(
        _ open: Unicode.Scalar, _ items: Items, _ close: Unicode.Scalar,
        _ writeItem: (inout JSONWriter, Items.Element) -> Void
    ) {
        output.append(UInt8(ascii: open))
        depth += 1
        var isFirst = true
        for item in items {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            breakLine()
            writeItem(&self, item)
        }
        depth -= 1
        if !isFirst { breakLine() }
        output.append(UInt8(ascii: close))
    }

    private mutating func breakLine() {
        guard style == .pretty else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var plain = 0
            for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                output.append(contentsOf: bytes[plain..<index])
                writeEscape(byte)
                plain = index + 1
            }
            output.append(contentsOf: bytes[plain...])
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(_ byte: UInt8) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: output.append(byte)
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            output.append(contentsOf: "u00".utf8)
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
    }
}
