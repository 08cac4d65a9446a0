/// Writes the fields of a body: little-endian numbers, and texts and bytes behind a 32-bit length.
package struct FieldWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    package mutating func u8(_ value: UInt8) { bytes.append(value) }
    package mutating func u32(_ value: UInt32) { integer(value) }
    package mutating func i32(_ value: Int32) { integer(value) }
    package mutating func u64(_ value: UInt64) { integer(value) }
    package mutating func i64(_ value: Int64) { integer(value) }
    package mutating func f64(_ value: Double) { integer(value.bitPattern) }

    package mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { counted(UnsafeRawBufferPointer($0)) }
    }

    package mutating func data(_ value: [UInt8]) {
        value.withUnsafeBytes { counted($0) }
    }

    /// Bytes without a length in front.
    package mutating func raw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

    /// Puts a number in the place of bytes that were written before.
    mutating func overwrite<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self) }
    }

    /// A length that 32 bits do not hold is written as the greatest one: the body is then far above the limit of a
    /// frame, which refuses it before anything is sent.
    private mutating func counted(_ value: UnsafeRawBufferPointer) {
        integer(UInt32(clamping: value.count))
        bytes.append(contentsOf: value)
    }

    private mutating func integer(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
