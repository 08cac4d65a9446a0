import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaStore

/// What one export may read, out of one state of the store.
actor StoreRecordSource: RecordSource {
    private struct Cursor {
        let table: ExportTable
        var place: ExportSnapshot.Place?
        var isAtEnd = false
    }

    private let snapshot: ExportSnapshot
    private let granted: [ExportTable]
    private var cursors: [UInt64: Cursor] = [:]
    private static let mostCursors = 1000

    init(snapshot: ExportSnapshot, granted: [ExportTable]) {
        self.snapshot = snapshot
        self.granted = granted
    }

    func tables() async throws -> JSONValue {
        var list: [JSONValue] = []
        for table in granted {
            list.append([
                "name": .string(table.name), "rows": JSONValue(try await snapshot.count(of: table)),
                "columns": .array(
                    table.columns.map { ["name": .string($0.name), "type": .string($0.type.rawValue)] }),
            ])
        }
        return .array(list)
    }

    func open(_ table: String) async throws -> UInt64 {
        guard let table = granted.first(where: { $0.name == table }) else {
            throw Failure(
                code: "export.unknown_table", category: .notFound,
                message: "There is no table \"\(table.prefix(200))\" that may be exported.",
                hint: "There are: \(granted.map(\.name).joined(separator: ", ")).")
        }
        guard cursors.count < Self.mostCursors else {
            throw Failure(
                code: "export.too_many_cursors", category: .resourceExhausted,
                message: "The exporter opened more than \(Self.mostCursors) tables.")
        }
        let number = UInt64(cursors.count + 1)
        cursors[number] = Cursor(table: table)
        return number
    }

    func next(_ number: UInt64, limit: Int) async throws -> [UInt8] {
        guard var cursor = cursors[number] else {
            throw Failure(
                code: "export.bad_cursor", category: .invalidArgument, message: "There is no cursor \(number).")
        }
        guard !cursor.isAtEnd else { return [] }
        let page = try await snapshot.page(of: cursor.table, after: cursor.place, limit: min(max(1, limit), 10_000))
        cursor.place = page.next
        cursor.isAtEnd = page.next == nil
        cursors[number] = cursor
        return page.lines
    }
}
