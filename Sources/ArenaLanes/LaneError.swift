package import ArenaCore

/// Why a lane did not answer.
package struct LaneError: ArenaError, Hashable {
    package enum Reason: Hashable, Sendable {
        case unknown(known: [String])
        /// The request is not what `arena/service_lanes.h` says.
        case badRequest(String)
        /// Its lane type cannot run, or did not come up.
        case unreachable(Failure)
        /// It answered with something that is not an answer.
        case badAnswer(String)
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
        }
    }

    package var category: ErrorCategory {
        switch reason {
        case .unknown: .notFound
        case .badRequest: .invalidArgument
        case .unreachable: .unavailable
        case .badAnswer: .internalError
        }
    }

    package var message: String {
        switch reason {
        case .unknown: "There is no lane \"\(lane)\"."
        case .badRequest(let what): "A request to lane \(lane) is wrong: \(what)"
        case .unreachable(let failure): "Lane \(lane) cannot be reached: \(failure.message)"
        case .badAnswer(let what): "Lane \(lane) answered with \(what)."
        }
    }

    package var hint: String? {
        switch reason {
        case .unknown(let known): "There are: \(known.joined(separator: ", ")). `arena lane list` shows them."
        case .badRequest: nil
        case .unreachable(let failure): failure.hint ?? "`arena lane list` shows what each lane says of itself."
        case .badAnswer: "This is a fault of the lane type's plugin."
        }
    }
}
