package import ArenaCore

/// Why a stream cannot be read any further.
package struct EventStreamError: ArenaError, Hashable {
    package enum Problem: Hashable, Sendable {
        /// A line is longer than so many bytes.
        case longLine(limit: Int)
        /// The data of one event are more than so many bytes.
        case largeEvent(limit: Int)
    }

    package let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }

    package var code: String {
        switch problem {
        case .longLine: "event_stream.long_line"
        case .largeEvent: "event_stream.large_event"
        }
    }

    package var category: ErrorCategory { .resourceExhausted }

    package var message: String {
        switch problem {
        case .longLine(let limit): "A line of the stream is longer than \(limit) bytes."
        case .largeEvent(let limit): "An event of the stream has more than \(limit) bytes."
        }
    }
}

/// What a stream may hold at once.
package struct EventStreamLimits: Hashable, Sendable {
    /// The longest line, in bytes without its end.
    package var line: Int
    /// The data of one event, in bytes.
    package var event: Int

    package init(line: Int = 4 << 20, event: Int = 8 << 20) {
        self.line = line
        self.event = event
    }
}
