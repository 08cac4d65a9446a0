import ArenaCore
import Synchronization

/// Measures how long others were silent.
///
/// What they write is stamped with the time of day, which can be set; so nothing is ever concluded from an old stamp.
/// Instead this process notes on its own steady clock when it first saw a stamp, and counts from there until it sees
/// another one. A clock that jumps, in whatever direction and process, neither ends a life nor lengthens one.
final class SilenceWatch: Sendable {
    private let sightings = Mutex<[String: Sighting]>([:])

    private struct Sighting {
        let stamp: Timestamp
        let since: Duration
    }

    /// How long `stamp` is known to be the last of the one with this `id`; zero when it is seen for the first time.
    ///
    /// - Parameter now: ``WallClock/elapsed()``.
    func silence(of id: String, stamp: Timestamp, now: Duration) -> Duration {
        sightings.withLock { sightings in
            if let known = sightings[id], known.stamp == stamp { return now - known.since }
            sightings[id] = Sighting(stamp: stamp, since: now)
            return .zero
        }
    }

    /// Forgets everyone else.
    func keepOnly(_ ids: Set<String>) {
        sightings.withLock { $0 = $0.filter { ids.contains($0.key) } }
    }
}
