/// When a job that failed is tried again, and how often.
package struct RetryPolicy: Hashable, Sendable {
    /// The pause after the first failure, before jitter.
    package var firstPause: Duration
    /// The longest pause, before jitter.
    package var longestPause: Duration
    /// After so many crashes of its worker a job has failed, whatever its `maxAttempts`.
    package var crashLimit: Int
    /// After so many dead hosts in a row, without one commit in between, a job has failed: it may be what kills them.
    package var rescueLimit: Int

    package init(
        firstPause: Duration = .seconds(1), longestPause: Duration = .seconds(300), crashLimit: Int = 3,
        rescueLimit: Int = 20
    ) {
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.crashLimit = crashLimit
        self.rescueLimit = rescueLimit
    }

    /// The pause before the next attempt: doubles with each failure, and is lengthened by up to a half so that jobs
    /// that failed together don't come back together.
    ///
    /// - Parameters:
    ///   - failures: 1 after the first.
    ///   - seed: The job's; the same seed and count give the same pause.
    package func pause(afterFailure failures: Int, seed: UInt64) -> Duration {
        let doublings = min(max(failures - 1, 0), 30)
        let pause = min(firstPause * (1 << doublings), longestPause)
        let jitter = Double(mixed(seed &+ UInt64(bitPattern: Int64(failures))) >> 11) / Double(1 << 53)
        return pause + pause * (jitter / 2)
    }
}

/// SplitMix64's output function (Steele, Lea and Flood): spreads every bit of its input.
private func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}
