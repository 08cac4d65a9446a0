package import ArenaCore
import GRDB

/// What kind of thing changed. The key that goes with it is the id of the thing.
package enum ChangeTopic: String, Sendable, CaseIterable {
    /// A job was enqueued, changed its state or was asked to cancel.
    case job
    /// A job's progress moved, or it sealed a commit.
    case jobProgress = "job.progress"
    /// Lines were added to a job's log.
    case jobLog = "job.log"
    /// A kind of job was paused or resumed.
    case jobKind = "job_kind"
    /// A dispatcher started or stopped.
    case dispatcher
    /// An evaluation run became visible.
    case evalRun = "eval_run"
    /// A schedule was added, changed, fired or taken out.
    case schedule
}

/// One entry of the outbox.
package struct StoreChange: Hashable, Sendable {
    /// Rises by at least one from change to change, over all processes.
    package let seq: Int64
    /// A ``ChangeTopic``, as text, because a newer Arena may know more of them.
    package let topic: String
    package let key: String
    package let createdAt: Timestamp
}

/// The next changes for a reader that knows everything up to some number.
package struct ChangeBatch: Sendable {
    /// In order; empty when there is nothing new.
    package let changes: [StoreChange]
    /// What to pass as `after` next time.
    package let last: Int64
    /// Changes that the reader has not seen were pruned: it must read a fresh snapshot. Then `changes` is empty.
    package let isReset: Bool
}

extension ArenaStore {
    /// The changes that were committed after `seq`, oldest first.
    ///
    /// - Parameters:
    ///   - seq: 0 or the `last` of the batch before.
    ///   - limit: The most that one batch holds.
    package func changes(after seq: Int64, limit: Int = 1000) async throws(StoreError) -> ChangeBatch {
        try await read { db in
            let newest = try lastSequence(db)
            let oldest = try Int64.fetchOne(db, sql: "SELECT min(seq) FROM events") ?? newest + 1
            guard seq <= newest, seq >= oldest - 1 else { return ChangeBatch(changes: [], last: newest, isReset: true) }
            guard seq < newest else { return ChangeBatch(changes: [], last: seq, isReset: false) }
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: "SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?"),
                arguments: [seq, limit])
            let changes = try rows.map { row in
                StoreChange(
                    seq: row["seq"], topic: row["topic"], key: row["key"], createdAt: try row.time("created_at"))
            }
            return ChangeBatch(changes: changes, last: changes.last?.seq ?? seq, isReset: false)
        }
    }

    /// The number of the newest change: where a reader starts that has just read a snapshot.
    package func lastChange() async throws(StoreError) -> Int64 {
        try await read(lastSequence)
    }

    /// Forgets changes older than `age`, up to the first that is not. A reader that has not seen them gets a reset.
    ///
    /// - Parameter limit: The most that this one transaction removes. Call again until none was removed.
    /// - Returns: how many went.
    @discardableResult
    package func pruneChanges(olderThan age: Duration, limit: Int = 10_000) async throws(StoreError) -> Int {
        let end = Timestamp(unixMilliseconds: clock.now().unixMilliseconds - age.milliseconds)
        return try await write { db, _ in
            // By number, so that only what goes is gone through.
            try db.run(
                """
                WITH oldest AS MATERIALIZED (SELECT seq, created_at FROM events ORDER BY seq LIMIT :limit)
                DELETE FROM events WHERE seq IN (SELECT seq FROM oldest
                    WHERE seq < ifnull((SELECT min(seq) FROM oldest WHERE created_at >= :end), 9223372036854775807))
                """, ["limit": limit, "end": end.description])
            return db.changesCount
        }
    }
}

/// Survives pruning, which `max(seq)` would not.
private func lastSequence(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'events'") ?? 0
}

/// The changes of one transaction, written at its end.
struct Outbox {
    private var entries: [Entry] = []
    private var known: Set<Entry> = []

    private struct Entry: Hashable {
        let topic: ChangeTopic
        let key: String
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Notes a change; the same one twice is one.
    mutating func changed(_ topic: ChangeTopic, _ key: String) {
        let entry = Entry(topic: topic, key: key)
        if known.insert(entry).inserted { entries.append(entry) }
    }

    func insert(into db: Database, at time: Timestamp) throws {
        guard !entries.isEmpty else { return }
        let statement = try db.cachedStatement(sql: "INSERT INTO events (topic, key, created_at) VALUES (?, ?, ?)")
        for entry in entries {
            try statement.execute(arguments: [entry.topic.rawValue, entry.key, time.description])
        }
    }
}
