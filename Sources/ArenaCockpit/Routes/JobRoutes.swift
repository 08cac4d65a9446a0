import ArenaCore
import ArenaJSON
import Hummingbird

extension RouteTable {
    /// Jobs: list, enqueue, one, its log, its end.
    static func jobs(_ backend: any CockpitBackend) -> [Route] {
        [
            Route(.get, "/api/jobs", "Jobs, newest first, of some states or one kind if asked.") { request in
                let query = try request.query(known: ["status", "kind", "limit", "cursor"])
                let wanted = JobQuery(
                    statuses: query.list("status"), kind: query["kind"],
                    limit: try query.integer("limit", in: 1...1000) ?? 200, cursor: query["cursor"])
                return Reply.json(try await backend.jobs(wanted).json)
            },
            Route(.post, "/api/jobs", "Enqueues a job.") { request in
                let wanted = try jobRequest(from: request)
                do {
                    let job = try await backend.enqueueJob(wanted)
                    return Reply.json([
                        "ok": true, "coalesced": .bool(job.isCoalesced), "job_id": .string(job.id),
                        "status": .string(job.status),
                    ])
                } catch let error as any ArenaError where error.category == .invalidArgument {
                    // A body that parses but does not validate is 422, whoever found it out.
                    throw CockpitError(passing: error, status: 422)
                }
            },
            Route(.get, "/api/jobs/{id}", "One job with its attempts and triggers.") { request in
                _ = try request.query(known: [])
                return Reply.json(try await backend.job(try request.name("id")))
            },
            Route(.get, "/api/jobs/{id}/log", "Lines of a job's log, oldest first.") { request in
                Reply.json(try await backend.jobLog(try request.name("id"), try logPart(from: request)))
            },
            Route(.delete, "/api/jobs/{id}", "Skips a job that waits, asks one that runs to end.") { request in
                _ = try request.object(known: [])
                let id = try request.name("id")
                switch try await backend.cancelJob(id) {
                case .skipped:
                    return Reply.json(["ok": true, "job_id": .string(id), "status": "skipped"])
                case .cancelling(let since):
                    let time = since.map { JSONValue.string($0.description) } ?? .null
                    return Reply.json(
                        ["ok": true, "job_id": .string(id), "status": "cancelling", "cancel_requested_at": time],
                        status: .accepted)
                }
            },
            Route(.post, "/api/jobs/{id}/retry", "Puts a job that has ended without success back into the queue.") {
                request in
                _ = try request.object(known: [])
                return Reply.json(try await backend.retryJob(try request.name("id")))
            },
        ]
    }

    private static func jobRequest(from request: RouteRequest) throws -> JobRequest {
        // `dispatch` is sent by clients of older cockpits, where a request ran the queue; here the dispatcher always runs.
        let body = try request.object(known: [
            "kind", "payload", "trigger", "priority", "dedup_key", "run_after", "seed", "max_attempts", "timeout_ms",
            "dispatch",
        ])
        guard let kind = try body.text("kind", length: 1...161) else {
            throw CockpitError.badField("kind", "the name of a job kind")
        }
        let payload = body["payload"] ?? [:]
        guard payload.object != nil else { throw CockpitError.badField("payload", "an object") }
        _ = try body.boolean("dispatch")
        var wanted = JobRequest(
            kind: kind, payload: payload, trigger: try body.text("trigger", length: 1...40) ?? "manual",
            priority: try body.integer("priority", in: 0...100) ?? 0)
        wanted.dedupKey = try body.text("dedup_key", length: 0...200)
        wanted.runAfter = try body.time("run_after")
        wanted.seed = try seed(in: body)
        wanted.maxAttempts = try body.integer("max_attempts", in: 1...1000)
        wanted.timeout = try body.integer("timeout_ms", in: 1...315_360_000_000).map { .milliseconds($0) }
        return wanted
    }

    /// A seed has 64 bits: more than many clients' numbers keep, so text will do as well, as jobs show it.
    private static func seed(in body: JSONObject) throws(CockpitError) -> UInt64? {
        guard let value = body["seed"], !value.isNull else { return nil }
        guard let seed = UInt64(value.string ?? value.text()) else {
            throw .badField("seed", "an integer from 0 to \(UInt64.max), as a number or as text")
        }
        return seed
    }

    private static func logPart(from request: RouteRequest) throws(CockpitError) -> LogPart {
        let query = try request.query(known: ["after", "limit", "tail"])
        let (after, limit) = (
            try query.integer("after", in: 0...Int.max), try query.integer("limit", in: 1...1000)
        )
        guard let tail = try query.integer("tail", in: 1...1000) else {
            return .page(after: after ?? 0, limit: limit ?? 200)
        }
        guard after == nil, limit == nil else { throw .badParameter("tail", "given without 'after' and 'limit'") }
        return .tail(tail)
    }
}
