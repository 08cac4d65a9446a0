import ArenaJSON
import ArenaPluginKit

/// Has the rubric and its scorers looked up before the first question is asked: a rubric that cannot be used would else
/// cost a batch of answers.
func checkRubric(
    _ rubric: (scorer: String, config: JSONValue), _ scoring: ScoringService, _ call: PluginCall
) throws(PluginError) {
    let tag: UInt64 = 0
    try scoring.submit(tag, scorer: rubric.scorer, config: rubric.config, [])
    while true {
        try call.checkCancellation()
        guard let completion = try scoring.next(within: 80) else { continue }
        if case .failed(_, var error) = completion {
            error.retry = error.status == .unavailable ? nil : false
            throw error
        }
        return
    }
}
