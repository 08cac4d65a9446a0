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
    /// When a job that failed is tried again, and what poisons it.
    package var retryPolicy: RetryPolicy
    /// Whether its jobs occupy the GPU.
    package var needsGPU: Bool
    /// Whether its jobs want the lane that their payload names to themselves.
    package var needsLaneAlone: Bool
    /// Whether it goes on from a checkpoint that another generation of the plugin wrote.
    package var resumesAcrossVersions: Bool
    /// The record types of its own that it may put, beside those of the host.
    package var recordTypes: Set<String>

    /// The attempts of a kind that says nothing.
    package static let usualAttempts = 5

    package init(
        name: String, plugin: PluginStamp, schema: JSONValue? = nil, defaultTimeout: Duration? = nil,
        maxTimeout: Duration? = nil, maxAttempts: Int = usualAttempts, retryPolicy: RetryPolicy = RetryPolicy(),
        needsGPU: Bool = false, needsLaneAlone: Bool = false, resumesAcrossVersions: Bool = false,
        recordTypes: Set<String> = []
    ) {
        self.name = name
        self.plugin = plugin
        self.schema = schema
        self.defaultTimeout = defaultTimeout
        self.maxTimeout = maxTimeout
        self.maxAttempts = maxAttempts
        self.retryPolicy = retryPolicy
        self.needsGPU = needsGPU
        self.needsLaneAlone = needsLaneAlone
        self.resumesAcrossVersions = resumesAcrossVersions
        self.recordTypes = recordTypes
    }
}

extension JobKindInfo {
    /// What a job with this payload occupies while it is held: the lane is the one that `lane_id` names.
    package func needs(of payload: JSONValue) -> JobNeeds {
        let lane = payload["lane_id"]?.string
        return JobNeeds(laneID: lane, laneAlone: needsLaneAlone && lane != nil, gpu: needsGPU)
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

    /// How many jobs of which kind, and on which lane, may be held at once.
    func limits() async -> ConcurrencyLimits

    /// What is wrong with a payload, by the kind's schema and by the plugin's own `validate`; empty: nothing.
    func problems(in payload: JSONValue, of kind: JobKindInfo) async throws -> [PayloadProblem]
}
