import Dispatch
import GRDB
import Synchronization

extension ArenaStore {
    /// An element whenever something may have changed: at once for a write through this object, within the poll
    /// interval for one of another process. Elements that nobody took yet are one. The first comes unasked.
    ///
    /// Ends when the surrounding task is cancelled or the store is closed. The file is polled only while at least one
    /// such stream lives.
    package func wakeups() -> AsyncStream<Void> { notifier.listen() }

    /// Whether the file is polled for changes of other processes: while someone listens.
    package var isPolling: Bool { notifier.isPolling }

    /// The changes after `seq`, batch by batch, for as long as someone reads.
    package func tail(after seq: Int64) -> ChangeTail {
        ChangeTail(store: self, position: seq)
    }
}

/// Endless batches of changes; a batch that ``ChangeBatch/isReset`` asks its reader for a fresh snapshot. Never empty
/// otherwise. Ends when the surrounding task is cancelled or the store is closed.
package struct ChangeTail: AsyncSequence, Sendable {
    let store: ArenaStore
    let position: Int64

    package func makeAsyncIterator() -> Iterator {
        Iterator(store: store, position: position, wakeups: store.wakeups().makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        let store: ArenaStore
        var position: Int64
        var wakeups: AsyncStream<Void>.Iterator

        package mutating func next() async throws(StoreError) -> ChangeBatch? {
            while !Task.isCancelled {
                let batch = try await store.changes(after: position)
                position = batch.last
                if batch.isReset || !batch.changes.isEmpty { return batch }
                guard await wakeups.next(isolation: #isolation) != nil else { return nil }
            }
            return nil
        }
    }
}

/// Tells listeners that the file changed.
final class ChangeNotifier: Sendable {
    private let path: String?
    private let interval: Duration
    private let state = Mutex(State())

    private struct State {
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextListener = 0
        var poller: FilePoller?
        var isClosed = false
    }

    init(path: String?, interval: Duration) {
        self.path = path
        self.interval = interval
    }

    func listen() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            if state.poller == nil, let path {
                state.poller = FilePoller(path: path, interval: interval) { [weak self] in self?.signal() }
            }
            return state.nextListener
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.leave(number) }
        continuation.yield()
        return stream
    }

    func signal() {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.yield() }
    }

    func close() {
        let (listeners, poller) = state.withLock { state in
            state.isClosed = true
            defer { (state.listeners, state.poller) = ([:], nil) }
            return (Array(state.listeners.values), state.poller)
        }
        poller?.stop()
        for listener in listeners { listener.finish() }
    }

    /// Whether the file is being polled.
    var isPolling: Bool { state.withLock { $0.poller != nil } }

    private func leave(_ number: Int) {
        let idle = state.withLock { state -> FilePoller? in
            state.listeners[number] = nil
            guard state.listeners.isEmpty else { return nil }
            defer { state.poller = nil }
            return state.poller
        }
        idle?.stop()
    }
}

/// Asks SQLite again and again, on a thread of its own, whether any other connection committed.
///
/// `@unchecked Sendable`: `connection` and `version` are used on `queue` only.
private final class FilePoller: @unchecked Sendable {
    private let queue = DispatchQueue(label: "arena.store.poller")
    private let timer: any DispatchSourceTimer
    private let path: String
    private let onChange: @Sendable () -> Void
    private var connection: DatabaseQueue?
    private var version: Int64?

    init(path: String, interval: Duration, onChange: @escaping @Sendable () -> Void) {
        self.path = path
        self.onChange = onChange
        timer = DispatchSource.makeTimerSource(queue: queue)
        let nanoseconds = Int(interval / .nanoseconds(1))
        timer.schedule(deadline: .now(), repeating: .nanoseconds(nanoseconds), leeway: .nanoseconds(nanoseconds / 10))
        timer.setEventHandler { [weak self] in self?.poll() }
        timer.resume()
    }

    func stop() {
        timer.cancel()
        queue.async { self.connection = nil }
    }

    /// `data_version` can only be compared on one connection, and reads the shared memory of the WAL: microseconds. A
    /// failure is tried again at the next tick. The first answer counts as a change, since something may have been
    /// committed between the reader's last look and now.
    private func poll() {
        guard !timer.isCancelled else { return }
        do {
            let connection = try connection ?? open()
            self.connection = connection
            let found = try connection.unsafeRead { try Int64.fetchOne($0, sql: "PRAGMA data_version") }
            guard found != version else { return }
            version = found
            onChange()
        } catch {
            connection = nil
            version = nil
        }
    }

    private func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "arena.store.poller"
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
