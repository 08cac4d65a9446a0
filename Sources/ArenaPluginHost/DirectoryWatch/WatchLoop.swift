import ArenaCore
import Glibc

/// What the thread of a ``DirectoryWatch`` does.
///
/// `@unchecked Sendable`: made by one thread, which hands it to the watching thread and keeps no reference; from then
/// on only ``run()`` touches it.
final class WatchLoop: @unchecked Sendable {
    private static let pollInterval = Duration.milliseconds(500).nanoseconds

    private let directories: [WatchedDirectory]
    private let lifeline: FileDescriptor
    private let status: WatchStatus
    private let continuation: AsyncStream<Void>.Continuation
    private var queue: InotifyQueue?
    private var fingerprint = 0
    private var ticker = ChangeTicker()

    init(
        _ directories: [WatchedDirectory], _ method: DirectoryWatch.Method, lifeline: consuming FileDescriptor,
        _ status: WatchStatus, _ continuation: AsyncStream<Void>.Continuation
    ) {
        self.directories = directories
        self.lifeline = lifeline
        self.status = status
        self.continuation = continuation
        switch method {
        case .automatic:
            do throws(SystemFailure) {
                queue = try InotifyQueue()
                try queue?.sync(directories)
            } catch {
                beginPolling(because: error.text)
            }
        case .polling: beginPolling(because: "asked for")
        }
    }

    /// Returns when the other end of the lifeline is closed.
    func run() {
        defer { continuation.finish() }
        while wait() {
            let now = monotonicNanoseconds()
            if queue == nil { compare(at: now) } else { readEvents(at: now) }
            if ticker.takeTick(at: now) { continuation.yield() }
        }
    }

    /// Sleeps until an event, a tick or the next comparison is due; `false` when the watch is to end.
    private func wait() -> Bool {
        let now = monotonicNanoseconds()
        var wake = ticker.deadline
        if queue == nil { wake = min(wake ?? .max, now &+ Self.pollInterval) }
        // Rounded up, so that the time has come on waking.
        let timeout = wake.map { Int32(clamping: ($0 > now ? $0 - now : 0) / 1_000_000 + 1) } ?? -1
        var watched = [pollfd(fd: lifeline.raw, events: 0, revents: 0)]
        if let inotify = queue?.descriptor.raw {
            watched.append(pollfd(fd: inotify, events: Int16(POLLIN), revents: 0))
        }
        _ = poll(&watched, nfds_t(watched.count), timeout)
        return watched[0].revents == 0
    }

    private func readEvents(at now: UInt64) {
        guard let outcome = queue?.drain() else { return }
        if outcome.isChanged { ticker.noteChange(at: now) }
        guard outcome.needsSync else { return }
        do throws(SystemFailure) {
            try queue?.sync(directories)
        } catch {
            beginPolling(because: error.text)
        }
    }

    private func compare(at now: UInt64) {
        let current = TreeFingerprint.take(directories)
        guard current != fingerprint else { return }
        fingerprint = current
        ticker.noteChange(at: now)
    }

    private func beginPolling(because reason: String) {
        queue = nil
        fingerprint = TreeFingerprint.take(directories)
        status.pollingReason = reason
    }
}
