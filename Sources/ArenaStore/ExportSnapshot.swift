import ArenaCore
import ArenaJSON
import Dispatch
import GRDB

/// One state of the store, which stays as it was however much is written meanwhile. For an export: it keeps the file's
/// write-ahead log from shrinking as long as it lives.
package final class ExportSnapshot: Sendable {
    private let reader: any DatabaseReader
    private let filter: ExportFilter

    /// A page holds no more bytes than this, or one row.
    private static let pageBytes = 1 << 20

    init(reader: any DatabaseReader, filter: ExportFilter) {
        self.reader = reader
        self.filter = filter
    }

    /// Where a page ended: the key of its last row.
    package struct Place: Sendable {
        fileprivate let key: [DatabaseValue]
    }

    /// The number of rows of a table.
    package func count(of table: ExportTable) async throws(StoreError) -> Int {
        let arguments = filter.arguments + table.arguments
        return try await read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table.from)", arguments: arguments) ?? 0
        }
    }

    /// The next rows as JSON lines, at most `limit`, fewer when they are large, and where to go on; no place: the end.
    package func page(
        of table: ExportTable, after place: Place?, limit: Int
    ) async throws(StoreError) -> (lines: [UInt8], next: Place?) {
        let (sql, arguments) = statement(table, after: place, limit: limit)
        return try await read { db in
            var lines: [UInt8] = []
            var last: Row?
            let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
            while lines.count < Self.pageBytes, let row = try rows.next() {
                lines += try Self.object(row, table).bytes()
                lines.append(UInt8(ascii: "\n"))
                last = row.copy()
            }
            let width = table.columns.count
            return (lines, last.map { row in Place(key: table.key.indices.map { row[width + $0] as DatabaseValue }) })
        }
    }

    private func statement(_ table: ExportTable, after place: Place?, limit: Int) -> (String, StatementArguments) {
        let columns = (table.columns.map(\.sql) + table.key).joined(separator: ", ")
        let key = table.key.joined(separator: ", ")
        var sql = "SELECT \(columns) FROM \(table.from)"
        var arguments = filter.arguments + table.arguments
        if let place {
            sql += " AND (\(key)) > (\(table.key.indices.map { ":k\($0)" }.joined(separator: ", ")))"
            for (index, value) in place.key.enumerated() { arguments += ["k\(index)": value] }
        }
        return ("\(sql) ORDER BY \(key) LIMIT \(limit)", arguments)
    }

    private static func object(_ row: Row, _ table: ExportTable) throws -> JSONValue {
        var members = JSONObject()
        for (index, column) in table.columns.enumerated() {
            members[column.name] = try value(row[index] as DatabaseValue, column)
        }
        return .object(members)
    }

    private static func value(_ value: DatabaseValue, _ column: ExportTable.Column) throws -> JSONValue {
        switch value.storage {
        case .null, .blob: return .null
        case .int64(let number): return column.type == .boolean ? .bool(number != 0) : .number(JSONNumber(number))
        case .double(let number): return JSONValue(number)
        case .string(let text):
            guard column.type == .json else { return .string(text) }
            do { return try JSONValue(parsing: text) } catch { throw StoreError.unreadable(column.name) }
        }
    }

    private func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(StoreError) -> T {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                reader.asyncRead { database in
                    continuation.resume(with: Result { try body(database.get()) })
                }
            }
        } catch {
            throw StoreError(error)
        }
    }
}

extension ArenaStore {
    /// The state of this moment, for an export. In memory, where there is one connection, later writes show.
    package func exportSnapshot(_ filter: ExportFilter) async throws(StoreError) -> ExportSnapshot {
        guard let pool = writer as? DatabasePool else { return ExportSnapshot(reader: writer, filter: filter) }
        return try await offCooperativeThreads {
            ExportSnapshot(reader: try pool.makeSnapshot(), filter: filter)
        }
    }
}
