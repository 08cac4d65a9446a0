package import ArenaCore
import GRDB

/// Why the store could not do what was asked. Never carries the values of a statement.
package struct StoreError: ArenaError, Hashable {
    package let code: String
    package let category: ErrorCategory
    package let message: String
    package let hint: String?

    package init(code: String, category: ErrorCategory, message: String, hint: String? = nil) {
        self.code = code
        self.category = category
        self.message = message
        self.hint = hint
    }

    /// What a failure below the store's API means to its caller.
    ///
    /// - Parameter path: The file; `nil` in memory.
    init(_ error: any Error, path: String? = nil) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(database: error, path)
        default:
            self.init(code: "store.internal", category: .internalError, message: "The store failed: \(error)")
        }
    }

    private init(database error: DatabaseError, _ path: String?) {
        let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        let database = path.map { "the database \($0)" } ?? "the database"
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(path)
        // The index of the WAL is a file too, and could not grow.
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: self = .diskFull(path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                code: "store.busy", category: .unavailable,
                message: "Another process held the database for too long.", hint: "Try again.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                code: "store.corrupt", category: .failedPrecondition, message: "The database is damaged: \(detail).",
                hint: "Keep a copy of the file and its -wal, then restore a backup.")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            self.init(
                code: "store.cannot_open", category: .unavailable, message: "The database cannot be opened: \(detail).",
                hint: "Check that its directory exists and may be written.")
        case .SQLITE_IOERR:
            self.init(
                code: "store.input_output", category: .unavailable,
                message: "Reading or writing \(database) failed: \(detail).", hint: "Check its disk.")
        default:
            self.init(code: "store.internal", category: .internalError, message: "The database refused: \(detail).")
        }
    }
}

extension StoreError {
    /// - Parameter path: The file; `nil` in memory.
    static func diskFull(_ path: String?) -> Self {
        Self(
            code: "store.disk_full", category: .resourceExhausted,
            message: "No room is left for the database\(path.map { " \($0)" } ?? "").",
            hint: "Free space on its disk: nothing was written, and the jobs that wait and run go on by themselves.")
    }

    static func unreadable(_ column: String) -> Self {
        Self(
            code: "store.unreadable", category: .internalError,
            message: "The database column \(column) holds a value that Arena never writes.",
            hint: "Something else wrote to the database.")
    }
}
