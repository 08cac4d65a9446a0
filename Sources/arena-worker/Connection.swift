import ArenaCore
import ArenaPluginWire
import CLinux
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The sending side of the socket. Any thread; one message at a time.
final class Connection: Sendable {
    private let socket: Int32
    private let turn = Mutex(())

    init(_ socket: Int32) { self.socket = socket }

    /// Sends a message; blocks while the host is behind. Ends the process when the host is gone.
    ///
    /// - Throws: ``WireError`` for a message that is too large; then nothing was sent.
    func send(_ message: ChildMessage) throws(WireError) {
        let bytes = try message.encode()
        turn.withLock { _ in
            let error = bytes.withUnsafeBytes { arena_linux_send_all(socket, $0.baseAddress, UInt64($0.count)) }
            if error != 0 { _exit(ExitStatus.done) }
        }
    }

    /// Sends a result, or in its place the news that it is too large.
    func send(_ result: ResultMessage) {
        do {
            try send(.result(result))
        } catch {
            try? send(
                .result(ResultMessage(id: result.id, status: .resourceExhausted, message: error.message)))
        }
    }

    /// A line of this process's own for the plugin's log.
    func log(_ level: UInt8, _ message: String) {
        try? send(.log(LogMessage(call: 0, level: level, message: message)))
    }

    /// Says why `hello` cannot be followed, and ends the process.
    func refuse(_ failure: Failure) -> Never {
        try? send(.refused(Refusal.json(failure)))
        fflush(nil)
        _exit(ExitStatus.refused)
    }
}

/// The receiving side of the socket. One thread at a time.
struct MessageReader: Sendable {
    private let socket: Int32
    private var decoder = FrameDecoder()
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(_ socket: Int32) { self.socket = socket }

    /// The next message. Ends the process when the host is gone or sends what is no message: nothing outlives its host.
    mutating func next() -> HostMessage {
        while true {
            do throws(WireError) {
                if let frame = try decoder.next() { return try HostMessage(frame) }
            } catch {
                _exit(ExitStatus.brokenFrame)
            }
            receive()
        }
    }

    /// The first message, which is `hello`; a host may also say `bye` to a worker that it did not need.
    mutating func hello() -> Hello {
        switch next() {
        case .hello(let document):
            guard let hello = try? Hello(document) else { _exit(ExitStatus.brokenFrame) }
            return hello
        case .bye: _exit(ExitStatus.done)
        default: _exit(ExitStatus.brokenFrame)
        }
    }

    private mutating func receive() {
        let count = buffer.withUnsafeMutableBytes { read(socket, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { return }
        guard count > 0 else { _exit(ExitStatus.done) }
        buffer.withUnsafeBytes { decoder.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
}
