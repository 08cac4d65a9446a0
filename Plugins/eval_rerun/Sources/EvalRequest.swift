import ArenaJSON
import ArenaPluginKit

/// What a job of this kind is asked to do: the payload, with its defaults filled in.
struct EvalRequest {
    var benchID: String
    var laneID: String
    /// `nil`: the bench's own.
    var scorer: String?
    var scorerConfig: JSONValue?
    /// A rubric instead of the scorer, or beside the one that ``scorer`` names.
    var rubricID: String?
    var judgeLaneID: String?
    /// `nil`: all items.
    var limit: Int?
    var repeats: Int
    /// `nil`: the bench's own.
    var maxTokens: Int?
    var temperature: Double
    /// How many questions wait for their answers at a time.
    var inFlight: Int
    var itemTimeoutMilliseconds: Int

    init(_ payload: JSONValue) throws(PluginError) {
        guard let benchID = payload["bench_id"]?.string, let laneID = payload["lane_id"]?.string else {
            throw PluginError(
                .invalidArgument, code: "eval_rerun.payload", "The payload lacks bench_id or lane_id.", retry: false)
        }
        self.benchID = benchID
        self.laneID = laneID
        scorer = payload["scorer"]?.string
        scorerConfig = payload["scorer_config"]
        rubricID = payload["rubric_id"]?.string
        judgeLaneID = payload["judge_lane_id"]?.string
        limit = payload["limit"]?.int
        repeats = max(1, payload["repeat"]?.int ?? 1)
        maxTokens = payload["max_tokens"]?.int
        temperature = payload["temperature"]?.double ?? 0
        inFlight = min(128, max(1, payload["in_flight"]?.int ?? 8))
        itemTimeoutMilliseconds = payload["item_timeout_ms"]?.int ?? 300_000
    }
}

extension EvalRequest {
    /// What is wrong with a payload that its schema cannot see.
    static func issues(in payload: JSONValue) -> [PayloadIssue] {
        guard payload["rubric_id"] == nil else {
            guard payload["scorer_config"] != nil, payload["scorer"] == nil else { return [] }
            return [
                PayloadIssue(
                    "/scorer_config", "There is a configuration for a scorer and none is named beside the rubric.",
                    hint: "Name `scorer` too, or take `scorer_config` out.")
            ]
        }
        guard payload["judge_lane_id"] != nil else { return [] }
        return [
            PayloadIssue(
                "/judge_lane_id", "Only a rubric asks a judge, and none is named.", hint: "Name `rubric_id` too.")
        ]
    }

    /// How the service is asked for the rubric [SCORING-2]; `nil`: there is none.
    var rubricRequest: (scorer: String, config: JSONValue)? {
        guard let rubricID else { return nil }
        var config: JSONObject = [:]
        config["judge_lane"] = judgeLaneID.map(JSONValue.string)
        config["scorer"] = scorer.map(JSONValue.string)
        if scorer != nil { config["scorer_config"] = scorerConfig }
        return ("rubric:\(rubricID)", .object(config))
    }
}
