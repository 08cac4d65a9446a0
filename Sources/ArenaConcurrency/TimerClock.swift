package import ArenaCore

/// A clock that can also wait: what everything takes that does something later or again and again.
///
/// Tests set it forward with `TestClock` instead of sleeping.
package protocol TimerClock: WallClock {
    /// Returns once ``WallClock/now()`` is `deadline` or later; at once if it is already. A clock that is set back or
    /// forward meanwhile is noticed within a second.
    ///
    /// - Throws: `CancellationError` when the surrounding task is cancelled.
    func sleep(until deadline: Timestamp) async throws
}

extension SystemClock: TimerClock {
    package func sleep(until deadline: Timestamp) async throws {
        while true {
            let remaining = deadline - now()
            guard remaining > .zero else { return }
            try await Task.sleep(for: min(remaining, .seconds(1)))
        }
    }
}
