#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where the time of day comes from. Tests set it; everything else uses ``SystemClock``.
package protocol WallClock: Sendable {
    func now() -> Timestamp
    /// The time since some moment, which nobody can set: what leases and their renewal are measured by. It stands still
    /// while the machine is suspended.
    func elapsed() -> Duration
}

extension WallClock {
    package func elapsed() -> Duration { .nanoseconds(Int64(clamping: monotonicNanoseconds())) }
}

/// The machine's clock.
package struct SystemClock: WallClock {
    package init() {}

    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(unixMilliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// CLOCK_MONOTONIC in nanoseconds: the scale of `arena_call.deadline_ns`, the same in every process of a boot.
package func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
