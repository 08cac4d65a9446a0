package import ArenaCore
package import ArenaJSON
package import ArenaStore

/// What the cockpit's routes ask of the rest of Arena.
///
/// Every function may be called from many requests at once and must not block the thread it is called on. A failure that
/// a client should read is thrown as an ``ArenaError``; any other error is answered as `internal` without its text.
package protocol CockpitBackend: Sendable {
    /// Why Arena cannot take work now; `nil` when it can.
    func notReadyReason() async -> Failure?

    /// Every plugin that was seen: an object with a unique string `id` each, in any order.
    func plugins() async throws -> [JSONValue]
    /// One plugin with why it is not ready and the cure. Throws `notFound` for an unknown id.
    func plugin(_ id: String) async throws -> JSONValue
    /// Grants a plugin what it asks for now.
    ///
    /// - Parameter sha256: when given, the hash that the operator saw; another one throws `conflict`.
    /// - Returns: the plugin as ``plugin(_:)`` gives it.
    func trustPlugin(_ id: String, sha256: String?) async throws -> JSONValue
    /// Forgets a plugin's failures and probes it anew. Returns the plugin.
    func retryPlugin(_ id: String) async throws -> JSONValue
    /// Takes a plugin out of the registry until it is trusted again. Returns the plugin.
    func disablePlugin(_ id: String) async throws -> JSONValue
    /// Looks at the plugin directories now. Returns what changed, an object.
    func rescanPlugins() async throws -> JSONValue
    /// Every registered kind, or those of one interface: objects with strings `interface`, `id` and `plugin`, any order.
    func kinds(interface: String?) async throws -> [JSONValue]

    /// Every lane: objects with a unique string `id`, any order; and why the last edit of the file that names them was not
    /// taken, `null` while it is good.
    func lanes() async throws -> (lanes: [JSONValue], problem: JSONValue)

    /// One page of jobs, newest first.
    func jobs(_ query: JobQuery) async throws -> JobPage
    /// One page of jobs that ended without success, newest first.
    func deadJobs(_ filter: DeadJobFilter, limit: Int, cursor: String?) async throws -> JobPage
    /// One job with its attempts and triggers. Throws `notFound` for an unknown id.
    func job(_ id: String) async throws -> JSONValue
    /// Enqueues a job. Throws `notFound` for an unknown kind and `invalidArgument` for a payload that does not validate.
    func enqueueJob(_ request: JobRequest) async throws -> EnqueuedJob
    /// `{lines: [{id, attempt, level, message, fields, created_at}], next}`: a part of a job's log, and what to pass as
    /// `after` next time. Throws `notFound` for an unknown job.
    func jobLog(_ id: String, _ part: LogPart) async throws -> JSONValue
    /// Asks that a job ends. Throws `notFound`, or `conflict` for one that has ended.
    func cancelJob(_ id: String) async throws -> CancelledJob
    /// Queues a job that failed or was skipped once more. Returns the job.
    func retryJob(_ id: String) async throws -> JSONValue
    /// Queues all that the filter lets pass, of the same work one.
    func retryJobs(_ filter: DeadJobFilter) async throws -> BulkRetry
    /// Forgets jobs that ended longer than `age` ago, with the files that only they knew.
    func pruneJobs(olderThan age: Duration, statuses: Set<JobStatus>) async throws -> PrunedJobs

    /// The paused kinds: `{kind, reason, paused_at}`.
    func pausedKinds() async throws -> [JSONValue]
    /// Keeps jobs of a kind from being begun. Returns its full name; throws `notFound` for a kind that there is not.
    func pauseKind(_ kind: String, reason: String?) async throws -> String
    /// Returns the full name, and whether it was paused.
    func resumeKind(_ kind: String) async throws -> (kind: String, wasPaused: Bool)

    /// At most `limit` schedules after the one with the id `after`, by id, each with `preview` of its next times.
    func schedules(after id: String, limit: Int, preview: Int) async throws -> [JSONValue]
    /// Adds a schedule and returns it. Throws `notFound` for an unknown kind, `invalidArgument` for what does not
    /// validate, `conflict` when there is one of that id.
    func addSchedule(_ wish: ScheduleWish) async throws -> JSONValue
    /// Throws `notFound` for an unknown id.
    func removeSchedule(_ id: String) async throws

    /// Figures for Prometheus.
    func metrics() async throws -> [MetricFamily]

    /// Judges answers. `{scorer, scores, took_ms}`; a score has the item's `item_id`.
    func score(_ request: ScoreRequest) async throws -> JSONValue

    /// What one reader of `/api/plugins/stream` is told, from where it was before.
    func pluginFeed(lastEventID: String?) async throws -> any EventFeed
    /// What one reader of `/api/jobs/stream` is told, from where it was before.
    func jobFeed(lastEventID: String?) async throws -> any EventFeed
}
