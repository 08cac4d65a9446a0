import ArenaCore
import ArenaJSON
import ArenaStore
import Hummingbird

extension RouteTable {
    /// What an operator does with many jobs at once: those that ended without success, old ones, those of a kind.
    static func queue(_ backend: any CockpitBackend) -> [Route] {
        [
            Route(.get, "/api/jobs/dead", "Jobs that ended without success, newest first.") { request in
                let names = ["status", "kind", "code", "text", "ended_after", "ended_before"]
                let query = try request.query(known: names + ["limit", "cursor"])
                let filter = DeadJobFilter(
                    statuses: try deadStatuses(query["status"] == nil ? nil : query.list("status")) {
                        .badParameter("status", $0)
                    },
                    kind: query["kind"], code: query["code"], text: query["text"],
                    endedAfter: try query.time("ended_after"), endedBefore: try query.time("ended_before"))
                let limit = try query.integer("limit", in: 1...1000) ?? 200
                return Reply.json(try await backend.deadJobs(filter, limit: limit, cursor: query["cursor"]).json)
            },
            Route(.post, "/api/jobs/retry", "Puts all jobs of a filter that ended without success back.") { request in
                let result = try await backend.retryJobs(try deadJobFilter(from: request))
                return Reply.json([
                    "ok": true, "retried": .array(result.retried.map(JSONValue.string)),
                    "duplicates": .array(result.duplicates.map(JSONValue.string)),
                ])
            },
            Route(.post, "/api/jobs/prune", "Forgets jobs that ended long ago; what they made stays.") { request in
                let body = try request.object(known: ["older_than_s", "statuses"])
                guard let age = try body.integer("older_than_s", in: 0...315_360_000_000) else {
                    throw CockpitError.badField("older_than_s", "how many seconds ago a job must have ended")
                }
                let names = try body.texts("statuses")
                let statuses = names.map { Set($0.compactMap(JobStatus.init(rawValue:)).filter(\.isFinal)) }
                guard statuses?.isEmpty != true, statuses?.count == names.map({ Set($0).count }) else {
                    throw CockpitError.badField("statuses", "a list of done, failed and skipped")
                }
                let pruned = try await backend.pruneJobs(
                    olderThan: .seconds(age), statuses: statuses ?? [.done, .failed, .skipped])
                return Reply.json([
                    "ok": true, "jobs": JSONValue(pruned.jobs), "files": JSONValue(pruned.orphanedPaths.count),
                ])
            },
            Route(.get, "/api/kinds/paused", "Kinds of which no job is begun.") { request in
                let page = try ListPage(request, known: [])
                return Reply.json(page.document("kinds", of: try await backend.pausedKinds(), sortedBy: ["kind"]))
            },
            Route(.post, "/api/kinds/pause", "Keeps waiting jobs of a kind from being begun.") { request in
                let body = try request.object(known: ["kind", "reason"])
                let reason = try body.text("reason", length: 1...400)
                let kind = try await backend.pauseKind(try kindName(in: body), reason: reason)
                return Reply.json(["ok": true, "kind": .string(kind)])
            },
            Route(.post, "/api/kinds/resume", "Lets jobs of a paused kind be begun again.") { request in
                let (kind, wasPaused) = try await backend.resumeKind(
                    try kindName(in: try request.object(known: ["kind"])))
                return Reply.json(["ok": true, "kind": .string(kind), "was_paused": .bool(wasPaused)])
            },
        ]
    }

    private static func kindName(in body: JSONObject) throws(CockpitError) -> String {
        guard let kind = try body.text("kind", length: 1...161) else {
            throw .badField("kind", "the name of a job kind")
        }
        return kind
    }

    private static func deadJobFilter(from request: RouteRequest) throws -> DeadJobFilter {
        let body = try request.object(known: ["statuses", "kind", "code", "text", "ended_after", "ended_before"])
        return DeadJobFilter(
            statuses: try deadStatuses(try body.texts("statuses")) { .badField("statuses", $0) },
            kind: try body.text("kind", length: 1...161), code: try body.text("code", length: 1...200),
            text: try body.text("text", length: 1...400), endedAfter: try body.time("ended_after"),
            endedBefore: try body.time("ended_before"))
    }

    /// `failed` unless the client says otherwise.
    private static func deadStatuses(
        _ names: [String]?, refusing refusal: (String) -> CockpitError
    ) throws(CockpitError) -> Set<JobStatus> {
        guard let names else { return [.failed] }
        guard !names.isEmpty, names.allSatisfy(["failed", "skipped"].contains) else {
            throw refusal("failed, skipped or both")
        }
        return Set(names.compactMap(JobStatus.init(rawValue:)))
    }
}
