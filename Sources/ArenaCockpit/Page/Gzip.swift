import CZlib

/// Compression of what is sent often and changes never.
enum Gzip {
    /// The bytes as one gzip member; `nil` where that would not be shorter.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        guard arena_gzip_begin(&stream, 9) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 64)
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = uInt(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = uInt(target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        let length = output.count - Int(stream.avail_out)
        guard status == Z_STREAM_END, length < bytes.count else { return nil }
        return Array(output[..<length])
    }
}
