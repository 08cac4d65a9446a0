package import ArenaCore

/// What becomes of the times at which nobody was there to fire a schedule.
package enum CatchUp: String, Sendable, CaseIterable {
    /// They are left out.
    case skip
    /// One job stands for all of them.
    case once
    /// Each gets a job of its own, up to ``limit``: the newest.
    case all

    /// The most times that are made up for at once.
    package static let limit = 100

    /// A time that passed no longer ago than this was not missed.
    package static let patience = Duration.seconds(60)

    /// The times to fire for, oldest first.
    ///
    /// - Parameters:
    ///   - due: The first time that nobody has fired for.
    ///   - now: Not before `due`.
    package func times(of rule: ScheduleRule, from due: Timestamp, now: Timestamp) -> [Timestamp] {
        switch self {
        case .skip: rule.newest(1, from: due, through: now).filter { now - $0 <= Self.patience }
        case .once: rule.newest(1, from: due, through: now)
        case .all: rule.newest(Self.limit, from: due, through: now)
        }
    }
}
