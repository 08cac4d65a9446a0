package import ArenaCore
package import ArenaJSON
package import ArenaStore

extension JobRecord {
    /// The job as the command line, the server and agents show it.
    package var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "kind": .string(kind), "status": .string(status.rawValue),
            "priority": .number(JSONNumber(priority)), "payload": payload, "trigger": .string(trigger),
            "seed": .string(String(seed)), "result": result ?? .null,
            "attempts": .number(JSONNumber(attempts)), "max_attempts": .number(JSONNumber(maxAttempts)),
            "failures": .number(JSONNumber(failures)), "crashes": .number(JSONNumber(crashes)),
            "commits": .number(JSONNumber(checkpointSeq)), "enqueued_at": .string(enqueuedAt.description),
        ]
        object["reason"] = reason.map { .string($0) }
        object["dedup_key"] = dedupKey.map { .string($0) }
        object["error"] = failure.map { failure in
            var error = failure.json.object ?? [:]
            error["detail"] = failureDetail
            return .object(error)
        }
        object["progress"] = progress
        object["timeout_ms"] = timeout.map { .number(JSONNumber($0.milliseconds)) }
        let times: KeyValuePairs = [
            "run_after": runAfter, "dispatched_at": dispatchedAt, "started_at": startedAt, "finished_at": finishedAt,
            "cancel_requested_at": cancelRequestedAt,
        ]
        for (name, time) in times { object[name] = time.map { .string($0.description) } }
        let durations = JobDurations(self)
        object["queued_ms"] = durations.queued.map { .number(JSONNumber($0.milliseconds)) }
        object["run_ms"] = durations.run.map { .number(JSONNumber($0.milliseconds)) }
        return .object(object)
    }
}

extension Failure {
    /// `{code, category, message, hint?}`
    package var json: JSONValue {
        var object: JSONObject = [
            "code": .string(code), "category": .string(category.rawValue), "message": .string(message),
        ]
        object["hint"] = hint.map { .string($0) }
        return .object(object)
    }
}
