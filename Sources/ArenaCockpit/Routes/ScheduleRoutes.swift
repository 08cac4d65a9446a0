import ArenaCore
package import ArenaJSON
import Hummingbird

/// A schedule that a client wants to have.
package struct ScheduleWish: Sendable, Hashable {
    /// What people call it; `nil`: the server chooses.
    package var id: String?
    /// Short or full name of the job kind.
    package var kind: String
    package var payload: JSONValue
    /// Either this or ``everySeconds``.
    package var cron: String?
    package var everySeconds: Int?
    package var timeZone: String?
    /// `skip`, `once` or `all`.
    package var catchUp: String?
}

extension RouteTable {
    /// Schedules: list, add, take out.
    static func schedules(_ backend: any CockpitBackend) -> [Route] {
        [
            Route(.get, "/api/schedule", "The schedules, by id, with their next times.") { request in
                let query = try request.query(known: ["limit", "cursor", "preview"])
                let limit = try query.integer("limit", in: 1...1000) ?? 200
                let preview = try query.integer("preview", in: 0...100) ?? 3
                let schedules = try await backend.schedules(
                    after: query["cursor"] ?? "", limit: limit, preview: preview)
                let isFull = schedules.count == limit
                return Reply.json([
                    "schedules": .array(schedules), "next_cursor": isFull ? schedules.last?["id"] ?? .null : .null,
                ])
            },
            Route(.post, "/api/schedule", "Adds a schedule, which enqueues a job of a kind at times.") { request in
                let wish = try scheduleWish(from: request)
                do {
                    return Reply.json(["ok": true, "schedule": try await backend.addSchedule(wish)])
                } catch let error as any ArenaError where error.category == .invalidArgument {
                    // A body that parses but does not validate is 422, whoever found it out.
                    throw CockpitError(passing: error, status: 422)
                }
            },
            Route(.delete, "/api/schedule/{id}", "Takes a schedule out; the jobs that it enqueued stay.") { request in
                _ = try request.object(known: [])
                let id = try request.name("id")
                try await backend.removeSchedule(id)
                return Reply.json(["ok": true, "id": .string(id)])
            },
        ]
    }

    private static func scheduleWish(from request: RouteRequest) throws -> ScheduleWish {
        let body = try request.object(known: ["id", "kind", "payload", "cron", "every_s", "tz", "catch_up"])
        guard let kind = try body.text("kind", length: 1...161) else {
            throw CockpitError.badField("kind", "the name of a job kind")
        }
        let payload = body["payload"] ?? [:]
        guard payload.object != nil else { throw CockpitError.badField("payload", "an object") }
        return ScheduleWish(
            id: try body.text("id", length: 1...80), kind: kind, payload: payload,
            cron: try body.text("cron", length: 1...200),
            everySeconds: try body.integer("every_s", in: 1...315_360_000),
            timeZone: try body.text("tz", length: 1...80), catchUp: try body.text("catch_up", length: 1...10))
    }
}
