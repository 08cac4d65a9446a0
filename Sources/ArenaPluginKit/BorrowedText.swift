import ArenaJSON
package import CArenaPlugin

extension arena_str {
    /// A copy as a Swift string; what is not UTF-8 becomes U+FFFD.
    package var string: String {
        guard let ptr, len > 0 else { return "" }
        let bytes = UnsafeRawBufferPointer(start: ptr, count: Int(len))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The JSON value that the text holds; empty text is an empty object.
    func json(_ what: String) throws(PluginError) -> JSONValue {
        guard let ptr, len > 0 else { return .object([:]) }
        do throws(JSONError) {
            return try JSONValue(parsing: UnsafeRawBufferPointer(start: ptr, count: Int(len)))
        } catch {
            throw PluginError.malformed(what, error)
        }
    }
}

extension arena_bytes {
    /// A copy.
    var array: [UInt8] {
        guard let ptr, len > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: ptr, count: Int(len)))
    }
}

/// Lends a string to C for the time of `body`. The pointer is valid only inside.
func withText<R>(_ text: String, _ body: (arena_str) -> R) -> R {
    var text = text
    return text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { body(arena_str(ptr: $0.baseAddress, len: UInt64($0.count))) }
    }
}

/// Lends bytes to C for the time of `body`.
func withBytes<R>(_ bytes: [UInt8], _ body: (arena_bytes) -> R) -> R {
    bytes.withUnsafeBufferPointer { body(arena_bytes(ptr: $0.baseAddress, len: UInt64($0.count))) }
}

/// Gives `body` a sink that collects what is written to it, and returns that with the status of `body`.
func collecting(_ body: (UnsafePointer<arena_sink>) -> arena_status) -> (status: arena_status, bytes: [UInt8]) {
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { bytes in
        var sink = arena_sink()
        sink.struct_size = UInt32(MemoryLayout<arena_sink>.size)
        // The sink is used only inside `body`, for which `bytes` is alive and not touched otherwise.
        sink.host_context = UnsafeMutableRawPointer(bytes)
        sink.write = { sink, data, count in
            guard let context = sink?.pointee.host_context else { return ARENA_INTERNAL }
            let buffer = UnsafeRawBufferPointer(start: data, count: Int(count))
            context.assumingMemoryBound(to: [UInt8].self).pointee.append(contentsOf: buffer)
            return ARENA_OK
        }
        return body(&sink)
    }
    return (status, bytes)
}

/// Parses what a service wrote.
func parsed(_ bytes: [UInt8], from service: String) throws(PluginError) -> JSONValue {
    guard !bytes.isEmpty else { return .null }
    do throws(JSONError) {
        return try JSONValue(parsing: bytes)
    } catch {
        throw PluginError.malformed("The answer of \(service)", error)
    }
}

/// Hands a value to the host's sink as JSON.
func write(_ value: JSONValue, to sink: UnsafePointer<arena_sink>?) -> arena_status {
    guard let sink, let write = sink.pointee.write else { return ARENA_INTERNAL }
    return value.bytes(.compact).withUnsafeBytes { write(sink, $0.baseAddress, UInt64($0.count)) }
}
