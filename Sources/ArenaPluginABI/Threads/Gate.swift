import ArenaCore
import CLinux

/// A state behind a mutex that threads can wait on, which `Synchronization` has not.
///
/// For threads of our own only: waiting on the cooperative pool would hold one of its threads.
package final class Gate<State>: @unchecked Sendable {
    // `state` is touched only while `raw` is locked; `raw` lives as long as the gate.
    private let raw: OpaquePointer
    private var state: State

    package init(_ state: sending State) {
        raw = arena_linux_gate_create()
        self.state = state
    }

    deinit { arena_linux_gate_destroy(raw) }

    /// Changes the state. Wakes nobody.
    package func withLock<R, E: Error>(_ body: (inout State) throws(E) -> sending R) throws(E) -> sending R {
        arena_linux_gate_lock(raw)
        defer { arena_linux_gate_unlock(raw) }
        return try body(&state)
    }

    /// Changes the state and wakes one of those who wait, for whom it makes no difference which.
    package func updateForOne<R>(_ body: (inout State) -> sending R) -> sending R {
        arena_linux_gate_lock(raw)
        defer {
            arena_linux_gate_wake_one(raw)
            arena_linux_gate_unlock(raw)
        }
        return body(&state)
    }

    /// Changes the state and wakes everyone who waits.
    package func update<R>(_ body: (inout State) -> sending R) -> sending R {
        arena_linux_gate_lock(raw)
        defer {
            arena_linux_gate_wake_all(raw)
            arena_linux_gate_unlock(raw)
        }
        return body(&state)
    }

    /// Waits while `isIdle`, then takes from the state; `nil` once `deadline` (CLOCK_MONOTONIC, nanoseconds; 0: never)
    /// has passed.
    ///
    /// No access to the state is open during the wait: an `inout` held over it would break exclusivity, and the
    /// optimiser would then keep what it last read.
    package func wait<R>(
        until deadline: UInt64 = 0, while isIdle: (borrowing State) -> Bool, then take: (inout State) -> sending R
    ) -> sending R? {
        arena_linux_gate_lock(raw)
        defer { arena_linux_gate_unlock(raw) }
        while isIdle(state) {
            if deadline == 0 {
                arena_linux_gate_wait(raw)
            } else {
                guard monotonicNanoseconds() < deadline else { return nil }
                arena_linux_gate_wait_until(raw, deadline)
            }
        }
        return take(&state)
    }
}
