package import ArenaCore

/// Why a lane did not answer.
package struct LaneError: ArenaError, Hashable {
    package enum Reason: Hashable, Sendable {
        case unknown(known: [String])
        /// The request is not what `arena/service_lanes.h` says.
        case badRequest(String)
        /// Its lane type cannot run, or did not come up, or nothing answers at its address.
        case unreachable(Failure)
        /// It answered with something that is not an answer.
        case badAnswer(String)
        /// Its lane type speaks to a server, and it names none.
        case noAddress
        /// Its connection was lost before the end of the answer.
        case cutOff(Failure)
        case timedOut(milliseconds: Int64)
        /// Its server said no, in the lane type's words, or what it needs is not there.
        case refused(Failure)
        /// Its configuration is not what its lane type takes: where, what, and the plugin that says so.
        case badConfig(place: String?, what: String, plugin: String)
        /// Its lane type does not do this.
        case unsupported(String)
    }

    package let lane: String
    package let reason: Reason

    package init(_ lane: String, _ reason: Reason) {
        self.lane = lane
        self.reason = reason
    }

    package var code: String {
        switch reason {
        case .unknown: "lane.unknown"
        case .badRequest: "lane.bad_request"
        case .unreachable: "lane.unreachable"
        case .badAnswer: "lane.bad_answer"
        case .noAddress: "lane.no_address"
        case .cutOff: "lane.cut_off"
        case .timedOut: "lane.timed_out"
        case .refused(let failure): failure.code
        case .badConfig: "lane.bad_config"
        case .unsupported: "lane.unsupported"
        }
    }

    package var category: ErrorCategory {
        switch reason {
        case .unknown: .notFound
        case .badRequest: .invalidArgument
        case .unreachable, .cutOff: .unavailable
        case .badAnswer: .internalError
        case .noAddress, .badConfig: .failedPrecondition
        case .timedOut: .deadlineExceeded
        case .refused(let failure): failure.category
        case .unsupported: .unsupported
        }
    }

    package var message: String {
        switch reason {
        case .unknown: "There is no lane \"\(lane)\"."
        case .badRequest(let what): "A request to lane \(lane) is wrong: \(what)"
        case .unreachable(let failure):
            "Lane \(lane)\(failure.message.contains("cannot be reached") ? "" : " cannot be reached"): \(failure.message)"
        case .badAnswer(let what): "Lane \(lane) answered with \(what)."
        case .noAddress: "Lane \(lane) has no base_url, and its lane type speaks to a server."
        case .cutOff(let failure): "Lane \(lane) was lost in the middle of its answer: \(failure.message)"
        case .timedOut(let milliseconds): "Lane \(lane) did not answer within \(milliseconds) ms."
        case .refused(let failure): "Lane \(lane): \(failure.message)"
        case .badConfig(let place, let what, _):
            "\(place.map { "\($0): " } ?? "")the configuration of lane \(lane) is wrong: \(what)"
        case .unsupported(let operation): "Lane \(lane) does not do \(operation)."
        }
    }

    package var hint: String? {
        switch reason {
        case .unknown(let known): "There are: \(known.joined(separator: ", ")). `arena lane list` shows them."
        case .badRequest: nil
        case .unreachable(let failure): failure.hint ?? "`arena lane list` shows what each lane says of itself."
        case .badAnswer: "This is a fault of the lane type's plugin."
        case .noAddress: "Give it one in arena.yaml: base_url: http://127.0.0.1:8080"
        case .cutOff(let failure): failure.hint ?? "Look at the log of its server, then try again."
        case .timedOut: "Raise the lane's timeout_ms in arena.yaml, or look at what its server is doing."
        case .refused(let failure): failure.hint
        case .badConfig(_, _, let plugin): "`arena plugin info \(plugin)` shows what lanes of this type take."
        case .unsupported: "Ask a lane of another type."
        }
    }
}
