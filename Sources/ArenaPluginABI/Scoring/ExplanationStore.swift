import CArenaPlugin

/// The explanations of a batch's items, most of which have none: the last one an item counts.
struct ExplanationStore: Sendable {
    /// Where each item's explanation lies in ``bytes``; empty while there is none at all.
    private var places: [Range<Int>] = []
    private var bytes: [UInt8] = []
    private let count: Int

    init(count: Int) { self.count = count }

    /// The explanation of an item; empty when it has none.
    subscript(item: Int) -> ArraySlice<UInt8> { places.isEmpty ? [] : bytes[places[item]] }

    /// The sum of the lengths of all.
    var totalLength: Int { places.reduce(0) { $0 + $1.count } }

    /// Keeps what a plugin says of an item, cut at 1 KiB; of an item that the batch does not have, nothing.
    ///
    /// - Returns: `false` for text that is not valid UTF-8.
    mutating func add(_ text: arena_str, item: Int) -> Bool {
        guard item >= 0, item < count else { return true }
        guard let whole = ForeignText.bytes(text) else { return false }
        let kept = ForeignText.cut(whole, to: ScoreResults.explainLimit)
        guard ForeignText.isUTF8(kept) else { return false }
        replace(item, with: kept)
        return true
    }

    mutating func replace(_ item: Int, with explanation: some Collection<UInt8>) {
        guard !explanation.isEmpty || !places.isEmpty else { return }
        if places.isEmpty { places = Array(repeating: 0..<0, count: count) }
        let old = places[item]
        if explanation.count <= old.count {
            // In place: a scorer that explains again and again does not grow the store.
            let new = old.lowerBound..<(old.lowerBound + explanation.count)
            bytes.replaceSubrange(new, with: explanation)
            places[item] = new
        } else {
            let start = bytes.count
            bytes.append(contentsOf: explanation)
            places[item] = start..<bytes.count
        }
        compactIfWasteful()
    }

    /// One that explains ever longer is forgotten in time: at most twice what may be kept is.
    private mutating func compactIfWasteful() {
        guard bytes.count > max(count, 1) * ScoreResults.explainLimit * 2 else { return }
        var kept: [UInt8] = []
        for item in places.indices {
            let start = kept.count
            kept.append(contentsOf: bytes[places[item]])
            places[item] = start..<kept.count
        }
        bytes = kept
    }
}
