import Synchronization

/// Counts the event streams that are open and refuses more than a limit.
final class StreamSlots: Sendable {
    private let limit: Int
    private let taken = Mutex(0)

    init(_ limit: Int) { self.limit = limit }

    /// A place, kept for as long as the result lives; `nil` when all are taken.
    func take() -> Slot? {
        let isFree = taken.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        return isFree ? Slot(self) : nil
    }

    /// How many streams are open.
    var count: Int { taken.withLock { $0 } }

    /// The place of one stream.
    final class Slot: Sendable {
        private let slots: StreamSlots
        fileprivate init(_ slots: StreamSlots) { self.slots = slots }
        deinit { slots.taken.withLock { $0 -= 1 } }
    }
}
