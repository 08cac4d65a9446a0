import ArenaCore
import GRDB
import Synchronization

/// Puts the transactions of callers that come at the same time into one of SQLite's, so that they wait for the disk
/// together.
///
/// While one group is being written, others gather for the next: a lone caller never waits for company. Each transaction
/// is a savepoint of its group, and none is answered before the group is on the disk. One that fails takes back its own
/// rows and no other's; when the group itself fails, for want of disk space say, all of it is taken back and each caller
/// is told.
final class GroupCommit: Sendable {
    /// Bounds what one failure of the disk makes fail.
    private static let mostMembers = 256

    private struct State {
        var waiting: [any GroupMember] = []
        /// The writer will come for those that wait.
        var isScheduled = false
    }

    private let writer: any DatabaseWriter
    private let state = Mutex(State())
    private let transactionCount = Atomic(0)
    private let commitCount = Atomic(0)

    /// Transactions and commits that were written so far: the more of the first in one of the second, the fewer waits
    /// for the disk.
    var counts: (transactions: Int, commits: Int) {
        (transactionCount.load(ordering: .relaxed), commitCount.load(ordering: .relaxed))
    }

    init(writer: any DatabaseWriter) {
        self.writer = writer
    }

    /// Runs one transaction and returns once it is on the disk.
    func run<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let member = GroupedTransaction(body, continuation)
            let isFirst = state.withLock { state in
                state.waiting.append(member)
                defer { state.isScheduled = true }
                return !state.isScheduled
            }
            if isFirst { schedule() }
        }
    }

    private func schedule() {
        writer.asyncWriteWithoutTransaction { [self] db in
            let members = state.withLock { state in
                defer { state.waiting.removeFirst(min(Self.mostMembers, state.waiting.count)) }
                return Array(state.waiting.prefix(Self.mostMembers))
            }
            commit(members, in: db)
            let isDone = state.withLock { state in
                state.isScheduled = !state.waiting.isEmpty
                return state.waiting.isEmpty
            }
            if !isDone { schedule() }
        }
    }

    private func commit(_ members: [any GroupMember], in db: Database) {
        var failures = members.map { _ in (any Error)?.none }
        do {
            try db.beginTransaction(.immediate)
            if members.count == 1 {
                try members[0].perform(in: db)
            } else {
                for (index, member) in members.enumerated() { failures[index] = try perform(member, in: db) }
            }
            try db.commit()
            commitCount.add(1, ordering: .relaxed)
            transactionCount.add(failures.count { $0 == nil }, ordering: .relaxed)
        } catch {
            if db.isInsideTransaction { try? db.rollback() }
            failures = failures.map { $0 ?? error }
        }
        for (member, failure) in zip(members, failures) { member.end(failure) }
    }

    /// - Returns: why the member failed, when it did so alone.
    /// - Throws: when SQLite gave the whole transaction up.
    private func perform(_ member: any GroupMember, in db: Database) throws -> (any Error)? {
        try db.execute(sql: "SAVEPOINT member")
        do {
            try member.perform(in: db)
            try db.execute(sql: "RELEASE member")
            return nil
        } catch {
            guard db.isInsideTransaction else { throw error }
            try db.execute(sql: "ROLLBACK TO member; RELEASE member")
            return error
        }
    }
}

private protocol GroupMember: Sendable {
    func perform(in db: Database) throws
    /// Called once. Without a failure, what the member did is on the disk.
    func end(_ failure: (any Error)?)
}

/// `@unchecked Sendable`: `value` is used on the queue of the store's writer only.
private final class GroupedTransaction<T: Sendable>: GroupMember, @unchecked Sendable {
    private let body: @Sendable (Database) throws -> T
    private let continuation: CheckedContinuation<T, any Error>
    private var value: T?

    init(_ body: @escaping @Sendable (Database) throws -> T, _ continuation: CheckedContinuation<T, any Error>) {
        self.body = body
        self.continuation = continuation
    }

    func perform(in db: Database) throws { value = try body(db) }

    func end(_ failure: (any Error)?) {
        if let value, failure == nil {
            continuation.resume(returning: value)
        } else {
            continuation.resume(throwing: failure ?? StoreError.unfinished)
        }
    }
}

extension StoreError {
    fileprivate static let unfinished = StoreError(
        code: "store.internal", category: .internalError, message: "A transaction ended before it ran.")
}
