import ArenaCore
import GRDB

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension ArenaStore {
    /// Copies the database as it stands at one moment, while others go on reading and writing.
    ///
    /// The copy is examined and on the disk before it gets its name, so that there is a whole one or none. Only its owner
    /// may read it. It is opened like any store: to go back to it, end every process of the home and put it in the place
    /// of `arena.db`, without that one's `-wal` and `-shm`.
    ///
    /// - Parameter path: Where the copy goes; nothing may be there.
    /// - Throws: `store.backup_exists`, `store.backup_damaged` when the copy, and so the store, is not sound, and what
    ///   else opening and writing may throw.
    package func backUp(to path: String) async throws(StoreError) {
        let unfinished = "\(path).\(Identifier.random()).part"
        try await offCooperativeThreads { [writer] in
            guard access(path, F_OK) != 0 else { throw StoreError.backupExists(path) }
            try createPrivateFile(unfinished)
            defer { for suffix in ["", "-wal", "-shm"] { unlink(unfinished + suffix) } }
            try copy(writer, to: unfinished)
            // A name that somebody else took meanwhile is kept: unlike `rename`, `link` never replaces.
            guard link(unfinished, path) == 0 else {
                throw errno == EEXIST ? StoreError.backupExists(path) : .cannotOpen(path, errno)
            }
            try synchronizeFolder(of: path)
        }
    }

    /// What is wrong with the file: pages and indexes that do not fit together, rows that point at nothing. Reads all of
    /// it.
    ///
    /// - Returns: at most twenty lines; none when all is sound.
    package func integrityProblems() async throws(StoreError) -> [String] {
        try await read(damage(of:))
    }
}

private func copy(_ source: any DatabaseReader, to path: String) throws {
    let target = try DatabaseQueue(path: path)
    try source.backup(to: target)
    // In one file: the copy takes over that the source writes a log beside its own.
    try target.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA journal_mode = DELETE")
        if let damage = try damage(of: db).first { throw StoreError.backupDamaged(damage) }
    }
    try target.close()
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    guard descriptor >= 0, fsync(descriptor) == 0 else { throw StoreError.cannotOpen(path, errno) }
}

private func damage(of db: Database) throws -> [String] {
    let pages = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
    let rows = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(20 - min(20, pages.count)).map { row in
        "a row of \(row["table"] as String? ?? "?") points at one of \(row["parent"] as String? ?? "?") that is not there"
    }
    return pages + rows
}

/// The folder's entry is a write of its own.
private func synchronizeFolder(of path: String) throws {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    guard descriptor >= 0, fsync(descriptor) == 0 else { throw StoreError.cannotOpen(folder, errno) }
}

extension StoreError {
    fileprivate static func backupExists(_ path: String) -> Self {
        Self(
            code: "store.backup_exists", category: .conflict, message: "There is something at \(path) already.",
            hint: "Choose another name; a backup replaces nothing.")
    }

    fileprivate static func backupDamaged(_ what: String) -> Self {
        Self(
            code: "store.backup_damaged", category: .failedPrecondition,
            message: "The database is damaged, and its copy was not kept: \(what).",
            hint: "See `arena doctor`; keep the files of the home as they are, and take an earlier backup.")
    }
}
