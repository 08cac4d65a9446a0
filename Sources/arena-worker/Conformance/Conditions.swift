import CArenaPlugin

/// The ways in which a check bends what a host hands to a plugin. A plugin must do the same under all of them.
struct Conditions: Sendable {
    /// By how many bytes of garbage each struct is longer than this host knows it, as a later host's would be. A
    /// multiple of 8.
    var surplus = 0
    /// By how many bytes the elements of arrays lie further apart than they are long. A multiple of 8.
    var gap = 0
    /// Inputs lie on read-only pages, end where a page begins that cannot be touched, and are gone after the call.
    var vanishes = false
    /// How many bytes (or pieces of an answer) a sink takes before it refuses.
    var sinkLimit: Int?
    /// Nanoseconds until the call is cancelled.
    var cancelsAfter: UInt64?
    /// Nanoseconds until its deadline.
    var deadlineAfter: UInt64?

    /// Told before each call which function is about to be called, and on what.
    var announce: (@Sendable (String) -> Void)?

    /// What a sink says that has had enough.
    static let refusal = ARENA_RESOURCE_EXHAUSTED
}
