import ArenaCore
import ArenaJSON
import Hummingbird

extension RouteTable {
    /// Jobs: list, enqueue, one, its log, its end.
    static func jobs(_ backend: any CockpitBackend) -> [Route] {
        [
            Route(.get, "/api/jobs", "Jobs, newest first, of one status if asked.") { request in
                let query = try request.query(known: ["status", "limit", "cursor"])
                let limit = try query.integer("limit", in: 1...1000) ?? 200
                let wanted = JobQuery(status: query["status"], limit: limit, cursor: query["cursor"])
                let page = try await backend.jobs(wanted)
                return Reply.json([
                    "jobs": .array(page.jobs),
                    "next_cursor": page.nextCursor.map(JSONValue.string) ?? .null,
                ])
            },
            Route(.post, "/api/jobs", "Enqueues a job.") { request in
                let wanted = try jobRequest(from: request)
                do {
                    let job = try await backend.enqueueJob(wanted)
                    return Reply.json([
                        "ok": true,
                        "coalesced": .bool(job.isCoalesced),
                        "job_id": .string(job.id),
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
                let query = try request.query(known: ["after", "limit"])
                let after = try query.integer("after", in: 0...Int.max) ?? 0
                let limit = try query.integer("limit", in: 1...1000) ?? 200
                return Reply.json(try await backend.jobLog(try request.name("id"), after: after, limit: limit))
            },
            Route(.delete, "/api/jobs/{id}", "Skips a job that waits, asks one that runs to end.") { request in
                _ = try request.object(known: [])
                return Reply.json(try await backend.cancelJob(try request.name("id")))
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
        let body = try request.object(known: ["kind", "payload", "trigger", "priority", "dispatch"])
        guard let kind = try body.text("kind", length: 1...161) else {
            throw CockpitError.badField("kind", "the name of a job kind")
        }
        let payload = body["payload"] ?? [:]
        guard payload.object != nil else { throw CockpitError.badField("payload", "an object") }
        _ = try body.boolean("dispatch")
        return JobRequest(
            kind: kind,
            payload: payload,
            trigger: try body.text("trigger", length: 1...40) ?? "manual",
            priority: try body.integer("priority", in: 0...100) ?? 0
        )
    }
}
