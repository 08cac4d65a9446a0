import ArenaJSON
import ArenaPluginKit

/// The job kind `eval_rerun`: bench × lane × scorer.
struct EvalRerun: JobKind {
    private let start: JobStart
    private let request: EvalRequest

    init(_ start: JobStart) throws(PluginError) {
        self.start = start
        request = try EvalRequest(start.payload)
    }

    static func issues(in payload: JSONValue) -> [PayloadIssue] { EvalRequest.issues(in: payload) }

    mutating func run(_ call: PluginCall, _ services: Services) throws(PluginError) -> JSONValue {
        var evaluation = try Evaluation(start, request, call, services)
        return try evaluation.run()
    }
}
