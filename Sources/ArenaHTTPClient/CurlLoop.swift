import ArenaCore
import CCurl
import CLinux
import Synchronization

/// The thread that owns libcurl: all handles, callbacks and sockets.
///
/// Others leave commands in its mailbox and wake it, which is the one function of a multi handle that any thread may
/// call. It ends when it is stopped.
final class CurlLoop: Sendable {
    private enum Command: Sendable {
        case start(UInt64, HTTPRequest, RequestTarget, TransferPipe)
        case cancel(UInt64)
        case resume(UInt64)
        case stop
    }

    private struct Mailbox {
        var commands: [Command] = []
        /// Once it is not, the multi handle may be gone.
        var isOpen: Bool
        var hasEnded = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let mailbox: Mutex<Mailbox>
    // Only the thread uses it, and whoever holds the open mailbox wakes it.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer?
    private static let stackBytes: UInt64 = 1 << 20
    private static let mostIdleConnections = 64
    /// The thread looks after its timers at least so often, in milliseconds.
    private static let longestWait: Int64 = 60_000

    /// libcurl has been loaded: whoever has a ``RequestTarget`` knows that.
    init() {
        multi = arena_curl_multi_init()
        mailbox = Mutex(Mailbox(isOpen: multi != nil))
        guard let multi else {
            mailbox.withLock { $0.hasEnded = true }
            return
        }
        _ = arena_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.mostIdleConnections)
        let context = Unmanaged.passRetained(self)
        let status = arena_linux_thread_start("arena-http", Self.stackBytes, Self.run, context.toOpaque())
        if status != 0 {
            context.release()
            finish()
        }
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
        guard let context else { return }
        Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
    }

    // MARK: From any thread

    /// - Returns: `false` when the loop has been stopped.
    func start(_ id: UInt64, _ request: HTTPRequest, _ target: RequestTarget, _ pipe: TransferPipe) -> Bool {
        post(.start(id, request, target, pipe))
    }

    func cancel(_ id: UInt64) { _ = post(.cancel(id)) }
    func resume(_ id: UInt64) { _ = post(.resume(id)) }
    func stop() { _ = post(.stop) }

    func close() async {
        stop()
        await withCheckedContinuation { continuation in
            let ended = mailbox.withLock { mailbox in
                if !mailbox.hasEnded { mailbox.closers.append(continuation) }
                return mailbox.hasEnded
            }
            if ended { continuation.resume() }
        }
    }

    private func post(_ command: Command) -> Bool {
        mailbox.withLock { mailbox in
            guard mailbox.isOpen else { return false }
            mailbox.commands.append(command)
            if mailbox.commands.count == 1 { arena_curl_multi_wakeup(multi) }
            return true
        }
    }

    // MARK: On the thread

    private func run() {
        guard let multi else { return }
        var transfers = TransferTable(multi: multi)
        while carryOut(on: &transfers) {
            var running: Int32 = 0
            arena_curl_multi_perform(multi, &running)
            transfers.takeFinished()
            let wait = transfers.expire(now: monotonicNanoseconds())
            if mailbox.withLock({ $0.commands.isEmpty }) {
                arena_curl_multi_poll(multi, Int32(min(wait ?? Self.longestWait, Self.longestWait)))
            }
        }
        transfers.endAll()
        finish()
    }

    /// Does what the mailbox holds. Returns `false` when the loop is to end.
    private func carryOut(on transfers: inout TransferTable) -> Bool {
        let commands = mailbox.withLock { mailbox in
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
        for (index, command) in commands.enumerated() {
            switch command {
            case .start(let id, let request, let target, let pipe): transfers.start(id, request, target, pipe)
            case .cancel(let id): transfers.cancel(id)
            case .resume(let id): transfers.resume(id)
            case .stop:
                // Those that came after the end was asked for.
                for command in commands[index...] { Self.refuse(command) }
                return false
            }
        }
        return true
    }

    private static func refuse(_ command: Command) {
        guard case .start(_, _, let target, let pipe) = command else { return }
        pipe.end(.failure(HTTPClientError(target.description, .cancelled)))
    }

    private func finish() {
        let (left, closers) = mailbox.withLock { mailbox in
            mailbox.isOpen = false
            defer {
                mailbox.commands = []
                mailbox.closers = []
            }
            return (mailbox.commands, mailbox.closers)
        }
        for command in left { Self.refuse(command) }
        arena_curl_multi_cleanup(multi)
        let late = mailbox.withLock { mailbox in
            mailbox.hasEnded = true
            defer { mailbox.closers = [] }
            return mailbox.closers
        }
        for closer in closers + late { closer.resume() }
    }
}
