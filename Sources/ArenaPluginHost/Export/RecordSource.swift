package import ArenaJSON

/// The rows that one export may read: one consistent state, however long it takes. One object an export.
package protocol RecordSource: Sendable {
    /// `[{"name", "rows", "columns": [{"name", "type"}]}]`, as `arena/exporter.h` says.
    func tables() async throws -> JSONValue
    /// A number, never 0, that stands for a table that is being read from its beginning.
    func open(_ table: String) async throws -> UInt64
    /// The next rows as JSON lines, at most `limit`, fewer when they are large; none at the end.
    func next(_ cursor: UInt64, limit: Int) async throws -> [UInt8]
}
