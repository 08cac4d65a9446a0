package import ArenaCore
import Synchronization

/// The lanes as they are now: one for the whole process, for any thread.
package final class LaneBook: Sendable {
    private let state: Mutex<LaneEdition>

    package init(_ lanes: [LaneDefinition]) { state = Mutex(LaneEdition(lanes: lanes)) }

    package var edition: LaneEdition { state.withLock { $0 } }

    /// See ``LaneEdition/take(_:)``.
    package func take(_ reading: Result<[LaneDefinition], Failure>) -> LaneEdition.Change? {
        state.withLock { $0.take(reading) }
    }
}
