package import ArenaCore

/// A clock that can also wait: what everything takes that does something later or again and again.
///
/// Tests set it forward with `TestClock` instead of sleeping.
package protocol TimerClock: WallClock {
    /// Returns once ``WallClock/now()`` is `deadline` or later; at once if it is already. A clock that is set forward
    /// meanwhile is noticed within a second, and so is one that is set back: then it returns early, for the deadline
    /// may be hours away by now.
    ///
    /// - Throws: `CancellationError` when the surrounding task is cancelled.
    func sleep(until deadline: Timestamp) async throws
}

extension SystemClock: TimerClock {
    package func sleep(until deadline: Timestamp) async throws {
        var last = now()
        while last < deadline {
            try await Task.sleep(for: min(deadline - last, .seconds(1)))
            let now = now()
            guard now >= last else { return }
            last = now
        }
    }
}
