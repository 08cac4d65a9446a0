/// Turns received bytes, cut anywhere, into frames.
///
/// A length is checked as soon as its four bytes are there, so that a peer cannot make the reader hold more than one
/// frame and what was appended last. After an error every further call throws it again: a stream that has lost its
/// place is of no use.
package struct FrameDecoder: Sendable {
    /// Whole frames, the beginning of a header, or a short frame's beginning.
    private var buffer: [UInt8] = []
    private var start = 0
    /// A frame whose header was read and whose body goes on; ``buffer`` is then empty until it is whole.
    private var partial: (frame: Frame, length: Int)?
    private var failure: WireError?

    package init() {}

    /// The number of bytes that wait for the rest of their frame.
    package var pendingBytes: Int {
        buffer.count - start + (partial.map { WireFormat.header + $0.frame.body.count } ?? 0)
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        let missing = partial.map { $0.length - $0.frame.body.count } ?? 0
        // Straight into the body: large frames are copied once.
        if missing > 0 { partial?.frame.body.append(contentsOf: bytes.prefix(missing)) }
        guard bytes.count > missing else { return }
        compact()
        buffer.append(contentsOf: bytes[missing...])
    }

    /// The next whole frame, or `nil` until more bytes are appended.
    package mutating func next() throws(WireError) -> Frame? {
        if let failure { throw failure }
        if let (frame, length) = partial {
            guard frame.body.count == length else { return nil }
            partial = nil
            return frame
        }
        let available = buffer.count - start
        guard available >= 4 else { return nil }
        let counted = integer(UInt32.self, at: start)
        guard counted >= UInt32(WireFormat.countedHeader),
            counted <= UInt32(WireFormat.countedHeader + WireFormat.maximumBody)
        else { throw fail(.frameLength(counted)) }
        guard available >= WireFormat.header else { return nil }
        let typeAndReserved = integer(UInt32.self, at: start + 4)
        guard typeAndReserved <= 0xFF else { throw fail(.reservedBytes) }
        let length = Int(counted) - WireFormat.countedHeader
        var frame = Frame(type: UInt8(typeAndReserved), id: integer(UInt64.self, at: start + 8), body: [])
        frame.body.reserveCapacity(length)
        let end = min(start + WireFormat.header + length, buffer.count)
        frame.body.append(contentsOf: buffer[(start + WireFormat.header)..<end])
        start = end
        guard frame.body.count == length else {
            partial = (frame, length)
            return nil
        }
        return frame
    }

    private mutating func compact() {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
            start = 0
        } else if start > 1 << 16, start > buffer.count / 2 {
            buffer.removeSubrange(..<start)
            start = 0
        }
    }

    private mutating func fail(_ problem: WireError.Problem) -> WireError {
        let error = WireError(problem)
        failure = error
        buffer = []
        start = 0
        return error
    }

    private func integer<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
        buffer.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
    }
}
