import ArenaCore
import ArenaEvaluation
package import ArenaJSON
import ArenaJobs
import ArenaPluginHost
package import ArenaStore

extension ArenaRuntime {
    /// A job with its attempts, triggers and the last lines of its log: `attempts` stays the count.
    package func jobDetail(_ id: String) async throws -> JSONValue {
        guard let job = try await store.job(id) else {
            throw Failure(
                code: "job.not_found", category: .notFound, message: "There is no job \"\(id)\".",
                hint: "`arena job list` shows those that there are.")
        }
        var members = job.json.object ?? [:]
        members["attempt_history"] = .array(
            try await store.attempts(ofJob: id).map { attempt in
                [
                    "attempt": JSONValue(attempt.attempt), "started_at": .string(attempt.startedAt.description),
                    "finished_at": attempt.finishedAt.map { .string($0.description) } ?? .null,
                    "run_ms": attempt.finishedAt.map {
                        .number(JSONNumber(max(0, ($0 - attempt.startedAt).milliseconds)))
                    } ?? .null,
                    "outcome": attempt.end.map { .string($0.rawValue) } ?? .null,
                    "plugin": attempt.plugin.map { .string("\($0.id) \($0.version)") } ?? .null,
                    "error": attempt.failure.map(\.json) ?? .null,
                ]
            })
        members["triggers"] = .array(
            try await store.triggers(ofJob: id).map { trigger in
                [
                    "event": .string(trigger.event.rawValue), "source": .string(trigger.source),
                    "detail": trigger.detail, "count": JSONValue(trigger.count),
                    "created_at": .string(trigger.createdAt.description),
                    "last_at": .string(trigger.lastAt.description),
                ]
            })
        members["log"] = .array(
            try await store.logTail(ofJob: id, limit: 50).map(\.json))
        return .object(members)
    }
}

extension StoredLogLine {
    /// `{id, attempt, level, message, fields, created_at}`
    package var json: JSONValue {
        [
            "id": .number(JSONNumber(id)), "attempt": JSONValue(attempt), "level": JSONValue(line.level),
            "message": .string(line.message), "fields": line.fields ?? .null,
            "created_at": .string(line.createdAt.description),
        ]
    }
}

extension ArenaRuntime {
    /// Every score of a finished run.
    package func allScores(ofRun run: String) async throws -> [EvalScoreRecord] {
        var scores: [EvalScoreRecord] = []
        while true {
            let after = scores.last.map { (itemID: $0.itemID, repeatIndex: $0.repeatIndex) }
            let page = try await store.evalScores(ofRun: run, after: after)
            scores += page
            if page.count < 1000 { return scores }
        }
    }
}
