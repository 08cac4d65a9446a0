import ArenaCore
import ArenaJSON
import Foundation
import GRDB

extension Row {
    /// A column that always holds a time.
    func time(_ column: String) throws -> Timestamp {
        guard let time = try optionalTime(column) else { throw StoreError.unreadable(column) }
        return time
    }

    func optionalTime(_ column: String) throws -> Timestamp? {
        guard let text: String = self[column] else { return nil }
        guard let time = Timestamp(text) else { throw StoreError.unreadable(column) }
        return time
    }

    /// A column that always holds JSON.
    func json(_ column: String) throws -> JSONValue {
        guard let value = try optionalJSON(column) else { throw StoreError.unreadable(column) }
        return value
    }

    func optionalJSON(_ column: String) throws -> JSONValue? {
        guard let text: String = self[column] else { return nil }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw StoreError.unreadable(column)
        }
    }

    /// The bytes of a BLOB; none for NULL.
    func bytes(_ column: String) -> [UInt8] {
        (self[column] as Data?).map(Array.init) ?? []
    }

    /// The four columns `error_*`; `nil` when there was no failure.
    func failure() -> Failure? {
        guard let code: String = self["error_code"] else { return nil }
        let category = (self["error_category"] as String?).flatMap(ErrorCategory.init(rawValue:))
        return Failure(
            code: code, category: category ?? .internalError, message: self["error_message"] ?? "",
            hint: self["error_hint"])
    }

    /// The columns `host_*`.
    func hostIdentity() -> HostIdentity {
        HostIdentity(
            bootID: self["host_boot_id"], pidNamespace: UInt64(bitPattern: self["host_pid_namespace"]),
            process: ProcessStamp(pid: self["host_pid"], startTicks: UInt64(bitPattern: self["host_start_ticks"])))
    }
}

/// The columns of a row in their order, which is several times faster than by their names.
struct RowColumns {
    private let row: Row
    private var index = 0

    init(_ row: Row) { self.row = row }

    mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value {
        defer { index += 1 }
        return row[index]
    }

    mutating func optional<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value? {
        defer { index += 1 }
        return row[index]
    }

    mutating func time() throws -> Timestamp {
        guard let time = try optionalTime() else { throw StoreError.unreadable("column \(index)") }
        return time
    }

    mutating func optionalTime() throws -> Timestamp? {
        guard let text: String = optional() else { return nil }
        guard let time = Timestamp(text) else { throw StoreError.unreadable("column \(index)") }
        return time
    }

    /// The four columns `error_*`; `nil` when there was no failure.
    mutating func failure() -> Failure? {
        let code: String? = optional()
        let category: String? = optional()
        let message: String? = optional()
        let hint: String? = optional()
        guard let code else { return nil }
        return Failure(
            code: code, category: category.flatMap(ErrorCategory.init(rawValue:)) ?? .internalError,
            message: message ?? "", hint: hint)
    }

    mutating func optionalJSON() throws -> JSONValue? {
        guard let text: String = optional() else { return nil }
        do { return try JSONValue(parsing: text) } catch { throw StoreError.unreadable("column \(index)") }
    }
}

/// Bytes as the value of a statement.
func blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

extension StatementArguments {
    /// Values for `error_code`, `error_category`, `error_message` and `error_hint`.
    static func failure(_ failure: Failure?) -> StatementArguments {
        [
            "error_code": failure?.code, "error_category": failure?.category.rawValue,
            "error_message": failure?.message, "error_hint": failure?.hint,
        ]
    }

    /// Values for the columns `host_*`.
    static func host(_ host: HostIdentity) -> StatementArguments {
        [
            "host_boot_id": host.bootID, "host_pid_namespace": Int64(bitPattern: host.pidNamespace),
            "host_pid": host.process.pid, "host_start_ticks": Int64(bitPattern: host.process.startTicks),
        ]
    }
}

extension Database {
    /// Runs a statement that stays prepared on this connection.
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    func rows(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }

    func row(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    /// Reads each row where SQLite has it, without a copy.
    func map<T>(
        _ sql: String, _ arguments: StatementArguments = StatementArguments(), _ read: (Row) throws -> T
    ) throws -> [T] {
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
        var values: [T] = []
        while let row = try rows.next() { values.append(try read(row)) }
        return values
    }
}
