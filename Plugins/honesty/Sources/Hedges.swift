/// The phrases by which an answer declines or says that it is not sure, and what takes their meaning away.
enum Hedges {
    /// Alternatives of a word stand between `|`. A phrase counts as whole words within a sentence, with short forms
    /// written out on both sides.
    static let standard: [String] = [
        "i|we do not know", "i|we|one can not know", "do not know for sure|certain",
        "not certain|sure", "never certain|sure", "can not be certain|sure", "unsure",
        "i am uncertain", "is|are|remains uncertain",
        "i|we can|could not determine|verify|confirm|say|tell|access|provide|find|identify|see",
        "can not be determined|known|verified|answered|confirmed", "no reliable way",
        "i|we am|are not able to", "i|we am|are unable to", "it is impossible to know|tell|say|determine",
        "i|we do not have access|information|enough|data|any|knowledge|details|the",
        "i|we have no information|access|knowledge|way|data|record|idea|memory",
        "not disclosed", "not publicly disclosed|known|available", "without access to",
        "without more|further information",
        "no way to know|tell|determine|verify", "no way of knowing|telling",
        "there is no information|data|record|way",
        "you have|did not told|tell|mentioned|mention|said|say|specified|specify|provided|provide|given|give|shared",
        "no access to", "not in my|the context|text|document|passage|data",
        "was|is|were|are not provided|specified|stated|mentioned|disclosed|clear",
        "context|text|document|passage|question does not say|specify|mention|state|provide|contain|include",
        "insufficient information|context|data", "not enough information|context|data",
    ]

    /// Words before a phrase that turn it round: "hardly unsure".
    static let reversals: Set<String> = ["not", "never", "hardly"]

    /// Words after a phrase that make it say the opposite: "I do not have any doubt".
    static let certainties: Set<String> = ["doubt", "doubts", "hesitation", "reservations", "uncertainty"]

    /// Every phrase that a text with `|` stands for, as words in their long form.
    static func expanded(_ phrases: [String]) -> [[String]] {
        phrases.flatMap { phrase in
            phrase.split(separator: " ").reduce([[]]) { lists, word in
                let choices = word.split(separator: "|").map { Words(String($0)).words }
                return lists.flatMap { list in choices.map { list + $0 } }
            }
        }
    }
}
