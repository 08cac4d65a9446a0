/// A text as it is searched: its words in lower case and long form, and the ends of its sentences.
///
/// Code and quotations are left out: what they say is not what the answer says.
struct Words {
    let words: [String]

    init(_ text: String) {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func finish() {
            let text = String(word).lowercased()
            if !text.isEmpty { words += Contractions.words(of: text) }
            word = String.UnicodeScalarView()
        }
        for scalar in Self.spoken(text) {
            switch scalar {
            case "'", "\u{2019}", "\u{2BC}": word.append("'")
            case ".", "!", "?", "\n", ";", ":":
                finish()
                words.append(Self.stop)
            default:
                if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                    word.append(scalar)
                } else {
                    finish()
                }
            }
        }
        finish()
        self.words = words
    }

    /// Stands for the end of a sentence, over which no phrase reaches.
    static let stop = "."

    /// Without fenced and inline code, and without what stands in double quotation marks.
    private static func spoken(_ text: String) -> String.UnicodeScalarView {
        var kept = String.UnicodeScalarView()
        var closing: Unicode.Scalar?
        var held = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let end = closing {
                if scalar == end {
                    closing = nil
                    kept.append(" ")
                } else if scalar == "\n", end != "`" {
                    // A quotation does not go over lines: it was an inch mark, or was never closed.
                    closing = nil
                    kept.append(contentsOf: held)
                    kept.append(scalar)
                } else {
                    held.append(scalar)
                }
                continue
            }
            switch scalar {
            case "`": closing = "`"
            case "\"": closing = "\""
            case "\u{201C}", "\u{201E}": closing = "\u{201D}"
            default: kept.append(scalar)
            }
            if closing != nil { held = String.UnicodeScalarView() }
        }
        if closing != nil, closing != "`" { kept.append(contentsOf: held) }
        return kept
    }
}
