package import ArenaCore
package import ArenaJSON
package import ArenaPluginABI

/// Where the rows and checkpoints of a running job go (`arena.job/1`). One object an attempt.
package protocol JobRecording: Sendable {
    /// Adds a row to the next commit.
    func put(recordType: String, key: String, json: String) async throws
    /// Seals the rows put since the last commit; returns the new number of commits.
    func commit(checkpoint: [UInt8], expected: UInt64) async throws -> UInt64
}

/// Asks models (`arena.lanes/1`).
package protocol LaneAccess: Sendable {
    /// Does what `arena/service_lanes.h` says of `request_json`; returns the answer of DONE.
    ///
    /// - Parameter onDelta: pieces of the answer as they arrive, for a request with `stream`.
    func perform(_ request: JSONValue, onDelta: @escaping @Sendable (JSONValue) -> Void) async throws -> JSONValue
}

/// Judges answers (`arena.scoring/1`).
package protocol ItemScoring: Sendable {
    /// Returns the document of `arena/service_scoring.h` for DONE.
    func score(_ batch: ScoreBatch, scorer: String, config: JSONValue) async throws -> JSONValue
}

/// Named read-only views (`arena.views/1`).
package protocol RecordViews: Sendable {
    /// `{"rows": […], "next": string or null}`.
    func page(of view: String, parameters: JSONValue, cursor: String, limit: Int) async throws -> JSONValue
}

/// Byte streams that a job leaves behind (`arena.artifacts/1`). One object an attempt.
package protocol ArtifactRecording: Sendable {
    func create(name: String, mediaType: String) async throws -> UInt64
    func write(_ bytes: [UInt8], to artifact: UInt64) async throws
    /// `{"name", "sha256", "bytes", "media_type"}`.
    func finish(_ artifact: UInt64) async throws -> JSONValue
    func discard(_ artifact: UInt64) async throws
}

/// A plugin's own small durable map (`arena.kv/1`). One object a plugin id.
package protocol PluginKeyValues: Sendable {
    /// `nil` when there is none.
    func get(_ key: String) async throws -> [UInt8]?
    func put(_ key: String, _ value: [UInt8]) async throws
    func remove(_ key: String) async throws
    /// Keys that begin with `prefix` and come after `after`, sorted by bytes, at most 1,000.
    func keys(prefix: String, after: String) async throws -> [String]
}

/// Makes requests (`arena.http/1`). One object a kind of a plugin, for it knows what was granted.
package protocol HTTPAccess: Sendable {
    /// Does what `arena/service_http.h` says of `request_json`; returns the data of DONE.
    ///
    /// - Parameter onPiece: takes the data of each DELTA of a request with `stream`; returns when there is room for more.
    func perform(
        _ request: JSONValue, onPiece: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws -> [UInt8]
}

/// What stands behind the services of one call. `nil` is a service that makes no sense there, such as `arena.job/1`
/// outside of a job; it is refused with that reason.
package struct ServiceProviders: Sendable {
    package var job: (any JobRecording)?
    package var lanes: (any LaneAccess)?
    package var scoring: (any ItemScoring)?
    package var views: (any RecordViews)?
    package var artifacts: (any ArtifactRecording)?
    package var keyValues: (any PluginKeyValues)?
    package var http: (any HTTPAccess)?
    package var clock: any WallClock

    package init(clock: any WallClock = SystemClock()) { self.clock = clock }
}
