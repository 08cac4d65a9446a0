/// Words in their long form, so that a phrase need be listed once: "can't" is "can not".
enum Contractions {
    private static let irregular = ["cannot": ["can", "not"], "won't": ["will", "not"], "can't": ["can", "not"]]
    private static let endings = [("'m", "am"), ("'re", "are"), ("'ve", "have"), ("'ll", "will")]

    /// A lower-case word with straight apostrophes, as one or two words.
    static func words(of word: String) -> [String] {
        if let words = irregular[word] { return words }
        if word.hasSuffix("n't"), word.utf8.count > 3 { return [String(word.dropLast(3)), "not"] }
        for (ending, long) in endings where word.hasSuffix(ending) && word.utf8.count > ending.utf8.count {
            return [String(word.dropLast(ending.count)), long]
        }
        return [word]
    }
}
