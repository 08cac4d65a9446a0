import ArenaJSON
import ArenaPluginKit

/// What a job of this kind is asked to do: the payload, with its defaults filled in.
struct EvalRequest {
    var benchID: String
    var laneID: String
    /// `nil`: the bench's own.
    var scorer: String?
    var scorerConfig: JSONValue?
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
        limit = payload["limit"]?.int
        repeats = max(1, payload["repeat"]?.int ?? 1)
        maxTokens = payload["max_tokens"]?.int
        temperature = payload["temperature"]?.double ?? 0
        inFlight = min(128, max(1, payload["in_flight"]?.int ?? 8))
        itemTimeoutMilliseconds = payload["item_timeout_ms"]?.int ?? 300_000
    }
}
