import ArenaJSON
import Testing

/// SplitMix64: the same numbers from the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct FuzzTests {
    private static let seeds = [
        #"{"a":[1,2.5e-3,-0,true,false,null],"b":{"c":"text \u00e9 \ud83d\ude00 \n","d":[[],{}]},"e":""}"#,
        #"[[[[{"k":[1e400,-1E+5,0.0]}]]],"a longer text without any escape at all, é 😀 ∀x"]"#,
        "[\"\u{1F600}\",1,{\"\":{\"\":{\"\":null}}}]",
    ]
    private static let fragments = ["\"", "\\", "\\u", "d800", "{", "}", "[", "]", ",", ":", "0", "-", "e", ".", "\0"]

    @Test(arguments: 0..<20)
    func mutatedDocumentsParseOrFailWithAPlaceAndReadBack(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        for _ in 0..<1000 {
            var bytes = Array(Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &generator)].utf8)
            for _ in 0...Int.random(in: 0...4, using: &generator) { mutate(&bytes, &generator) }
            do throws(JSONError) {
                let value = try JSONValue(parsing: bytes)
                for style in [JSONStyle.compact, .pretty, .sorted] {
                    #expect(try JSONValue(parsing: value.bytes(style)) == value)
                }
            } catch {
                #expect((0...bytes.count).contains(error.offset))
                #expect(error.line >= 1 && error.column >= 1)
                #expect(!error.message.isEmpty)
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] = .random(in: .min ... .max, using: &generator)
        case 1: bytes.remove(at: place)
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.insert(contentsOf: bytes[(place / 2)...place], at: place)
        case 4: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        default:
            let fragment = Self.fragments[Int.random(in: 0..<Self.fragments.count, using: &generator)]
            bytes.insert(contentsOf: fragment.utf8, at: place)
        }
    }
}
