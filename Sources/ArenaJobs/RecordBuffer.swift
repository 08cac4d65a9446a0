package import ArenaCore
import ArenaStore

/// What an attempt may put into one commit. The defaults are those that `arena/service_job.h` promises to plugins.
package struct CommitLimits: Hashable, Sendable {
    package var rows: Int
    /// The JSON of all rows together.
    package var total: ByteCount
    /// The JSON of one row.
    package var row: ByteCount
    package var checkpoint: ByteCount
    package var keyBytes: Int

    package init(
        rows: Int = 100_000, total: ByteCount = .mebibytes(64), row: ByteCount = .mebibytes(1),
        checkpoint: ByteCount = .mebibytes(1), keyBytes: Int = 256
    ) {
        self.rows = rows
        self.total = total
        self.row = row
        self.checkpoint = checkpoint
        self.keyBytes = keyBytes
    }
}

/// The rows that an attempt has put and not sealed yet. A plain value; whoever holds it sees to exclusion.
struct RecordBuffer: Sendable {
    private let limits: CommitLimits
    private var pending = Batch()
    /// What a commit under way has taken.
    private var sealing = Batch()

    struct Batch: Sendable {
        var entries: [Entry] = []
        var names: Set<Name> = []
        var bytes: UInt64 = 0
    }

    struct Entry: Sendable {
        let row: SealedRow
        let bytes: Int
        var name: Name { Name(recordType: row.recordType, key: Array(row.key.utf8)) }
    }

    /// Compared by bytes, as SQLite does.
    struct Name: Hashable {
        let recordType: String
        let key: [UInt8]
    }

    init(limits: CommitLimits) {
        self.limits = limits
    }

    /// Rows that wait for the next commit.
    var rows: [SealedRow] { pending.entries.map(\.row) }

    /// Adds a row to the next commit.
    ///
    /// - Parameter bytes: The size of its JSON text.
    /// - Throws: `job.duplicate_record`, `job.too_many_records`.
    mutating func add(_ row: SealedRow, bytes: Int) throws(JobsError) {
        let entry = Entry(row: row, bytes: bytes)
        guard !pending.names.contains(entry.name), !sealing.names.contains(entry.name) else {
            throw .duplicateRecord(row)
        }
        let rowCount = pending.entries.count + sealing.entries.count + 1
        let total = pending.bytes + sealing.bytes + UInt64(bytes)
        guard rowCount <= limits.rows, total <= limits.total.bytes else {
            throw JobsError(
                code: "job.too_many_records", category: .resourceExhausted,
                message: "One commit holds at most \(limits.rows) rows and \(limits.total).",
                hint: "Commit more often.")
        }
        pending.append(entry)
    }

    /// Hands all waiting rows to a commit.
    mutating func takeForSealing() -> [SealedRow] {
        let batch = pending
        pending = Batch()
        for entry in batch.entries { sealing.append(entry) }
        return batch.entries.map(\.row)
    }

    /// The rows of a commit are on the disk.
    mutating func sealed(_ rows: [SealedRow]) {
        _ = take(rows)
    }

    /// The commit did not happen: its rows wait again, before those that were put meanwhile.
    mutating func putBack(_ rows: [SealedRow]) {
        var batch = take(rows)
        for entry in pending.entries { batch.append(entry) }
        pending = batch
    }

    /// Drops one row of a commit that was refused because of it.
    mutating func drop(recordType: String, key: String) {
        let name = Name(recordType: recordType, key: Array(key.utf8))
        pending = pending.without([name])
        sealing = sealing.without([name])
    }

    private mutating func take(_ rows: [SealedRow]) -> Batch {
        let names = Set(rows.map { Name(recordType: $0.recordType, key: Array($0.key.utf8)) })
        var taken = Batch()
        for entry in sealing.entries where names.contains(entry.name) { taken.append(entry) }
        sealing = sealing.without(names)
        return taken
    }
}

extension RecordBuffer.Batch {
    fileprivate mutating func append(_ entry: RecordBuffer.Entry) {
        entries.append(entry)
        names.insert(entry.name)
        bytes += UInt64(entry.bytes)
    }

    fileprivate func without(_ dropped: Set<RecordBuffer.Name>) -> Self {
        var batch = Self()
        for entry in entries where !dropped.contains(entry.name) { batch.append(entry) }
        return batch
    }
}

extension JobsError {
    static func duplicateRecord(_ row: SealedRow) -> Self {
        Self(
            code: "job.duplicate_record", category: .conflict,
            message: "A record of type \(row.recordType) with this key exists; it was left as it is.",
            status: .alreadyExists)
    }
}
