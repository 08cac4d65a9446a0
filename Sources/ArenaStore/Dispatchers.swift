package import ArenaCore
import GRDB

/// A process that runs jobs of this store.
package struct DispatcherRecord: Sendable, Hashable {
    package let id: String
    package let host: HostIdentity
    /// It runs this one job and no other; `nil`: any.
    package let onlyJobID: String?
    package let startedAt: Timestamp
    package let heartbeatAt: Timestamp

    package init(
        id: String, host: HostIdentity, onlyJobID: String?, startedAt: Timestamp, heartbeatAt: Timestamp
    ) {
        self.id = id
        self.host = host
        self.onlyJobID = onlyJobID
        self.startedAt = startedAt
        self.heartbeatAt = heartbeatAt
    }
}

extension ArenaStore {
    package func dispatchers() async throws(StoreError) -> [DispatcherRecord] {
        try await read { db in
            try db.rows("SELECT * FROM dispatchers ORDER BY started_at, id").map { row in
                DispatcherRecord(
                    id: row["id"], host: row.hostIdentity(), onlyJobID: row["only_job_id"],
                    startedAt: try row.time("started_at"), heartbeatAt: try row.time("heartbeat_at"))
            }
        }
    }

    package func addDispatcher(_ dispatcher: DispatcherRecord) async throws(StoreError) {
        try await write { db, outbox in
            try db.run(
                """
                INSERT INTO dispatchers (id, host_boot_id, host_pid_namespace, host_pid, host_start_ticks, only_job_id,
                    started_at, heartbeat_at)
                VALUES (:id, :host_boot_id, :host_pid_namespace, :host_pid, :host_start_ticks, :only,
                    :started_at, :heartbeat_at)
                """,
                .host(dispatcher.host) + [
                    "id": dispatcher.id, "only": dispatcher.onlyJobID,
                    "started_at": dispatcher.startedAt.description,
                    "heartbeat_at": dispatcher.heartbeatAt.description,
                ])
            outbox.changed(.dispatcher, dispatcher.id)
        }
    }

    package func removeDispatcher(_ id: String) async throws(StoreError) {
        try await write { db, outbox in
            try db.run("DELETE FROM dispatchers WHERE id = ?", [id])
            if db.changesCount > 0 { outbox.changed(.dispatcher, id) }
        }
    }
}
