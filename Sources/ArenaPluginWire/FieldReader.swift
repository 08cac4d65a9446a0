/// Reads the fields of a body that came from the other side; nothing in it is trusted.
package struct FieldReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The number of bytes that were not read yet.
    package var remaining: Int { bytes.count - position }

    package mutating func u8() throws(WireError) -> UInt8 { try integer() }
    package mutating func u32() throws(WireError) -> UInt32 { try integer() }
    package mutating func i32() throws(WireError) -> Int32 { try integer() }
    package mutating func u64() throws(WireError) -> UInt64 { try integer() }
    package mutating func i64() throws(WireError) -> Int64 { try integer() }
    package mutating func f64() throws(WireError) -> Double { Double(bitPattern: try integer()) }

    package mutating func text() throws(WireError) -> String {
        let range = try counted()
        let text = bytes.withUnsafeBufferPointer { String(validating: $0[range], as: UTF8.self) }
        guard let text else { throw WireError(.text) }
        return text
    }

    package mutating func data() throws(WireError) -> [UInt8] { Array(bytes[try counted()]) }

    /// All that is left.
    package mutating func rest() -> [UInt8] {
        defer { position = bytes.count }
        return position == 0 ? bytes : Array(bytes[position...])
    }

    /// Throws unless everything was read: a body has nothing after its last field.
    package func finish() throws(WireError) {
        guard remaining == 0 else { throw WireError(.trailingBytes(remaining)) }
    }

    private mutating func counted() throws(WireError) -> Range<Int> {
        let count = Int(try u32())
        guard count <= remaining else { throw WireError(.truncated) }
        defer { position += count }
        return position..<(position + count)
    }

    private mutating func integer<T: FixedWidthInteger>() throws(WireError) -> T {
        guard remaining >= MemoryLayout<T>.size else { throw WireError(.truncated) }
        defer { position += MemoryLayout<T>.size }
        return bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: T.self)) }
    }
}
