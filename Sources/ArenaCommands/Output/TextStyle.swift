/// How text for people is decorated: in colour on a terminal, plain everywhere else. Colour never says anything that the
/// words do not.
package struct TextStyle: Sendable, Hashable {
    package let usesColour: Bool

    package static let plain = TextStyle(usesColour: false)
    package static let colour = TextStyle(usesColour: true)

    package init(usesColour: Bool) { self.usesColour = usesColour }

    /// What a colour stands for.
    package enum Role: String, Sendable {
        case heading = "1"
        case good = "32"
        case attention = "33"
        case bad = "31"
        case quiet = "2"
    }

    package func callAsFunction(_ text: String, _ role: Role?) -> String {
        guard usesColour, let role, !text.isEmpty else { return text }
        return "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m"
    }
}

extension String {
    /// The text without what a terminal would obey: control characters and marks that reverse the writing direction are
    /// replaced, line breaks and tabs become spaces. For text that a plugin or a model wrote.
    package var printable: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: scalars.append(" ")
            case ..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// At most this many characters, with `…` where something was cut.
    package func shortened(to limit: Int) -> String {
        count <= limit ? self : String(prefix(max(0, limit - 1))) + "…"
    }
}
