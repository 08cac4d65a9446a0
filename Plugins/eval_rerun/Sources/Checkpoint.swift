import ArenaJSON
import ArenaPluginKit

/// What is sealed with each commit: enough to go on without asking a finished question again.
struct Checkpoint {
    var benchSHA256: String
    var done = NumberSet()
    var tally = Tally()
    /// Of the first attempt; milliseconds since 1970.
    var startedAt: Int64
    /// When the last question was through.
    var finishedAt: Int64?
    /// What the lane called its model, and the scorer itself; known once there is an answer.
    var model: String?
    var scorer: JSONValue?
    var rubric: JSONValue?

    init(benchSHA256: String, startedAt: Int64) {
        self.benchSHA256 = benchSHA256
        self.startedAt = startedAt
    }

    static let version = 1

    var bytes: [UInt8] {
        var members: JSONObject = [
            "version": JSONValue(Self.version), "bench_sha256": .string(benchSHA256), "done": done.json,
            "tally": tally.json, "started_at_ms": JSONValue(startedAt),
        ]
        members["finished_at_ms"] = finishedAt.map { JSONValue($0) }
        members["model"] = model.map(JSONValue.string)
        members["scorer"] = scorer
        members["rubric"] = rubric
        return JSONValue.object(members).bytes(.compact)
    }

    init(_ bytes: [UInt8]) throws(PluginError) {
        guard let json = try? JSONValue(parsing: bytes), json["version"]?.int == Self.version,
            let done = json["done"].flatMap(NumberSet.init), let tally = json["tally"].flatMap(Tally.init),
            let startedAt = json["started_at_ms"]?.int, let sha256 = json["bench_sha256"]?.string
        else {
            throw PluginError(
                .dataLoss, code: "eval_rerun.checkpoint", "The checkpoint of an earlier attempt cannot be read.",
                hint: "Start the run again.", retry: false)
        }
        benchSHA256 = sha256
        self.done = done
        self.tally = tally
        self.startedAt = Int64(startedAt)
        finishedAt = json["finished_at_ms"]?.int.map(Int64.init)
        model = json["model"]?.string
        scorer = json["scorer"]
        rubric = json["rubric"]
    }
}
