import ArenaCore
package import ArenaJSON
import ArenaJobs
import ArenaRuntime
package import ArenaStore

/// Jobs of a runtime.
extension RuntimeBackend {
    package func jobs(_ query: JobQuery) async throws -> JobPage {
        let statuses = Set(query.statuses.compactMap(JobStatus.init(rawValue:)))
        let before = try position(of: query.cursor)
        guard !statuses.isEmpty || query.statuses.isEmpty else { return JobPage(jobs: [], nextCursor: nil) }
        let jobs = try await runtime.store.jobs(
            JobFilter(statuses: statuses, kind: await fullName(query.kind), before: before, limit: query.limit))
        return page(jobs, limit: query.limit)
    }

    package func deadJobs(_ filter: DeadJobFilter, limit: Int, cursor: String?) async throws -> JobPage {
        let filter = await named(filter)
        return page(try await runtime.store.deadJobs(filter, before: position(of: cursor), limit: limit), limit: limit)
    }

    package func job(_ id: String) async throws -> JSONValue { try await runtime.jobDetail(id) }

    package func enqueueJob(_ request: JobRequest) async throws -> EnqueuedJob {
        let enqueued = try await runtime.jobs.enqueue(
            ArenaJobs.JobRequest(
                kind: request.kind, payload: request.payload, priority: request.priority,
                deduplication: Deduplication(key: request.dedupKey), trigger: request.trigger, seed: request.seed,
                maxAttempts: request.maxAttempts, timeout: request.timeout, runAfter: request.runAfter))
        return EnqueuedJob(
            id: enqueued.job.id, status: enqueued.job.status.rawValue, isCoalesced: enqueued.isCoalesced)
    }

    package func jobLog(_ id: String, _ part: LogPart) async throws -> JSONValue {
        guard try await runtime.store.job(id) != nil else { throw unknownJob(id) }
        let (lines, position): ([StoredLogLine], Int) =
            switch part {
            case .page(let after, let limit):
                (try await runtime.store.log(ofJob: id, after: Int64(after), limit: limit), after)
            case .tail(let count):
                (try await runtime.store.logTail(ofJob: id, limit: count), 0)
            }
        return [
            "lines": .array(lines.map(\.json)), "next": JSONValue(lines.last.map { Int($0.id) } ?? position),
        ]
    }

    package func cancelJob(_ id: String) async throws -> CancelledJob {
        switch try await runtime.jobs.cancel(id) {
        case .skipped: return .skipped
        case .requested: return .cancelling(since: try await runtime.store.job(id)?.cancelRequestedAt)
        case .notFound: throw unknownJob(id)
        case .alreadyEnded(let status):
            throw Failure(
                code: "job.ended", category: .conflict,
                message: "Job \(id) has ended already: it is \(status.rawValue).")
        }
    }

    package func retryJob(_ id: String) async throws -> JSONValue {
        try await runtime.jobs.retry(id, source: "http").json
    }

    package func retryJobs(_ filter: DeadJobFilter) async throws -> BulkRetry {
        try await runtime.jobs.retryAll(named(filter), source: "http")
    }

    package func pruneJobs(olderThan age: Duration, statuses: Set<JobStatus>) async throws -> PrunedJobs {
        try await runtime.pruneJobs(olderThan: age, statuses: statuses)
    }

    package func pausedKinds() async throws -> [JSONValue] { try await runtime.store.pausedKinds().map(\.json) }

    package func pauseKind(_ kind: String, reason: String?) async throws -> String {
        try await runtime.jobs.pause(kind: kind, reason: reason)
    }

    package func resumeKind(_ kind: String) async throws -> (kind: String, wasPaused: Bool) {
        let name = await runtime.jobs.fullName(ofKind: kind)
        return (name, try await runtime.jobs.resume(kind: name))
    }

    private func fullName(_ kind: String?) async -> String? {
        guard let kind else { return nil }
        return await runtime.jobs.fullName(ofKind: kind)
    }

    private func named(_ filter: DeadJobFilter) async -> DeadJobFilter {
        var filter = filter
        filter.kind = await fullName(filter.kind)
        return filter
    }

    private func position(of cursor: String?) throws -> Int64? {
        guard let cursor else { return nil }
        guard let position = Int64(cursor) else {
            throw Failure(
                code: "jobs.bad_cursor", category: .invalidArgument, message: "The cursor is none of this list.",
                hint: "Pass next_cursor of the page before as it is.")
        }
        return position
    }

    private func page(_ jobs: [JobRecord], limit: Int) -> JobPage {
        JobPage(jobs: jobs.map(\.json), nextCursor: jobs.count < limit ? nil : jobs.last.map { String($0.seq) })
    }

    private func unknownJob(_ id: String) -> Failure {
        Failure(
            code: "job.not_found", category: .notFound, message: "There is no job \"\(id)\".",
            hint: "GET /api/jobs lists those that there are.")
    }
}
