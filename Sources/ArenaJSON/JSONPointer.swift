/// A place in a JSON document (RFC 6901): the keys and indices on the way from the root.
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// Keys, and indices in decimal, without escapes. The root has none.
    package var tokens: [String]

    package init(_ tokens: [String] = []) { self.tokens = tokens }

    /// Reads `""`, `/a/0`, `/a~1b`; `nil` for text that neither is empty nor begins with `/`, or has a `~` that is not
    /// followed by 0 or 1.
    package init?(_ text: String) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in text.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    /// The text of RFC 6901: empty for the root, else each token after a `/`, with `~` as `~0` and `/` as `~1`.
    package var description: String {
        tokens.map { "/" + Self.escape($0) }.joined()
    }

    /// This place's child.
    package func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }
    /// This place's child.
    package func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    /// A token with `~` as `~0` and `/` as `~1`.
    package static func escape(_ token: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": escaped.append(contentsOf: "~0".unicodeScalars)
            case "/": escaped.append(contentsOf: "~1".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    private static func unescape(_ part: some Sequence<Unicode.Scalar>) -> String? {
        var token = String.UnicodeScalarView()
        var isAfterTilde = false
        for scalar in part {
            if isAfterTilde {
                guard scalar == "0" || scalar == "1" else { return nil }
                token.append(scalar == "0" ? "~" : "/")
            } else if scalar != "~" {
                token.append(scalar)
            }
            isAfterTilde = !isAfterTilde && scalar == "~"
        }
        return isAfterTilde ? nil : String(token)
    }

    /// The index that a token names: decimal digits without a leading zero; else `nil`.
    package static func index(_ token: String) -> Int? {
        guard token.utf8.allSatisfy({ $0 &- 0x30 <= 9 }), token == "0" || token.utf8.first != 0x30 else { return nil }
        return Int(token)
    }
}

extension JSONValue {
    /// The value at a place within this one; `nil` if there is none.
    package subscript(pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            let next: JSONValue? =
                switch value {
                case .object(let members): members[token]
                case .array: JSONPointer.index(token).flatMap { value[$0] }
                default: nil
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }
}
