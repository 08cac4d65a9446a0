import ArenaCore
import ArenaPluginABI
import Testing

struct ScoreBatchTests {
    static let items = [
        ScoreItem(itemID: "a", input: "frage", output: "größe", references: ["größe", "", "x"], metaJSON: "{}"),
        ScoreItem(itemID: "", input: "", output: "", references: [], metaJSON: ""),
        ScoreItem(itemID: "c\u{0}d", output: "日本", references: ["日本"]),
    ]

    @Test func itemsComeBackFromTheirBytes() throws {
        let batch = ScoreBatch(Self.items)
        #expect(batch.items == Self.items)
        #expect(try ScoreBatch(decoding: batch.bytes) == batch)
        #expect(try ScoreBatch(decoding: ScoreBatch([]).bytes).count == 0)
    }

    @Test func rangeOfABatchIsABatch() {
        let batch = ScoreBatch(Self.items)
        #expect(batch[1..<3].items == Array(Self.items[1..<3]))
        #expect(batch[0..<0].count == 0)
    }

    @Test func everyTruncationIsRefused() {
        let bytes = ScoreBatch(Self.items).bytes
        for length in 0..<bytes.count {
            #expect(throws: ScoreBatchError.self) { try ScoreBatch(decoding: Array(bytes[..<length])) }
        }
        #expect(throws: ScoreBatchError.self) { try ScoreBatch(decoding: bytes + [0]) }
    }

    @Test func lyingLengthsAreRefusedOrHarmless() throws {
        let bytes = ScoreBatch(Self.items).bytes
        for place in 0..<bytes.count {
            for value in [0, 1, 127, 255] as [UInt8] where value != bytes[place] {
                var changed = bytes
                changed[place] = value
                // A changed letter is another batch; a changed length must be seen.
                if let batch = try? ScoreBatch(decoding: changed) {
                    #expect(batch.items.count == batch.count)
                    _ = try? batch.validateTexts()
                }
            }
        }
        #expect(throws: ScoreBatchError.self) { try ScoreBatch(decoding: [255, 255, 255, 255]) }
    }

    @Test func textsOfAForeignBatchAreCheckedOneByOne() throws {
        try ScoreBatch(Self.items).validateTexts()
        // The two bytes of "é" in two texts: valid together, not apart.
        var bytes = ScoreBatch([ScoreItem(itemID: "xx", input: "yy", output: "zz")]).bytes
        bytes[bytes.count - 5] = 0xC3
        bytes[bytes.count - 4] = 0xA9
        let split = try ScoreBatch(decoding: bytes)
        #expect(throws: ScoreBatchError.self) { try split.validateTexts() }
    }

    @Test func resultsComeBackFromTheirBytes() throws {
        let results = ScoreResults([
            ScoreResult(value: 1, flags: [.passKnown, .pass], reason: .ok, explain: "weil"),
            ScoreResult(value: 0.25, reason: .noAnswer),
            ScoreResult(status: .notFound, value: 0, explain: "fehlt"),
            ScoreResult(value: 0, flags: .skipped),
        ])
        let read = try ScoreResults(decoding: results.encode(), count: 4)
        #expect(read == results)
        #expect(read.map(\.isPass) == [true, false, false, false])
        #expect(read[1].reason.name == "no_answer")
        #expect(throws: ScoreBatchError.self) { try ScoreResults(decoding: results.encode(), count: 3) }
    }

    @Test func everyTruncationOfResultsIsRefused() {
        let bytes = ScoreResults([ScoreResult(value: 1, explain: "abc"), ScoreResult(value: 0)]).encode()
        for length in 0..<bytes.count {
            #expect(throws: ScoreBatchError.self) { try ScoreResults(decoding: Array(bytes[..<length]), count: 2) }
        }
        #expect(throws: ScoreBatchError.self) { try ScoreResults(decoding: bytes + [0], count: 2) }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -0.001, 1.001, .greatestFiniteMagnitude])
    func valueOutOfRangeIsAFaultOfItsItem(value: Double) throws {
        let bytes = ScoreResults([ScoreResult(value: 0.5), ScoreResult(value: 0.5)]).encode()
        var hostile = bytes
        withUnsafeBytes(of: value.bitPattern.littleEndian) { hostile.replaceSubrange(8..<16, with: $0) }
        let results = try ScoreResults(decoding: hostile, count: 2)
        #expect(results[0].status == .internalError)
        #expect(results[0].value == 0)
        #expect(results[0].explain.contains("not between 0 and 1"))
        #expect(results[1] == ScoreResult(value: 0.5))
    }

    @Test func hostileExplanationsAreRefused() throws {
        var bytes = ScoreResults([ScoreResult(value: 1, explain: "ab")]).encode()
        bytes[bytes.count - 1] = 0xFF
        #expect(throws: ScoreBatchError.self) { try ScoreResults(decoding: bytes, count: 1) }
        let long = ScoreResults([ScoreResult(value: 1, explain: String(repeating: "x", count: 1025))]).encode()
        #expect(throws: ScoreBatchError.self) { try ScoreResults(decoding: long, count: 1) }
    }
}
