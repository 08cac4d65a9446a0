package import ArenaCore

/// The clock of one place: its offset from UTC at any moment. A pure value.
package struct ZoneRules: Hashable, Sendable {
    /// The name in the time zone database: `Europe/Berlin`.
    package let name: String
    /// Seconds since 1970 at which the offset changes, ascending, each with the offset from then on.
    private let changes: [Change]
    /// The offset before the first change, in seconds east of Greenwich.
    private let firstOffset: Int64
    /// What comes after the last change; `nil`: no change any more.
    private let tail: ZoneTail?

    struct Change: Hashable {
        let at: Int64
        let offset: Int64
    }

    package static let utc = ZoneRules(name: "UTC", firstOffset: 0, changes: [], tail: nil)

    init(name: String, firstOffset: Int64, changes: [Change], tail: ZoneTail?) {
        self.name = name
        self.firstOffset = firstOffset
        self.changes = changes
        self.tail = tail
    }

    /// Seconds to add to UTC at a moment, which is given in seconds since 1970.
    package func offset(at time: Int64) -> Int64 {
        if let last = changes.last, time < last.at {
            let later = firstIndex(after: time)
            return later == 0 ? firstOffset : changes[later - 1].offset
        }
        return tail?.offset(at: time) ?? changes.last?.offset ?? firstOffset
    }

    /// The first moment after another at which the offset may change.
    package func nextChange(after time: Int64) -> Int64? {
        let later = firstIndex(after: time)
        return later < changes.count ? changes[later].at : tail?.nextChange(after: time)
    }

    /// The first moment at which the clock shows a local time. One that the clock leaps over is the moment of the leap.
    package func moment(ofLocal local: Int64) -> Int64 {
        var start = local - 2 * 86_400
        while true {
            let offset = offset(at: start)
            let end = nextChange(after: start) ?? .max
            if local - offset < end { return local - offset < start ? start : local - offset }
            guard end < local + 2 * 86_400 else { return local - offset }
            start = end
        }
    }

    private func firstIndex(after time: Int64) -> Int {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at > time { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension ZoneRules {
    /// What the clock of the place shows at a moment, as if it were UTC: for people.
    package func localTime(_ time: Timestamp) -> Timestamp {
        time + .seconds(offset(at: time.unixMilliseconds.dividedRoundingDown(by: 1000)))
    }
}
