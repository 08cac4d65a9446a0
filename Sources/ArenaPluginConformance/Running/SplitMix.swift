import ArenaJSON

/// SplitMix64: the same lots for the same seed, on every machine.
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ end: Int) -> Int { end < 2 ? 0 : Int(next() % UInt64(end)) }

    private static let pieces = [
        "a", "B", " ", "\n", "\t", "\0", "0", "7", "-1", "1e309", ".", ",", "%", "\\", "\"", "'", "{", "}", "[", "]",
        "(", "*", "+", "é", "e\u{301}", "ß", "İ", "\u{202E}", "\u{FEFF}", "👩‍👩‍👧", "日本", "\u{10FFFF}", "answer",
        "The answer is ",
        "NaN", "null", "</think>", "\\boxed{", "A)", "1/2", "1,000", "٣", "½",
    ]

    /// A text of up to so many pieces, each a letter or an odd one.
    mutating func text(upTo pieces: Int) -> String {
        (0..<below(pieces + 1)).map { _ in Self.pieces[below(Self.pieces.count)] }.joined()
    }

    /// A value that a reader may not expect.
    mutating func strange() -> JSONValue {
        let values: [JSONValue] = [
            .null, true, 0, -1, JSONValue(Int.max), 1e300, "", [], [:], [[[[]]]], ["a": ["b": .null]], "\0",
            .string(text(upTo: 30)),
        ]
        return values[below(values.count)]
    }
}
