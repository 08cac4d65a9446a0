package import ArenaCore
import Dispatch
import GRDB
import Synchronization

/// Everything that Arena keeps: one SQLite file in WAL mode, shared by the processes of one home.
///
/// - Every write is one transaction, and what it changed is told in the same transaction (``changes(after:limit:)``).
/// - A write that returned is on the disk (`synchronous=FULL`). Writes that come at the same time share one wait for it.
/// - Reads never write.
/// - Nothing blocks Swift's cooperative threads. A database call that has begun runs to its end even if the calling
///   task is cancelled: a late outcome is better than an unknown one.
///
/// All members may be used from any thread. No type of the database library leaves this module.
package final class ArenaStore: Sendable {
    let writer: any DatabaseWriter
    private let groupCommit: GroupCommit
    let clock: any WallClock
    let notifier: ChangeNotifier
    /// The file; `nil` in memory.
    package let path: String?
    private let isClosed = Atomic(false)

    private init(writer: any DatabaseWriter, path: String?, clock: any WallClock, pollInterval: Duration) {
        self.writer = writer
        groupCommit = GroupCommit(writer: writer)
        self.path = path
        self.clock = clock
        notifier = ChangeNotifier(path: path, interval: pollInterval)
    }

    /// Opens or creates the store of a file, and brings an older one up to date.
    ///
    /// - Parameters:
    ///   - path: Its directory must exist. A new file may be read by its owner only.
    ///   - clock: Stamps what is written.
    ///   - pollInterval: How soon a change made by another process is noticed while someone listens.
    /// - Throws: `store.newer` if a newer Arena wrote it, `store.cannot_open`, `store.corrupt`, `store.busy`.
    package static func open(
        path: String, clock: any WallClock = SystemClock(), pollInterval: Duration = .milliseconds(100)
    ) async throws(StoreError) -> ArenaStore {
        try await offCooperativeThreads(on: path) {
            try createPrivateFile(path)
            let pool = try withRetriesWhileBusy { try DatabasePool(path: path, configuration: configuration()) }
            // Not in the configuration: GRDB chooses NORMAL after it, which a loss of power may take writes from.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            try withRetriesWhileBusy { try Migrations.run(on: pool, path: path) }
            return ArenaStore(writer: pool, path: path, clock: clock, pollInterval: pollInterval)
        }
    }

    /// A store that vanishes with this object, for tests.
    package static func inMemory(clock: any WallClock = SystemClock()) async throws(StoreError) -> ArenaStore {
        try await offCooperativeThreads {
            let queue = try DatabaseQueue(configuration: configuration())
            try Migrations.run(on: queue, path: "memory")
            return ArenaStore(writer: queue, path: nil, clock: clock, pollInterval: .seconds(1))
        }
    }

    /// Closes the file, after moving what its WAL holds into it as far as other readers allow. Calls that come later
    /// fail with `store.closed`; those under way end first. A second time does nothing.
    package func close() async throws(StoreError) {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        notifier.close()
        try await offCooperativeThreads { [writer] in
            _ = try? writer.writeWithoutTransaction { db in try db.checkpoint(.passive) }
            try writer.close()
        }
    }

    /// What the store stamps its rows with now.
    package func now() -> Timestamp { clock.now() }

    /// How many transactions this object has written, and in how many commits to the disk.
    package var writeCounts: (transactions: Int, commits: Int) { groupCommit.counts }

    /// Runs one transaction and, once it is on the disk, wakes those who listen. ``GroupCommit`` says what happens when
    /// several are run at the same time.
    func write<T: Sendable>(
        _ body: @escaping @Sendable (Database, inout Outbox) throws -> T
    ) async throws(StoreError) -> T {
        let clock = clock
        do {
            let (value, hasChanges) = try await groupCommit.run { db in
                var outbox = Outbox()
                let value = try body(db, &outbox)
                try outbox.insert(into: db, at: clock.now())
                return (value, !outbox.isEmpty)
            }
            if hasChanges { notifier.signal() }
            return value
        } catch {
            throw failure(error)
        }
    }

    /// Reads from one consistent state.
    func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(StoreError) -> T {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                writer.asyncRead { database in
                    continuation.resume(with: Result { try body(database.get()) })
                }
            }
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: any Error) -> StoreError {
        guard isClosed.load(ordering: .acquiring) else { return StoreError(error, path: path) }
        return StoreError(
            code: "store.closed", category: .unavailable, message: "The database was closed: Arena is shutting down.",
            hint: "Try again once it has started.")
    }
}

private func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.label = "arena.store"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    return configuration
}

/// Runs work that blocks on a thread that may block.
///
/// - Parameter path: The file that it works on, for its errors.
func offCooperativeThreads<T: Sendable>(
    on path: String? = nil, _ work: @escaping @Sendable () throws -> T
) async throws(StoreError) -> T {
    do {
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
        }
    } catch {
        throw StoreError(error, path: path)
    }
}
