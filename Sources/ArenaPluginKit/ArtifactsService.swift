package import ArenaJSON
import CArenaPlugin

/// `arena.artifacts/1`: named byte streams that a job leaves behind.
package struct ArtifactsService {
    let call: PluginCall
    let table: UnsafePointer<arena_artifacts_service>

    /// An artifact that is being written.
    package struct Handle: Sendable {
        let number: UInt64
    }

    /// Begins an artifact. `name`: a plain file name, unique in the job.
    package func create(_ name: String, mediaType: String) throws(PluginError) -> Handle {
        var number: UInt64 = 0
        let status = withText(name) { name in
            withText(mediaType) { table.pointee.create?(table, call.pointer, name, $0, &number) }
        }
        try check(status, "arena.artifacts/1 create")
        return Handle(number: number)
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8], to artifact: Handle) throws(PluginError) {
        let status = withBytes(bytes) { table.pointee.write?(table, call.pointer, artifact.number, $0) }
        try check(status, "arena.artifacts/1 write")
    }

    /// Ends an artifact and returns `{"name", "sha256", "bytes", "media_type"}`. It joins the next commit [ART-1].
    package func finish(_ artifact: Handle) throws(PluginError) -> JSONValue {
        let (status, bytes) = collecting {
            table.pointee.finish?(table, call.pointer, artifact.number, $0) ?? ARENA_UNIMPLEMENTED
        }
        try check(status, "arena.artifacts/1 finish")
        return try parsed(bytes, from: "arena.artifacts/1")
    }

    /// Forgets one that was not finished.
    package func discard(_ artifact: Handle) throws(PluginError) {
        try check(table.pointee.discard?(table, call.pointer, artifact.number), "arena.artifacts/1 discard")
    }
}
