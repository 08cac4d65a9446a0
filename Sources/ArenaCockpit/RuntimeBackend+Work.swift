import ArenaCore
import ArenaEvaluation
package import ArenaJSON
import ArenaJobs
import ArenaPluginABI
import ArenaRuntime
import ArenaStore

/// Jobs, scores and streams of a runtime.
extension RuntimeBackend {
    package func jobLog(_ id: String, after: Int, limit: Int) async throws -> JSONValue {
        guard try await runtime.store.job(id) != nil else { throw unknownJob(id) }
        let lines = try await runtime.store.log(ofJob: id, after: Int64(after), limit: limit)
        return [
            "lines": .array(
                lines.map { stored in
                    [
                        "id": JSONValue(Int(stored.id)), "attempt": JSONValue(stored.attempt),
                        "level": JSONValue(stored.line.level), "message": .string(stored.line.message),
                        "fields": stored.line.fields ?? .null,
                        "created_at": .string(stored.line.createdAt.description),
                    ]
                }), "next": JSONValue(lines.last.map { Int($0.id) } ?? after),
        ]
    }

    package func cancelJob(_ id: String) async throws -> JSONValue {
        switch try await runtime.jobs.cancel(id) {
        case .skipped: return ["ok": true, "job_id": .string(id), "status": "skipped"]
        case .requested: return ["ok": true, "job_id": .string(id), "status": "cancelling"]
        case .notFound: throw unknownJob(id)
        case .alreadyEnded(let status):
            throw Failure(
                code: "job.ended", category: .conflict,
                message: "Job \(id) has ended already: it is \(status.rawValue).")
        }
    }

    package func retryJob(_ id: String) async throws -> JSONValue { try await runtime.jobs.retry(id).json }

    package func score(_ request: ScoreRequest) async throws -> JSONValue {
        let begin = ContinuousClock.now
        let answer = try await runtime.answers.score(
            ScoreBatch(request.items), scorer: request.scorer, config: request.config)
        let took = (ContinuousClock.now - begin) / .milliseconds(1)
        var members = answer.object ?? [:]
        members["scores"] = .array(
            zip(request.items, answer["scores"]?.array ?? []).map { item, score in
                var named: JSONObject = ["item_id": .string(item.itemID)]
                for (key, value) in score.object ?? [:] { named[key] = value }
                return .object(named)
            })
        members["took_ms"] = JSONValue((took * 1000).rounded() / 1000)
        return .object(members)
    }

    package func pluginFeed(lastEventID: String?) async throws -> any EventFeed {
        PluginFeed(runtime: runtime, start: start, lastEventID: lastEventID)
    }

    package func jobFeed(lastEventID: String?) async throws -> any EventFeed {
        JobFeed(store: runtime.store, lastEventID: lastEventID)
    }

    private func unknownJob(_ id: String) -> Failure {
        Failure(
            code: "job.not_found", category: .notFound, message: "There is no job \"\(id)\".",
            hint: "GET /api/jobs lists those that there are.")
    }
}
