package import ArenaCore
import GRDB

/// A finished file that a job wrote.
package struct ArtifactRecord: Sendable, Hashable {
    package var id: String
    /// A plain file name, unique in its job.
    package var name: String
    package var mediaType: String
    package var size: ByteCount
    package var sha256: String
    /// Where its bytes are, below the home's `artifacts/`.
    package var path: String

    package init(
        id: String = Identifier.random(), name: String, mediaType: String, size: ByteCount, sha256: String,
        path: String
    ) {
        self.id = id
        self.name = name
        self.mediaType = mediaType
        self.size = size
        self.sha256 = sha256
        self.path = path
    }
}

extension ArenaStore {
    /// The files of a job that is done, by name.
    package func artifacts(ofJob jobID: String) async throws(StoreError) -> [ArtifactRecord] {
        try await read { db in
            try db.rows("SELECT * FROM artifacts WHERE job_id = ? AND visible = 1 ORDER BY name", [jobID])
                .map(ArtifactRecord.init)
        }
    }

    /// The paths of all files that the store knows of, sealed ones included: every other file below `artifacts/` was
    /// left by an attempt that died.
    package func artifactPaths() async throws(StoreError) -> Set<String> {
        try await read { db in try Set(db.rows("SELECT path FROM artifacts").map { $0["path"] as String }) }
    }
}

extension ArtifactRecord {
    init(_ row: Row) {
        id = row["id"]
        name = row["name"]
        mediaType = row["media_type"]
        size = ByteCount(UInt64(row["bytes"] as Int64))
        sha256 = row["sha256"]
        path = row["path"]
    }

    func presence(in db: Database, jobID: String) throws -> RecordPresence {
        let found = try db.row("SELECT 1 FROM artifacts WHERE job_id = ? AND name = ?", [jobID, name])
        return found == nil ? .absent : .sealed
    }

    func insert(into db: Database, jobID: String, at now: Timestamp) throws {
        try db.run(
            """
            INSERT INTO artifacts (id, job_id, name, media_type, bytes, sha256, path, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, [id, jobID, name, mediaType, Int64(size.bytes), sha256, path, now.description])
    }
}
