import ArenaCore
package import ArenaJSON
package import ArenaStore

/// What the queue must know of a kind of job.
package struct JobKindInfo: Sendable {
    /// The full name, `plugin/kind`.
    package var name: String
    /// The plugin generation that new attempts run.
    package var plugin: PluginStamp
    /// The JSON Schema of its payload.
    package var schema: JSONValue?
    /// How long one attempt may run unless the job says otherwise; `nil`: without limit.
    package var defaultTimeout: Duration?
    /// The most that a job may ask for; `nil`: anything.
    package var maxTimeout: Duration?
    /// After so many failures the job has failed.
    package var maxAttempts: Int
    /// Whether it goes on from a checkpoint that another generation of the plugin wrote.
    package var resumesAcrossVersions: Bool
    /// The record types of its own that it may put, beside those of the host.
    package var recordTypes: Set<String>

    package init(
        name: String, plugin: PluginStamp, schema: JSONValue? = nil, defaultTimeout: Duration? = nil,
        maxTimeout: Duration? = nil, maxAttempts: Int = 5, resumesAcrossVersions: Bool = false,
        recordTypes: Set<String> = []
    ) {
        self.name = name
        self.plugin = plugin
        self.schema = schema
        self.defaultTimeout = defaultTimeout
        self.maxTimeout = maxTimeout
        self.maxAttempts = maxAttempts
        self.resumesAcrossVersions = resumesAcrossVersions
        self.recordTypes = recordTypes
    }
}

/// One thing that is wrong with a payload.
package struct PayloadProblem: Sendable, Hashable {
    /// A JSON Pointer to the place; empty: the payload itself.
    package var pointer: String
    package var message: String
    package var hint: String?

    package init(pointer: String, message: String, hint: String? = nil) {
        self.pointer = pointer
        self.message = message
        self.hint = hint
    }
}

/// The kinds of job that can be run now. The runtime joins it to the plugin registry.
package protocol JobKindCatalog: Sendable {
    /// - Parameter name: The full name, or an id that one plugin alone provides.
    /// - Throws: an ``ArenaError`` of category `notFound` if there is no such kind, of another if it is not ready.
    func jobKind(_ name: String) async throws -> JobKindInfo

    /// What is wrong with a payload, by the kind's schema and by the plugin's own `validate`; empty: nothing.
    func problems(in payload: JSONValue, of kind: JobKindInfo) async throws -> [PayloadProblem]
}

/// A job that this process runs now.
package struct ClaimedJob: Sendable {
    /// As it was when it was claimed.
    package let record: JobRecord
    package let kind: JobKindInfo
    /// 1, 2, …
    package let attempt: Int
    /// What the last sealed commit left; empty: start at the beginning.
    package let checkpoint: [UInt8]
    /// The number of commits sealed so far.
    package let checkpointSeq: UInt64
    /// How long the attempt may run; the executor sees to it.
    package let timeout: Duration?

    package init(
        record: JobRecord, kind: JobKindInfo, attempt: Int, checkpoint: [UInt8], checkpointSeq: UInt64,
        timeout: Duration?
    ) {
        self.record = record
        self.kind = kind
        self.attempt = attempt
        self.checkpoint = checkpoint
        self.checkpointSeq = checkpointSeq
        self.timeout = timeout
    }
}

/// Runs attempts: in a child process, with services joined to the attempt.
package protocol JobExecutor: Sendable {
    /// Does the work of one attempt and says how it ended.
    ///
    /// When the attempt is cancelled (``Attempt/cancellation``, ``Attempt/onCancellation(_:)``) the surrounding task is
    /// cancelled too, and this returns soon: it ends a worker that does not.
    func execute(_ job: ClaimedJob, in attempt: Attempt) async -> AttemptOutcome
}
