import ArenaJSON
import ArenaYAML
import Testing

@Suite struct LimitTests {
    @Test func boundsTheDepth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try YAMLDocument(parsing: nested(64))
        #expect(throws: YAMLError.self) { try YAMLDocument(parsing: nested(65)) }
        _ = try YAMLDocument(parsing: nested(100), limits: YAMLLimits(maxDepth: .max))
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument(parsing: nested(101), limits: YAMLLimits(maxDepth: .max))
        }
        #expect(error?.problem == .tooDeep)
        #expect(error?.column == 101)
        let open = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: String(repeating: "[", count: 100_000)) }
        #expect(open?.problem == .tooDeep)
        let block = #expect(throws: YAMLError.self) {
            try YAMLDocument(parsing: String(repeating: "- ", count: 10_000) + "x")
        }
        #expect(block?.problem == .tooDeep)
    }

    @Test func boundsTheDepthThroughAliases() throws {
        let links = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1)]" }
        let yaml = (["a0: &a0 []"] + links).joined(separator: "\n")
        _ = try YAMLDocument(parsing: yaml)
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument(parsing: yaml, limits: YAMLLimits(maxDepth: 40))
        }
        #expect(error?.problem == .tooDeep)
        #expect(error?.line == 40)
    }

    @Test func boundsWhatAliasesAdd() throws {
        let laughs = (1...9).map {
            "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 10).joined(separator: ","))]"
        }
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument(parsing: (["l0: &l0 lol"] + laughs).joined(separator: "\n"))
        }
        #expect(error?.problem == .tooLarge)
        let long =
            "a: &a \(String(repeating: "x", count: 1000))\nb: ["
            + Array(repeating: "*a", count: 100).joined(separator: ",") + "]"
        _ = try YAMLDocument(parsing: long, limits: YAMLLimits(maxAliasBytes: 100_100))
        #expect(throws: YAMLError.self) { try YAMLDocument(parsing: long, limits: YAMLLimits(maxAliasBytes: 100_099)) }
        _ = try YAMLDocument(parsing: long, limits: YAMLLimits(maxAliasBytes: .max))
        #expect(throws: YAMLError.self) {
            try YAMLDocument(parsing: "[&a x, *a]", limits: YAMLLimits(maxAliasBytes: 0))
        }
    }

    @Test func boundsTheSize() throws {
        _ = try YAMLDocument(parsing: "a: 12", limits: YAMLLimits(maxBytes: 5))
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument(parsing: "a: 123", limits: YAMLLimits(maxBytes: 5))
        }
        #expect(error?.problem == .tooLarge)
    }

    @Test(arguments: 0..<20)
    func mutatedDocumentsReadOrFailWithAPlace(seed: UInt64) throws {
        let seeds = [
            "a: &x [1, 'two', \"th\\u00e9ree\"]\nb: {c: *x, d: ~}\ne: |\n  text\n  more\n? f\n: >-\n  folded\n",
            "%YAML 1.2\n---\n- !!str 12\n- - nested\n  - {a: [b, {c: d}]}\n- 0x1F # comment\n...\n",
        ]
        let fragments = [
            "[", "]", "{", "}", ": ", "- ", "&a ", "*a", "!!int ", "\n", "  ", "\"", "'", "|", "?", "---\n", "\0",
        ]
        var generator = SeededGenerator(state: seed)
        for _ in 0..<500 {
            var bytes = Array(seeds[Int.random(in: 0..<seeds.count, using: &generator)].utf8)
            for _ in 0...Int.random(in: 0...5, using: &generator) {
                let place = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0 where !bytes.isEmpty: bytes[place] = .random(in: .min ... .max, using: &generator)
                case 1 where !bytes.isEmpty: bytes.remove(at: place)
                case 2 where !bytes.isEmpty: bytes.removeSubrange(place...)
                default:
                    let fragment = fragments[Int.random(in: 0..<fragments.count, using: &generator)]
                    bytes.insert(contentsOf: fragment.utf8, at: min(place, bytes.count))
                }
            }
            do {
                let document = try YAMLDocument(parsing: bytes)
                #expect(document.position(of: "") != nil)
                #expect(try JSONValue(parsing: document.value.bytes()) == document.value)
            } catch let error as YAMLError {
                #expect(error.line >= 1 && error.column >= 1)
                #expect(!error.reason.isEmpty)
            }
        }
    }
}

/// SplitMix64: the same numbers from the same seed on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
