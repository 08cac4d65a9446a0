import ArenaJSON
import ArenaPluginKit

/// Whether an answer holds a reference without denying it or leaving it open. It judges English words, not meaning.
struct AffirmsScorer: ScorerPlugin {
    init(config: JSONValue) throws(PluginError) {}

    func score(_ item: ScoreItem) -> Score {
        guard !item.references.isEmpty else {
            var score = Score(0, .wrong, "The item has no reference.")
            score.isSkipped = true
            return score
        }
        let said = Clauses(Thoughts.removed(from: item.output))
        guard !said.pieces.isEmpty else { return Score(0, .noAnswer, pass: false, "The answer has no word.") }
        var denied: String?
        for reference in item.references {
            let words = Clauses(reference).words
            guard !words.isEmpty else { continue }
            for place in said.places(of: words) {
                guard let word = said.doubt(about: place) else { return Score(1, .ok, pass: true) }
                denied = denied ?? word
            }
        }
        guard let denied else { return Score(0, .wrong, pass: false, "No reference stands in the answer.") }
        return Score(0, .wrong, pass: false, "The answer denies the reference or leaves it open: \"\(denied)\".")
    }
}

/// A text as words and the marks between its clauses.
struct Clauses {
    enum Piece: Equatable {
        case word(String)
        /// What is denied before it is not denied after it.
        case end
        case question
    }

    private(set) var pieces: [Piece] = []

    /// What stands before a thing in its clause and denies it or leaves it open.
    private static let doubts: Set<String> = [
        "not", "never", "no", "nobody", "none", "neither", "nor", "cannot", "hardly", "without", "except", "unlike",
        "doubt", "doubts", "doubtful", "doubted", "unlikely", "unclear", "unsure", "uncertain", "whether", "if",
        "could",
        "might", "may", "maybe", "perhaps", "possibly", "either", "or", "false", "untrue", "wrong", "deny", "denies",
    ]
    private static let ends: Set<String> = ["but", "and", "because", "since", "so", "thus", "therefore", "although"]
    private static let verbs: Set<String> = ["is", "was", "are", "were", "can", "could", "would"]

    init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        var word = ""
        func close() {
            guard !word.isEmpty else { return }
            add(word)
            word = ""
        }
        for (index, scalar) in scalars.enumerated() {
            let isApostrophe = scalar == "'" || scalar == "’"
            if scalar.properties.isIdeographic {
                close()
                add(String(scalar))
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                word.unicodeScalars.append(scalar)
            } else if isApostrophe, !word.isEmpty {
                word += "'"
            } else {
                close()
                switch scalar {
                case "?": pieces.append(.question)
                case ",", ";", ":", "!", "\n", "—", "。", "，": pieces.append(.end)
                case "." where Self.endsSentence(scalars, index): pieces.append(.end)
                default: break
                }
            }
        }
        close()
    }

    /// The point of an abbreviation or a number does not.
    private static func endsSentence(_ scalars: [Unicode.Scalar], _ point: Int) -> Bool {
        guard point + 1 < scalars.count else { return true }
        guard scalars[point + 1].properties.isWhitespace else { return false }
        guard let next = scalars[(point + 1)...].first(where: { !$0.properties.isWhitespace }) else { return true }
        return next.properties.isUppercase
    }

    private mutating func add(_ text: String) {
        var word = text.lowercased()
        while word.hasSuffix("'") { word.removeLast() }
        if word == "but", case .word(let before)? = pieces.last, ["anything", "all", "everything"].contains(before) {
            pieces.append(.word("except"))
        } else if Self.ends.contains(word) {
            pieces += [.end, .word(word)]
        } else {
            pieces.append(.word(word))
        }
    }

    var words: [String] { pieces.compactMap { if case .word(let word) = $0 { word } else { nil } } }

    /// Where some words stand one after the other.
    func places(of words: [String]) -> [Range<Int>] {
        let wanted = words.map(Piece.word)
        guard !wanted.isEmpty, pieces.count >= wanted.count else { return [] }
        return (0...pieces.count - wanted.count).filter { pieces[$0] == wanted[0] }.map { $0..<$0 + wanted.count }
            .filter { pieces[$0].elementsEqual(wanted) }
    }

    /// The word that denies what stands at a place or leaves it open; `nil`: none does.
    func doubt(about place: Range<Int>) -> String? {
        for piece in pieces[..<place.lowerBound].reversed() {
            guard case .word(let word) = piece else { break }
            if Self.doubts.contains(word) || word.hasSuffix("n't") { return word }
        }
        var after: [String] = []
        for piece in pieces[place.upperBound...] {
            guard case .word(let word) = piece else {
                if piece == .question { return "?" }
                break
            }
            after.append(word)
        }
        guard let next = after.first else { return nil }
        if next == "or" || next.hasSuffix("n't") || next == "cannot" { return next }
        return Self.verbs.contains(next) && after.dropFirst().first == "not" ? "not" : nil
    }
}
