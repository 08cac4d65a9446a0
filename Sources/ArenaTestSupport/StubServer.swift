import Glibc
import Synchronization

/// An HTTP server on loopback that answers as scripted, on threads of its own.
///
/// Each connection gets requests until its script ends it. What was asked is kept.
package final class StubServer: Sendable {
    package struct Request: Sendable {
        package let method: String
        package let path: String
        /// Names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]
        /// Which connection it came on, counted from 0.
        package let connection: Int
    }

    /// The server's end of one connection.
    package struct Peer: Sendable {
        fileprivate let descriptor: Int32

        /// Returns `false` once the client has gone.
        @discardableResult
        package func send(_ bytes: [UInt8]) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }

        @discardableResult
        package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        /// A whole answer with its length.
        package func answer(_ body: String, status: Int = 200, headers: [String] = []) {
            let lines = ["HTTP/1.1 \(status) Stub", "Content-Length: \(body.utf8.count)"] + headers
            send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }

        /// Waits until the client has closed its end or the test is over.
        package func waitForEnd() {
            var byte: UInt8 = 0
            while recv(descriptor, &byte, 1, 0) > 0 {}
        }

        /// Ends the connection with a reset instead of a close.
        package func reset() {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
    }

    /// Answers one request. `false` closes the connection after it.
    package typealias Script = @Sendable (Request, Peer) -> Bool

    private struct State {
        var requests: [Request] = []
        var connections: [Int32] = []
        var accepted = 0
        var isStopped = false
        var waiters: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []
    }

    package let port: Int
    private let listener: Int32
    private let script: Script
    private let state = Mutex(State())

    /// Listens on a free port of 127.0.0.1.
    package init(_ script: @escaping Script) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw RawConnection.Failed(call: "socket", errno: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard status else {
            let number = errno
            close(listener)
            throw RawConnection.Failed(call: "bind", errno: number)
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        Task { [self] in try? await RawConnection.onThread { self.accept() } }
    }

    /// A URL of this server.
    package func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    package var requests: [Request] { state.withLock { $0.requests } }
    package var connectionCount: Int { state.withLock { $0.accepted } }

    /// Returns once so many requests have come.
    package func waitForRequests(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.requests.count < count { state.waiters.append((count, continuation)) }
                return state.requests.count >= count
            }
            if isThere { continuation.resume() }
        }
    }

    /// Ends all connections. Must be called, for the threads keep the server.
    package func stop() {
        let connections = state.withLock { state in
            state.isStopped = true
            return state.connections
        }
        for descriptor in connections { shutdown(descriptor, Int32(SHUT_RDWR)) }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let number = state.withLock { state -> Int? in
                guard !state.isStopped else { return nil }
                state.connections.append(descriptor)
                state.accepted += 1
                return state.accepted - 1
            }
            guard let number else {
                close(descriptor)
                break
            }
            Task { try? await RawConnection.onThread { self.serve(descriptor, number) } }
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32, _ number: Int) {
        var reader = StubRequestReader(descriptor: descriptor, connection: number)
        while let request = reader.next() {
            let ready = state.withLock { state in
                state.requests.append(request)
                let count = state.requests.count
                defer { state.waiters.removeAll { $0.count <= count } }
                return state.waiters.filter { $0.count <= count }
            }
            for waiter in ready { waiter.resume.resume() }
            guard script(request, Peer(descriptor: descriptor)) else { break }
        }
        state.withLock { $0.connections.removeAll { $0 == descriptor } }
        close(descriptor)
    }
}

/// Reads requests with a length, one after the other.
private struct StubRequestReader {
    let descriptor: Int32
    let connection: Int
    private var buffer: [UInt8] = []

    init(descriptor: Int32, connection: Int) {
        self.descriptor = descriptor
        self.connection = connection
    }

    mutating func next() -> StubServer.Request? {
        let end = Array("\r\n\r\n".utf8)
        var headerEnd = find(end)
        while headerEnd == nil {
            // A greeting of another protocol ends the connection.
            guard fill(), buffer[0] >= 0x20 else { return nil }
            headerEnd = find(end)
        }
        guard let headerEnd else { return nil }
        let lines = String(decoding: buffer[..<headerEnd], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        let total = headerEnd + end.count + length
        while buffer.count < total { guard fill() else { return nil } }
        let body = Array(buffer[(headerEnd + end.count)..<total])
        buffer.removeFirst(total)
        return StubServer.Request(
            method: String(words[0]), path: String(words[1]), headers: headers, body: body, connection: connection)
    }

    private func find(_ end: [UInt8]) -> Int? {
        guard buffer.count >= end.count else { return nil }
        return (0...(buffer.count - end.count)).first { buffer[$0..<($0 + end.count)].elementsEqual(end) }
    }

    private mutating func fill() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        buffer += bytes[..<count]
        return true
    }
}
