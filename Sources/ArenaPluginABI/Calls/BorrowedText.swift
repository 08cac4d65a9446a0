import CArenaPlugin

extension String {
    /// Lends the text to a plugin for the time of `body` [MEM-2].
    func lend<R>(_ body: (arena_str) -> R) -> R {
        var copy = self
        return copy.withUTF8 { body(arena_str(UnsafeRawBufferPointer($0))) }
    }
}

extension arena_str {
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(ptr: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), len: UInt64(bytes.count))
    }
}

extension arena_bytes {
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(ptr: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), len: UInt64(bytes.count))
    }
}

extension [String] {
    /// Lends all texts to a plugin for the time of `body`.
    func lend<R>(_ body: (UnsafePointer<arena_str>?, UInt64) -> R) -> R {
        var flat: [UInt8] = []
        flat.reserveCapacity(reduce(0) { $0 + $1.utf8.count })
        for text in self { flat.append(contentsOf: text.utf8) }
        return flat.withUnsafeBytes { bytes in
            var texts: [arena_str] = []
            texts.reserveCapacity(count)
            var start = 0
            for text in self {
                let end = start + text.utf8.count
                texts.append(arena_str(UnsafeRawBufferPointer(rebasing: bytes[start..<end])))
                start = end
            }
            return texts.withUnsafeBufferPointer { body($0.baseAddress, UInt64($0.count)) }
        }
    }
}
