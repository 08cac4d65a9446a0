import ArenaCore

/// Decides when files that are being copied have come to rest: nothing changed for 200 ms.
///
/// The age of the latest ctime answers at once, also for a process that has just started. Where that time lies in the
/// future, because the machine's clock was set back, the files count as settled once two looks 200 ms apart agree.
package struct Settling {
    /// How long files must be unchanged before they are read.
    package static let quietTime: Duration = .milliseconds(200)

    private var firstSeen: [String: (listing: FolderListing, at: UInt64)] = [:]

    /// How much longer to leave the files at `path` alone; `nil` when they have settled.
    ///
    /// - Parameters:
    ///   - now: The time of day.
    ///   - monotonic: CLOCK_MONOTONIC in nanoseconds.
    mutating func remaining(
        for path: String, _ listing: FolderListing, now: Timestamp, monotonic: UInt64
    ) -> Duration? {
        let quiet = Self.quietTime.milliseconds
        let age = now.unixMilliseconds - listing.lastChange / 1_000_000
        if age >= quiet {
            firstSeen[path] = nil
            return nil
        }
        guard let seen = firstSeen[path], seen.listing == listing else {
            firstSeen[path] = (listing, monotonic)
            return .milliseconds(min(quiet, quiet - age))
        }
        let elapsed = Int64(clamping: (monotonic - min(seen.at, monotonic)) / 1_000_000)
        return elapsed >= quiet ? nil : .milliseconds(min(quiet - elapsed, max(1, quiet - age)))
    }

    /// Forgets files that are gone.
    mutating func keepOnly(_ paths: Set<String>) {
        firstSeen = firstSeen.filter { paths.contains($0.key) }
    }
}
