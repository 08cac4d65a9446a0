/// Answers to judge, as flat bytes: what travels to a child and what is laid out for a plugin without a copy of a text.
///
/// Layout, all numbers u32 little-endian: count; for each item the lengths of id, input, output and meta and its number
/// of references; for each reference of each item its length; then all texts: for each item id, input, output, meta,
/// references.
package struct ScoreBatch: Hashable, Sendable {
    /// The bytes as they travel.
    package let bytes: [UInt8]
    package let count: Int
    let referenceCount: Int

    static let itemHeader = 20

    /// Lays out items. A text or list whose length 32 bits do not hold is cut there; a frame is far smaller anyway.
    package init(_ items: [ScoreItem]) {
        var references = 0
        for item in items { references += item.references.count }
        bytes = ScoreBatchWriter.bytes(of: items, references: references)
        count = items.count
        referenceCount = references
    }

    /// The items of all batches, in order, without a look at their texts.
    package init(joining batches: [ScoreBatch]) {
        count = batches.reduce(0) { $0 + $1.count }
        referenceCount = batches.reduce(0) { $0 + $1.referenceCount }
        var joined: [UInt8] = []
        joined.reserveCapacity(batches.reduce(4) { $0 + $1.bytes.count })
        withUnsafeBytes(of: UInt32(clamping: count).littleEndian) { joined.append(contentsOf: $0) }
        for batch in batches { joined += batch.bytes[4..<batch.lengths] }
        for batch in batches { joined += batch.bytes[batch.lengths..<batch.texts] }
        for batch in batches { joined += batch.bytes[batch.texts...] }
        bytes = joined
    }

    /// Where the lengths of the references begin.
    private var lengths: Int { 4 + count * Self.itemHeader }
    /// Where the texts begin.
    private var texts: Int { lengths + referenceCount * 4 }

    /// Reads bytes that came from elsewhere. Every length is checked; texts are not: see ``validateTexts()``.
    package init(decoding bytes: [UInt8]) throws(ScoreBatchError) {
        self.bytes = bytes
        (count, referenceCount) = try bytes.withUnsafeBytes { raw in
            Result { () throws(ScoreBatchError) in
                try Self.check(raw)
            }
        }.get()
    }

    private static func check(_ raw: UnsafeRawBufferPointer) throws(ScoreBatchError) -> (items: Int, references: Int) {
        guard raw.count >= 4 else { throw ScoreBatchError("A batch has no count.") }
        let count = raw.u32(at: 0)
        guard count <= (raw.count - 4) / itemHeader else { throw ScoreBatchError("A batch is shorter than its items.") }
        var texts = 0
        var references = 0
        for item in 0..<count {
            let header = 4 + item * itemHeader
            for field in 0..<4 { texts += raw.u32(at: header + field * 4) }
            references += raw.u32(at: header + 16)
        }
        let lengths = 4 + count * itemHeader
        guard references <= (raw.count - lengths) / 4 else {
            throw ScoreBatchError("A batch is shorter than its references.")
        }
        for reference in 0..<references { texts += raw.u32(at: lengths + reference * 4) }
        guard texts == raw.count - lengths - references * 4 else {
            throw ScoreBatchError("The texts of a batch do not have the length that it says.")
        }
        return (count, references)
    }

    /// The items, as values.
    package var items: [ScoreItem] {
        var items: [ScoreItem] = []
        items.reserveCapacity(count)
        bytes.withUnsafeBytes { raw in
            forEachItem(raw) { texts in
                let strings = texts.map { String(decoding: raw[$0], as: UTF8.self) }
                items.append(
                    ScoreItem(
                        itemID: strings[0], input: strings[1], output: strings[2],
                        references: Array(strings.dropFirst(4)), metaJSON: strings[3]))
            }
        }
        return items
    }

    /// The items of a range, as a batch of their own: how a batch that crashes is narrowed down.
    package subscript(range: Range<Int>) -> ScoreBatch { ScoreBatch(Array(items[range])) }

    /// Throws when a text is not valid UTF-8: for a batch whose bytes a plugin made [STR-3].
    package func validateTexts() throws(ScoreBatchError) {
        let valid = bytes.withUnsafeBytes { raw in
            var valid = true
            forEachItem(raw) { texts in
                valid = valid && texts.allSatisfy { ForeignText.isUTF8(UnsafeRawBufferPointer(rebasing: raw[$0])) }
            }
            return valid
        }
        guard valid else { throw ScoreBatchError("A text of a batch is not valid UTF-8.") }
    }

    /// Gives for each item where its id, input, output, meta and references lie.
    private func forEachItem(_ raw: UnsafeRawBufferPointer, _ body: ([Range<Int>]) -> Void) {
        var lengths = lengths
        var text = texts
        for item in 0..<count {
            let header = 4 + item * Self.itemHeader
            let references = raw.u32(at: header + 16)
            var ranges: [Range<Int>] = []
            for place in (0..<4).map({ header + $0 * 4 }) + (0..<references).map({ lengths + $0 * 4 }) {
                let end = text + raw.u32(at: place)
                ranges.append(text..<end)
                text = end
            }
            lengths += references * 4
            body(ranges)
        }
    }
}

extension UnsafeRawBufferPointer {
    func u32(at offset: Int) -> Int {
        Int(UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
}
