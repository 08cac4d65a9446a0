package import ArenaCore
import GRDB

/// A kind of which no job is begun until it is resumed.
package struct PausedKind: Sendable, Hashable {
    /// The full name.
    package let kind: String
    /// What the person who paused it said.
    package let reason: String?
    package let pausedAt: Timestamp

    package init(kind: String, reason: String?, pausedAt: Timestamp) {
        self.kind = kind
        self.reason = reason
        self.pausedAt = pausedAt
    }
}

extension ArenaStore {
    /// Kinds that are paused, by name.
    package func pausedKinds() async throws(StoreError) -> [PausedKind] {
        try await read { db in
            try db.rows("SELECT * FROM paused_kinds ORDER BY kind").map { row in
                PausedKind(kind: row["kind"], reason: row["reason"], pausedAt: try row.time("paused_at"))
            }
        }
    }

    /// Keeps waiting jobs of a kind from being begun; attempts that run go on. Holds until it is resumed, also over
    /// restarts. The reason of a kind that is paused already is replaced.
    package func pause(kind: String, reason: String?) async throws(StoreError) {
        let now = clock.now().description
        try await write { db, outbox in
            try db.run(
                """
                INSERT INTO paused_kinds (kind, reason, paused_at) VALUES (?, ?, ?)
                ON CONFLICT (kind) DO UPDATE SET reason = excluded.reason
                """, [kind, reason, now])
            outbox.changed(.jobKind, kind)
        }
    }

    /// - Returns: `false` when it was not paused.
    package func resume(kind: String) async throws(StoreError) -> Bool {
        try await write { db, outbox in
            try db.run("DELETE FROM paused_kinds WHERE kind = ?", [kind])
            guard db.changesCount > 0 else { return false }
            outbox.changed(.jobKind, kind)
            return true
        }
    }
}
