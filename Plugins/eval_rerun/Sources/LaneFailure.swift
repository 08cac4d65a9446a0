import ArenaJSON
import ArenaPluginKit

/// What the failure of one request says about the rest of the run.
enum LaneFailure {
    /// This question alone has no answer; the run goes on. The reason goes into the record.
    case item(reason: ScoreReason)
    /// The lane is gone for now, or for good: the run ends with this error once what is in hand is sealed.
    case lane(PluginError)

    init(_ error: PluginError, lane: String) {
        switch error.status {
        case .deadlineExceeded:
            self = .item(reason: .timeout)
        case .unavailable, .resourceExhausted:
            self = .lane(
                PluginError(
                    error.status, code: "lane.lost", "The lane \(lane) was lost half-way: \(error.message)",
                    hint: error.hint ?? "The run goes on from its last commit when it is tried again."))
        case .unauthenticated, .permissionDenied:
            self = .lane(
                PluginError(
                    error.status, code: "lane.refused", "The lane \(lane) refuses: \(error.message)",
                    hint: error.hint, retry: false))
        case .notFound where error.code == "lane.model_unknown":
            self = .lane(error)
        default:
            self = .item(reason: .infrastructure)
        }
    }
}

/// Asks the lane whether it is there, before the first question.
///
/// Throws `lane.unknown` for a lane that is not registered and `lane.unreachable`, which is not retried, for one that
/// does not answer; a run that had reached it before is tried again.
func checkHealth(
    of lane: String, _ lanes: LanesService, _ call: PluginCall, wasReached: Bool
) throws(PluginError) {
    let health: Completion
    do throws(PluginError) {
        health = try askHealth(of: lane, lanes, call)
    } catch  where error.status == .notFound {
        throw unknown(lane)
    }
    switch health {
    case .failed(_, let error) where error.status == .notFound: throw unknown(lane)
    case .failed(_, let error) where error.status == .cancelled: throw error
    case .failed(_, let error): throw unreachable(lane, error.message, wasReached: wasReached)
    case .done(_, let answer) where answer["ok"]?.bool == false:
        throw unreachable(lane, answer["reason"]?.string ?? "it says that it is not well", wasReached: wasReached)
    case .done, .delta: return
    }
}

private func askHealth(
    of lane: String, _ lanes: LanesService, _ call: PluginCall
) throws(PluginError) -> Completion {
    let tag: UInt64 = 0
    try lanes.submit(tag, ["lane": .string(lane), "op": "health", "timeout_ms": 10_000])
    while true {
        try call.checkCancellation()
        if let completion = try lanes.next(within: 80) { return completion }
    }
}

private func unknown(_ lane: String) -> PluginError {
    PluginError(
        .notFound, code: "lane.unknown", "There is no lane named \(lane).",
        hint: "`arena lane list` shows the lanes that there are.", retry: false)
}

private func unreachable(_ lane: String, _ reason: String, wasReached: Bool) -> PluginError {
    PluginError(
        .unavailable, code: wasReached ? "lane.lost" : "lane.unreachable",
        "The lane \(lane)\(reason.contains("cannot be reached") ? "" : " cannot be reached"): \(reason)",
        hint: "Start what the lane stands for, or look at its address in `arena lane list`.",
        retry: wasReached ? nil : false)
}
