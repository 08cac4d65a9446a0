import ArenaCore
import Synchronization

/// The machine's clock with a shift that a test changes.
final class SettableClock: WallClock {
    private let state = Mutex<Duration>(.zero)
    var shift: Duration {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
    func now() -> Timestamp { SystemClock().now() + shift }
}

/// A monotonic clock that a test moves.
final class SettableNanoseconds: Sendable {
    private let state = Mutex<UInt64>(1_000_000_000)
    var value: UInt64 {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
