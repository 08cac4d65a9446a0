import ArenaCore
package import ArenaJSON
import GRDB

/// A record of a type that a plugin's manifest declares.
package struct PluginRecord: Sendable, Hashable {
    package var pluginID: String
    package var recordType: String
    package var key: String
    package var json: JSONValue

    package init(pluginID: String, recordType: String, key: String, json: JSONValue) {
        self.pluginID = pluginID
        self.recordType = recordType
        self.key = key
        self.json = json
    }
}

extension ArenaStore {
    /// The records that a job left, by key, once it is done.
    ///
    /// - Parameter key: The last key of the page before.
    package func pluginRecords(
        ofJob jobID: String, recordType: String, after key: String = "", limit: Int = 1000
    ) async throws(StoreError) -> [PluginRecord] {
        try await read { db in
            try db.rows(
                """
                SELECT * FROM plugin_records WHERE job_id = ? AND record_type = ? AND key > ? AND visible = 1
                ORDER BY key LIMIT ?
                """, [jobID, recordType, key, limit]
            ).map { row in
                PluginRecord(
                    pluginID: row["plugin_id"], recordType: row["record_type"], key: row["key"],
                    json: try row.json("json"))
            }
        }
    }
}

extension PluginRecord {
    func presence(in db: Database, jobID: String) throws -> RecordPresence {
        let sql = "SELECT 1 FROM plugin_records WHERE job_id = ? AND record_type = ? AND key = ?"
        return try db.row(sql, [jobID, recordType, key]) == nil ? .absent : .sealed
    }

    func insert(into db: Database, jobID: String, at now: Timestamp) throws {
        try db.run(
            "INSERT INTO plugin_records (job_id, record_type, key, plugin_id, json, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            [jobID, recordType, key, pluginID, json.text(), now.description])
    }
}
