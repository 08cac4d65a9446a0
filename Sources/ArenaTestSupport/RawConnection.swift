import Glibc
import Testing

/// A blocking TCP connection to loopback, used on a thread of its own so that no test blocks the cooperative pool.
package enum RawConnection {
    package struct Failed: Error {
        package let call: String
        package let errno: Int32
    }

    /// Connects, sends everything, and reads until the other side closes. Records a failure to connect as an issue.
    package static func exchange(_ bytes: [UInt8], port: Int) async -> [UInt8] {
        do {
            return try await onThread {
                let socket = try connect(port: port)
                defer { close(socket) }
                send(bytes, to: socket)
                return readToEnd(socket)
            }
        } catch {
            Issue.record(error)
            return []
        }
    }

    /// Connects and returns the descriptor, which the caller closes.
    package static func connect(port: Int) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failed(call: "socket", errno: errno) }
        // A server that never answers fails the test instead of hanging it.
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(socket)
            throw Failed(call: "connect", errno: errno)
        }
        return socket
    }

    /// Sends what the other side takes; it may refuse the rest.
    package static func send(_ bytes: [UInt8], to socket: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    package static func readToEnd(_ socket: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Waits for one byte.
    package static func receive(_ byte: inout UInt8, from socket: Int32) -> Bool { recv(socket, &byte, 1, 0) == 1 }

    package static func end(_ socket: Int32) { close(socket) }

    /// Runs blocking code on a new thread.
    package static func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws
        -> Result
    {
        try await withCheckedThrowingContinuation { continuation in
            let work = Unmanaged.passRetained(Work { continuation.resume(with: Swift.Result { try body() }) })
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, work.toOpaque())
            pthread_detach(thread)
        }
    }

    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
}
