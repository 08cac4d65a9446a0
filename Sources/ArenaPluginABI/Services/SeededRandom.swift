/// The stream behind `arena.random/1`: the same seed and block give the same bytes, on every machine [RANDOM-1].
///
/// Each block is a SplitMix64 sequence of its own, whose start is mixed from seed and block.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The greatest number of bytes of one `fill`.
    package static let fillLimit: UInt64 = 64 << 10

    package init(seed: UInt64, block: UInt64) {
        state = Self.mix(Self.mix(seed &+ Self.step) ^ (block &* Self.step))
    }

    package mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mix(state)
    }

    /// Fills a buffer: each number gives eight bytes, the lowest first.
    package mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for start in stride(from: 0, to: buffer.count, by: 8) {
            var number = next()
            for index in start..<min(start + 8, buffer.count) {
                buffer[index] = UInt8(truncatingIfNeeded: number)
                number >>= 8
            }
        }
    }

    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
