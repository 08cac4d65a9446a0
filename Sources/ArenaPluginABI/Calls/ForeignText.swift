import CArenaPlugin

/// Reads what a plugin points at, and points at what a plugin reads.
enum ForeignText {
    /// More than any text of the ABI; a greater length is garbage.
    private static let sanity: UInt64 = 1 << 32

    /// The bytes of a text; `nil` when pointer and length contradict each other [STR-2].
    static func bytes(_ text: arena_str) -> UnsafeRawBufferPointer? {
        bytes(text.ptr.map(UnsafeRawPointer.init), text.len)
    }

    /// The bytes behind a pointer; `nil` when pointer and length contradict each other [BYTES-1].
    static func bytes(_ pointer: UnsafeRawPointer?, _ length: UInt64) -> UnsafeRawBufferPointer? {
        guard length > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        guard let pointer, length < sanity else { return nil }
        return UnsafeRawBufferPointer(start: pointer, count: Int(length))
    }

    /// The text; `nil` when it is not valid UTF-8 [STR-3]. What is longer than `limit` bytes is cut between scalars.
    static func string(_ text: arena_str, limit: Int = .max) -> String? {
        guard let bytes = bytes(text) else { return nil }
        return string(bytes, limit: limit)
    }

    static func string(_ bytes: UnsafeRawBufferPointer, limit: Int = .max) -> String? {
        String(validating: cut(bytes, to: limit), as: UTF8.self)
    }

    /// JSON text that is not cut but left out when it is longer than `limit` bytes; `nil` when it is not valid UTF-8.
    static func json(_ text: arena_str, limit: Int) -> String? {
        guard text.len <= UInt64(limit) else { return "" }
        return string(text)
    }

    /// At most `limit` bytes, not ending inside of a scalar.
    static func cut(_ bytes: UnsafeRawBufferPointer, to limit: Int) -> UnsafeRawBufferPointer {
        guard bytes.count > limit else { return bytes }
        var end = limit
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[..<end])
    }

    static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let span = Span(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        return (try? UTF8Span(validating: span)) != nil
    }
}
