/// Writes the three parts of a batch side by side into memory of the right size.
struct ScoreBatchWriter {
    private var header: UnsafeMutableRawPointer
    private var length: UnsafeMutableRawPointer
    private var text: UnsafeMutableRawPointer

    /// The bytes of `items` as ``ScoreBatch`` lays them out.
    static func bytes(of items: [ScoreItem], references: Int) -> [UInt8] {
        var total = 4 + items.count * ScoreBatch.itemHeader + references * 4
        for item in items { total += item.textBytes }
        return [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
            count = total
            guard let base = buffer.baseAddress else { return }
            var writer = ScoreBatchWriter(UnsafeMutableRawPointer(base), items: items.count, references: references)
            for item in items { writer.write(item) }
        }
    }

    private init(_ base: UnsafeMutableRawPointer, items: Int, references: Int) {
        base.storeBytes(of: UInt32(clamping: items).littleEndian, as: UInt32.self)
        header = base + 4
        length = header + items * ScoreBatch.itemHeader
        text = length + references * 4
    }

    private mutating func write(_ item: ScoreItem) {
        write(item.itemID, at: header)
        write(item.input, at: header + 4)
        write(item.output, at: header + 8)
        write(item.metaJSON, at: header + 12)
        (header + 16).storeBytes(of: UInt32(clamping: item.references.count).littleEndian, as: UInt32.self)
        header += ScoreBatch.itemHeader
        for reference in item.references {
            write(reference, at: length)
            length += 4
        }
    }

    private mutating func write(_ value: String, at place: UnsafeMutableRawPointer) {
        let count = value.utf8.count
        place.storeBytes(of: UInt32(clamping: count).littleEndian, as: UInt32.self)
        let target = UnsafeMutableRawBufferPointer(start: text, count: count)
        let isCopied: Void? = value.utf8.withContiguousStorageIfAvailable {
            target.copyMemory(from: UnsafeRawBufferPointer($0))
        }
        if isCopied == nil { target.copyBytes(from: value.utf8) }
        text += count
    }
}

extension ScoreItem {
    fileprivate var textBytes: Int {
        var count = itemID.utf8.count + input.utf8.count + output.utf8.count + metaJSON.utf8.count
        for reference in references { count += reference.utf8.count }
        return count
    }
}
