/// The name that configuration and plugins say instead of a secret's text.
package struct SecretName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Parameter text: 1 to 64 of `A-Z a-z 0-9 _`, beginning with a letter.
    package init(_ text: String) throws(SecretError) {
        let bytes = Array(text.utf8)
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
        guard (1...64).contains(bytes.count), isLetter(bytes[0]),
            bytes.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") })
        else { throw SecretError(.badName(text)) }
        self.text = text
    }

    /// The environment variable that holds it.
    package var variable: String { "ARENA_SECRET_\(text)" }

    package var description: String { text }

    package static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}
