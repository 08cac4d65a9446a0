import ArenaCore
import ArenaPluginABI
import ArenaPluginWire
import CLinux
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// What a ``ChildLink`` tells its owner, always on the link's own thread: nothing here may block.
protocol ChildLinkOwner: AnyObject, Sendable {
    func received(_ frame: Frame)
    func printed(_ bytes: ArraySlice<UInt8>)
    /// The other side is gone, or sent what no frame can be. Nothing is received afterwards.
    func disconnected(_ error: WireError?)
    /// The descriptors are closed: the last thing that is ever said.
    func finished()
    /// Looks at deadlines; returns the CLOCK_MONOTONIC time of the next one.
    func tick(_ now: UInt64) -> UInt64?
}

/// The host's end of the socket to one child, and of the pipe that its prints come through.
///
/// One thread reads both, so that a child that floods or stalls holds up nobody else. Sending never blocks: what the
/// socket does not take is kept and written by that thread.
final class ChildLink: Sendable {
    private struct Outbox {
        var bytes: [UInt8] = []
        var isClosed = false
    }

    private let socket: Int32
    private let log: Int32
    private let wake: Int32
    private let outbox = Mutex(Outbox())
    /// Above this a child that does not read counts as broken.
    private static let mostUnsent = 64 << 20

    /// Takes both descriptors over. `start` must follow.
    init(socket: Int32, log: Int32) {
        self.socket = socket
        self.log = log
        wake = arena_linux_event_create()
        arena_linux_set_nonblocking(socket, 1)
        arena_linux_set_nonblocking(log, 1)
    }

    /// Starts the thread. Returns an errno; then the descriptors are closed and nothing is ever told.
    func start(owner: any ChildLinkOwner) -> Int32 {
        let error = PluginThread.start("arena-child-io", stackBytes: 256 << 10) { self.serve(owner) }
        if error != 0 { closeAll() }
        return error
    }

    /// Sends a frame. `false` when the child is gone or has stopped reading.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        outbox.withLock { box in
            guard !box.isClosed, box.bytes.count + bytes.count <= Self.mostUnsent else { return false }
            var sent = 0
            if box.bytes.isEmpty { sent = max(0, write(bytes[...])) }
            if sent < bytes.count {
                box.bytes.append(contentsOf: bytes[sent...])
                arena_linux_event_signal(wake)
            }
            return true
        }
    }

    /// Makes the thread look at the deadlines anew.
    func nudge() {
        outbox.withLock { box in
            if !box.isClosed { arena_linux_event_signal(wake) }
        }
    }

    /// Closes the descriptors of a link whose thread never started.
    func abandon() { closeAll() }

    private func serve(_ owner: any ChildLinkOwner) {
        var decoder = FrameDecoder()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var socketOpen = true
        var logOpen = true
        while socketOpen || logOpen {
            var descriptors = [
                pollfd(fd: socketOpen ? socket : -1, events: pollEvents(), revents: 0),
                pollfd(fd: logOpen ? log : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
            ]
            poll(&descriptors, 3, timeout(owner))
            if descriptors[2].revents != 0 { arena_linux_event_clear(wake) }
            if descriptors[1].revents != 0 { logOpen = readLog(&buffer, owner) }
            if descriptors[0].revents != 0, socketOpen {
                if descriptors[0].revents & Int16(POLLOUT) != 0 { flush() }
                if descriptors[0].revents & ~Int16(POLLOUT) != 0 {
                    socketOpen = readSocket(&buffer, &decoder, owner)
                }
            }
        }
        closeAll()
        owner.finished()
    }

    private func pollEvents() -> Int16 {
        outbox.withLock { Int16($0.bytes.isEmpty ? POLLIN : POLLIN | POLLOUT) }
    }

    /// Milliseconds until the owner wants to look at its deadlines, rounded up.
    private func timeout(_ owner: any ChildLinkOwner) -> Int32 {
        let now = monotonicNanoseconds()
        guard let next = owner.tick(now) else { return -1 }
        return next <= now ? 0 : Int32(min((next - now) / 1_000_000 + 1, 60_000))
    }

    /// `false` at the end of the prints.
    private func readLog(_ buffer: inout [UInt8], _ owner: any ChildLinkOwner) -> Bool {
        let count = buffer.withUnsafeMutableBytes { read(log, $0.baseAddress, $0.count) }
        if count > 0 { owner.printed(buffer[..<count]) }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// `false` when nothing more can come.
    private func readSocket(
        _ buffer: inout [UInt8], _ decoder: inout FrameDecoder, _ owner: any ChildLinkOwner
    ) -> Bool {
        let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        if count < 0, errno == EAGAIN || errno == EINTR { return true }
        guard count > 0 else {
            owner.disconnected(nil)
            return false
        }
        buffer[..<count].withUnsafeBytes { decoder.append($0) }
        do {
            while let frame = try decoder.next() { owner.received(frame) }
            return true
        } catch {
            owner.disconnected(error)
            return false
        }
    }

    private func flush() {
        outbox.withLock { box in
            let sent = write(box.bytes[...])
            if sent > 0 { box.bytes.removeFirst(sent) }
            if sent < 0, errno != EAGAIN, errno != EINTR { box.bytes = [] }
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private func closeAll() {
        outbox.withLock { box in
            guard !box.isClosed else { return }
            box.isClosed = true
            box.bytes = []
            close(socket)
            close(log)
            close(wake)
        }
    }
}
