import Glibc

/// A bare HTTP connection to loopback: what asking costs without Arena's client.
final class LoopbackConnection {
    private let descriptor: Int32
    private let port: UInt16

    /// `nil` while nothing listens there.
    init?(_ port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        self.port = port
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { return nil }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends a request; the connection stays open for the next.
    func ask(_ path: String, posting body: String = "") -> Bool {
        let head = "\(body.isEmpty ? "GET" : "POST") \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        let content =
            body.isEmpty
            ? "\r\n" : "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let bytes = Array((head + content).utf8)
        return send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Reads until what has come since the last reading holds a text; `nil` when the connection ends before.
    func read(until text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(descriptor, &buffer, buffer.count - 1, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            let isThere = (bytes + [0]).withUnsafeBytes { raw in
                raw.baseAddress.map { strstr($0.assumingMemoryBound(to: CChar.self), text) != nil } ?? false
            }
            if isThere { return bytes }
        }
    }

    /// Reads an answer of 200 that says how long it is; returns the size of its body in bytes.
    func readAnswer() -> Int? {
        guard let start = read(until: "\r\n\r\n") else { return nil }
        let text = String(decoding: start, as: UTF8.self).lowercased()
        guard text.hasPrefix("http/1.1 200"), let field = text.firstRange(of: "content-length: "),
            let end = text.firstRange(of: "\r\n\r\n"),
            let length = Int(text[field.upperBound...].prefix { $0.isNumber })
        else { return nil }
        var missing = length - text[end.upperBound...].utf8.count
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while missing > 0 {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            missing -= count
        }
        return length
    }
}
