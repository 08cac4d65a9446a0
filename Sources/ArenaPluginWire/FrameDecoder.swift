/// Turns received bytes, cut anywhere, into frames.
///
/// A length is checked as soon as its four bytes are there, so that a peer cannot make the reader hold more than one
/// frame and what was appended last. After an error every further call throws it again: a stream that has lost its
/// place is of no use. A body is copied once, straight to where it stays.
package struct FrameDecoder: Sendable {
    /// Whole frames that were not taken yet, the next one last.
    private var ready: [Frame] = []
    /// The beginning of a header.
    private var header: [UInt8] = []
    /// A frame whose header was read and whose body goes on.
    private var partial: (frame: Frame, length: Int)?
    private var failure: WireError?

    package init() {}

    /// The number of bytes that wait for the rest of their frame.
    package var pendingBytes: Int {
        header.count + (partial.map { WireFormat.header + $0.frame.body.count } ?? 0)
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        ready.reverse()
        var rest = bytes[...]
        while !rest.isEmpty, failure == nil {
            if partial == nil { readHeader(&rest) }
            readBody(&rest)
        }
        ready.reverse()
    }

    /// The next whole frame, or `nil` until more bytes are appended.
    package mutating func next() throws(WireError) -> Frame? {
        if let frame = ready.popLast() { return frame }
        if let failure { throw failure }
        return nil
    }

    private mutating func readHeader(_ rest: inout Slice<UnsafeRawBufferPointer>) {
        let taken = rest.prefix(WireFormat.header - header.count)
        header.append(contentsOf: taken)
        rest = rest[taken.endIndex...]
        guard header.count >= 4 else { return }
        let counted = integer(UInt32.self, at: 0)
        guard counted >= UInt32(WireFormat.countedHeader),
            counted <= UInt32(WireFormat.countedHeader + WireFormat.maximumBody)
        else { return fail(.frameLength(counted)) }
        guard header.count == WireFormat.header else { return }
        let typeAndReserved = integer(UInt32.self, at: 4)
        guard typeAndReserved <= 0xFF else { return fail(.reservedBytes) }
        let length = Int(counted) - WireFormat.countedHeader
        partial = (Frame(type: UInt8(typeAndReserved), id: integer(UInt64.self, at: 8), body: []), length)
        partial?.frame.body.reserveCapacity(length)
        header.removeAll(keepingCapacity: true)
    }

    private mutating func readBody(_ rest: inout Slice<UnsafeRawBufferPointer>) {
        guard let missing = partial.map({ $0.length - $0.frame.body.count }) else { return }
        let taken = rest.prefix(missing)
        partial?.frame.body.append(contentsOf: UnsafeRawBufferPointer(rebasing: taken))
        rest = rest[taken.endIndex...]
        guard taken.count == missing, let frame = partial?.frame else { return }
        partial = nil
        ready.append(frame)
    }

    private mutating func fail(_ problem: WireError.Problem) {
        failure = WireError(problem)
        header = []
    }

    private func integer<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
        header.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
    }
}
