import ArenaCore
import ArenaJSON
package import ArenaPluginHost

/// Answers for the judge of a rubric: a lane that is asked at temperature 0.
package struct RubricJudge: Sendable {
    private let lanes: any LaneAccess
    private let lane: String
    /// How many questions to the judge are open at once.
    static let inFlight = 4
    private static let mostTokens = 1024
    private static let limitMilliseconds = 120_000

    /// - Throws: when there is no such lane, or it is not well.
    package init(lane: String, lanes: any LaneAccess) async throws {
        self.lanes = lanes
        self.lane = lane
        let health = try await lanes.perform(["lane": .string(lane), "op": "health", "timeout_ms": 10_000]) { _ in }
        guard health["ok"]?.bool != false else {
            throw Failure(
                code: "rubric.judge_unreachable", category: .unavailable,
                message: "The judge's lane \(lane) cannot be reached: \(health["reason"]?.string ?? "it is not well").",
                hint: "`arena lane list` shows the lanes and how they are.")
        }
    }

    /// The result of a judge's step: `{"text"}`, or why there is none.
    func answer(_ messages: JSONValue) async throws -> JSONValue {
        do {
            let reply = try await lanes.perform(
                [
                    "lane": .string(lane), "op": "chat", "stream": false,
                    "timeout_ms": JSONValue(Self.limitMilliseconds),
                    "request": [
                        "messages": messages, "max_tokens": JSONValue(Self.mostTokens), "temperature": 0, "seed": 1,
                    ],
                ]) { _ in }
            return ["text": .string(reply["content"]?.string ?? "")]
        } catch {
            try Task.checkCancellation()
            return Self.nobody("the judge did not answer: \(Failure(error).message)")
        }
    }

    /// The result of a step that nobody did.
    static func nobody(_ why: String) -> JSONValue { ["skipped": true, "explain": .string(why)] }
}
