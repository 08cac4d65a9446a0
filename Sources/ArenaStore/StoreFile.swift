import ArenaCore
import GRDB

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Creates an empty database file that only its owner may read, for it will hold prompts and answers. SQLite gives its
/// side files the same mode. Leaves a file that exists alone.
func createPrivateFile(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
        throw errno == ENOSPC || errno == EDQUOT ? .diskFull(path) : .cannotOpen(path, errno)
    }
    _ = close(descriptor)
}

/// Repeats what failed because another process was just opening the same file: while it changes to WAL, SQLite answers
/// "busy" without waiting. Blocks for at most five seconds.
func withRetriesWhileBusy<T>(_ work: () throws -> T) throws -> T {
    for _ in 0..<100 {
        do {
            return try work()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            usleep(50_000)
        }
    }
    return try work()
}

extension StoreError {
    /// - Parameter number: the `errno` of opening or writing.
    static func cannotOpen(_ path: String, _ number: Int32) -> Self {
        let reason =
            switch number {
            case ENOENT: "its directory does not exist"
            default: String(cString: strerror(number))
            }
        return Self(
            code: "store.cannot_open", category: .unavailable,
            message: "The database \(path) cannot be opened: \(reason).",
            hint: "Check that its directory exists and may be written.")
    }
}
