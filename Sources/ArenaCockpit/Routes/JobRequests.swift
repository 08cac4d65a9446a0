package import ArenaCore
package import ArenaJSON

/// Which jobs a client wants to see.
package struct JobQuery: Sendable, Hashable {
    /// Only jobs in one of these states, if any are named; those that do not exist match nothing.
    package var statuses: [String]
    /// Short or full name of a job kind.
    package var kind: String?
    /// At most this many, 1 to 1000.
    package var limit: Int
    /// Where the previous page ended: ``JobPage/nextCursor`` of it.
    package var cursor: String?

    package init(statuses: [String] = [], kind: String? = nil, limit: Int = 200, cursor: String? = nil) {
        self.statuses = statuses
        self.kind = kind
        self.limit = limit
        self.cursor = cursor
    }
}

/// One page of jobs.
package struct JobPage: Sendable, Hashable {
    package var jobs: [JSONValue]
    /// What the next request gives as its cursor; `nil` on the last page.
    package var nextCursor: String?

    package init(jobs: [JSONValue], nextCursor: String?) {
        self.jobs = jobs
        self.nextCursor = nextCursor
    }

    var json: JSONValue { ["jobs": .array(jobs), "next_cursor": nextCursor.map(JSONValue.string) ?? .null] }
}

/// A job that a client wants to have run. What is `nil` is as its kind says.
package struct JobRequest: Sendable, Hashable {
    /// Short or full name of the job kind.
    package var kind: String
    package var payload: JSONValue
    /// Who asks, for the job's audit trail: 1 to 40 characters, `manual` when the client says nothing.
    package var trigger: String
    /// 0 to 100; higher runs first.
    package var priority: Int
    /// Jobs with the same key are the same work. Empty: it is never the same; `nil`: by lane and bench.
    package var dedupKey: String?
    /// Not before this time.
    package var runAfter: Timestamp?
    /// What its random numbers start from; `nil`: a random one.
    package var seed: UInt64?
    package var maxAttempts: Int?
    /// How long one attempt may run.
    package var timeout: Duration?

    package init(kind: String, payload: JSONValue = [:], trigger: String = "manual", priority: Int = 0) {
        self.kind = kind
        self.payload = payload
        self.trigger = trigger
        self.priority = priority
    }
}

/// What became of a ``JobRequest``.
package struct EnqueuedJob: Sendable, Hashable {
    /// The new job, or the live one that already does the same.
    package var id: String
    package var status: String
    /// Whether a live job with the same key answered for this request.
    package var isCoalesced: Bool

    package init(id: String, status: String, isCoalesced: Bool) {
        self.id = id
        self.status = status
        self.isCoalesced = isCoalesced
    }
}

/// What became of the wish that a job ends.
package enum CancelledJob: Sendable, Hashable {
    /// It waited, and is skipped.
    case skipped
    /// It runs, and was asked at this time, perhaps by someone else before.
    case cancelling(since: Timestamp?)
}

/// Which lines of a log a client wants to see.
package enum LogPart: Sendable, Hashable {
    /// Those after the line with the id `after`.
    case page(after: Int, limit: Int)
    /// The last so many.
    case tail(Int)
}
