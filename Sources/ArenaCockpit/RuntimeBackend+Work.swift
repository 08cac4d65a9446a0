import ArenaCore
import ArenaEvaluation
package import ArenaJSON
import ArenaJobs
import ArenaPluginABI
import ArenaRuntime
import ArenaStore

/// Scores and streams of a runtime.
extension RuntimeBackend {
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
        JobFeed(runtime: runtime, lastEventID: lastEventID)
    }
}
