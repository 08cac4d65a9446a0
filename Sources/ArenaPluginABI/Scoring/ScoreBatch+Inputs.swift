import CArenaPlugin

extension ScoreBatch {
    /// Lays the batch out as a plugin reads it, for the time of `body`: an array of `arena_score_input` that point into
    /// ``bytes``. Copies no text.
    func withInputs<R>(_ body: (UnsafeMutablePointer<arena_score_input>) -> R) -> R {
        let inputs = UnsafeMutablePointer<arena_score_input>.allocate(capacity: max(count, 1))
        let references = UnsafeMutablePointer<arena_str>.allocate(capacity: max(referenceCount, 1))
        defer {
            inputs.deallocate()
            references.deallocate()
        }
        return bytes.withUnsafeBytes { raw in
            if let base = raw.baseAddress { layOut(base, inputs, references) }
            return body(inputs)
        }
    }

    /// The lengths were checked when the batch was made, so that no pointer leaves `base`.
    private func layOut(
        _ base: UnsafeRawPointer, _ inputs: UnsafeMutablePointer<arena_score_input>,
        _ references: UnsafeMutablePointer<arena_str>
    ) {
        var header = base + 4
        var length = header + count * Self.itemHeader
        var text = length + referenceCount * 4
        var reference = references
        var input = inputs
        for _ in 0..<count {
            let ownReferences = UInt32(littleEndian: (header + 16).loadUnaligned(as: UInt32.self))
            let itemID = arena_str(at: &text, length: header)
            let question = arena_str(at: &text, length: header + 4)
            let output = arena_str(at: &text, length: header + 8)
            let meta = arena_str(at: &text, length: header + 12)
            input.initialize(
                to: arena_score_input(
                    struct_size: UInt32(MemoryLayout<arena_score_input>.size), reserved: 0, item_id: itemID,
                    input: question, output: output, references: UnsafeRawPointer(reference),
                    reference_count: ownReferences, reference_stride: UInt32(MemoryLayout<arena_str>.stride),
                    meta_json: meta))
            for _ in 0..<ownReferences {
                reference.initialize(to: arena_str(at: &text, length: length))
                reference += 1
                length += 4
            }
            header += Self.itemHeader
            input += 1
        }
    }

    /// Copies an array of items that a plugin points at, as arena.scoring/1 receives it.
    ///
    /// - Throws: ``ScoreBatchError`` for an item below its frozen minimum, for text that is not UTF-8, and for more
    ///   than `byteLimit` bytes.
    init(
        foreign base: UnsafeRawPointer?, count: Int, stride: UInt64, byteLimit: Int
    ) throws(ScoreBatchError) {
        guard stride >= UInt64(ARENA_SCORE_INPUT_MIN_SIZE), stride <= 64 << 10, stride % 8 == 0 else {
            throw ScoreBatchError("Items have a stride of \(stride) bytes.")
        }
        var items: [ScoreItem] = []
        items.reserveCapacity(count)
        var budget = byteLimit
        for index in 0..<count {
            guard let base else { throw ScoreBatchError("The items are NULL.") }
            items.append(try ScoreItem(foreign: base + index * Int(stride), budget: &budget))
        }
        self.init(items)
    }
}

extension arena_str {
    /// The text at `text`, which moves on, with the length that lies at `length`.
    @inline(__always)
    fileprivate init(at text: inout UnsafeRawPointer, length: UnsafeRawPointer) {
        let count = Int(UInt32(littleEndian: length.loadUnaligned(as: UInt32.self)))
        self.init(ptr: text.assumingMemoryBound(to: CChar.self), len: UInt64(count))
        text += count
    }
}

extension ScoreItem {
    fileprivate init(foreign pointer: UnsafeRawPointer, budget: inout Int) throws(ScoreBatchError) {
        let size = pointer.loadUnaligned(as: UInt32.self)
        guard size >= ARENA_SCORE_INPUT_MIN_SIZE else { throw ScoreBatchError("An item has \(size) bytes.") }
        let input = pointer.loadUnaligned(as: arena_score_input.self)
        func text(_ foreign: arena_str) throws(ScoreBatchError) -> String {
            guard foreign.len <= UInt64(max(budget, 0)) else { throw ScoreBatchError("A batch is too long.") }
            budget -= Int(foreign.len)
            guard let text = ForeignText.string(foreign) else {
                throw ScoreBatchError("A text of an item is not valid UTF-8.")
            }
            return text
        }
        var references: [String] = []
        if input.reference_count > 0 {
            let stride = Int(input.reference_stride)
            guard let base = input.references, stride >= MemoryLayout<arena_str>.size else {
                throw ScoreBatchError("The references of an item cannot be read.")
            }
            budget -= Int(input.reference_count) * 4
            for index in 0..<Int(input.reference_count) {
                references.append(try text((base + index * stride).loadUnaligned(as: arena_str.self)))
            }
        }
        self.init(
            itemID: try text(input.item_id), input: try text(input.input), output: try text(input.output),
            references: references, metaJSON: try text(input.meta_json))
    }
}
