import ArenaCore
import ArenaRuntime
import Testing

/// A server that repeats a key must not bring it into an answer.
struct SecretMaskTests {
    private static let key = "sk-aab-aaac-0123"
    private let mask = SecretMask([Secret(key), Secret("sk-aab-aa"), Secret("brief")])

    private func cover(_ pieces: [String]) -> String {
        var mask = mask
        var bytes: [UInt8] = []
        for piece in pieces { bytes += mask.cover(Array(piece.utf8), isLast: false) }
        bytes += mask.cover([], isLast: true)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func keysAreCoveredWhereverAPieceEnds() {
        let text = "wrong key sk-aab-sk-aab-\(Self.key)\(Self.key), brief"
        let covered = "wrong key sk-aab-sk-aab-******, brief"
        #expect(mask.cover(text) == covered)
        for cut in 0...text.utf8.count {
            let (first, rest) = (text.prefix(cut), text.dropFirst(cut))
            #expect(cover([String(first), String(rest)]) == covered, "cut at \(cut)")
        }
        #expect(cover(text.map(String.init)) == covered)
    }

    @Test func theLongerOfTwoKeysIsCoveredWhole() {
        #expect(cover([Self.key]) == "***")
        #expect(cover(["sk-aab-aa"]) == "***")
        #expect(cover(["sk-aab-aa, x"]) == "***, x")
    }

    @Test func whatOnlyBeginsLikeAKeyArrivesAtTheLatestWithTheEnd() {
        var mask = mask
        #expect(mask.cover(Array("see sk-".utf8), isLast: false) == Array("see ".utf8))
        #expect(mask.cover(Array("y".utf8), isLast: false) == Array("sk-y".utf8))
        #expect(mask.cover(Array("sk".utf8), isLast: false) == [])
        #expect(mask.cover([], isLast: true) == Array("sk".utf8))
    }

    @Test func withoutSecretsNothingChanges() {
        var none = SecretMask([])
        #expect(none.cover(Array(Self.key.utf8), isLast: false) == Array(Self.key.utf8))
    }
}
