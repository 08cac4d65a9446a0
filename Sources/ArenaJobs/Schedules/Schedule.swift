package import ArenaCore
import ArenaJSON
package import ArenaStore

/// A schedule whose rule was read: what it enqueues, and when. A pure value.
package struct Schedule: Sendable {
    package let record: ScheduleRecord
    package let rule: ScheduleRule
    package let catchUp: CatchUp

    /// - Throws: `schedule.invalid_cron`, `schedule.unknown_zone`, `schedule.invalid`.
    package init(_ record: ScheduleRecord, zones: ZoneLibrary) throws(JobsError) {
        guard let catchUp = CatchUp(rawValue: record.catchUp) else {
            throw .invalidSchedule(
                "There is no way to catch up called \"\(record.catchUp)\".",
                hint: "There are: \(CatchUp.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        self.record = record
        self.catchUp = catchUp
        rule = try ScheduleRule(
            cron: record.cron, everySeconds: record.everySeconds, timeZone: record.timeZone, from: record.createdAt,
            zones: zones)
    }

    /// What a tick does now: a job for each time to fire for, and the time after them.
    ///
    /// A schedule whose times were worked out by a clock that was wrong begins anew from now. Otherwise the time has
    /// come.
    ///
    /// - Parameter kind: What its kind says now; `nil` when it cannot be looked up, which the attempt will tell.
    package func firing(at now: Timestamp, kind: JobKindInfo?) -> ScheduleFiring {
        var times: [Timestamp] = []
        if let due = record.nextRunAt, due <= now, !Self.isFromTheFuture(record, at: now) {
            times = catchUp.times(of: rule, from: due, now: now)
        }
        return ScheduleFiring(
            schedule: record, jobs: times.map { job(for: $0, kind: kind) }, next: rule.next(after: now))
    }

    /// How far a clock may be set back before what it had planned is given up. Less, and no time is fired for twice.
    static let longestSetback = Duration.seconds(86_400)

    private static func isFromTheFuture(_ record: ScheduleRecord, at now: Timestamp) -> Bool {
        record.plannedAt > now + longestSetback
    }

    /// Jobs of one schedule join each other while one waits or runs, so that a slow one does not pile up; where each
    /// missed time counts, each has a job of its own.
    private func job(for time: Timestamp, kind: JobKindInfo?) -> NewJob {
        let key = "schedule:\(record.id)"
        return NewJob(
            kind: record.kind, payload: record.payload, dedupKey: catchUp == .all ? "\(key):\(time)" : key,
            needs: kind?.needs(of: record.payload) ?? JobNeeds(), trigger: "schedule",
            triggerDetail: ["schedule": .string(record.id), "due": .string(time.description)],
            seed: .random(in: .min ... .max), maxAttempts: kind?.maxAttempts ?? 1)
    }
}

extension ScheduleRule {
    /// The most seconds between two times of an interval: ten years.
    package static let longestInterval: Int64 = 315_360_000

    /// Reads a rule as people give it: either a cron expression or an interval.
    ///
    /// - Parameter start: What an interval is counted from.
    package init(
        cron: String?, everySeconds: Int64?, timeZone: String, from start: Timestamp, zones: ZoneLibrary = .system
    ) throws(JobsError) {
        let zone = try zones.zone(timeZone)
        switch (cron, everySeconds) {
        case (let text?, nil):
            do throws(CronFault) {
                self = .cron(try CronExpression(parsing: text), zone)
            } catch {
                throw .invalidCron(text, error)
            }
        case (nil, let seconds?):
            guard (1...Self.longestInterval).contains(seconds) else {
                throw .invalidSchedule("An interval has 1 to \(Self.longestInterval) seconds, not \(seconds).")
            }
            self = .every(seconds: seconds, from: start)
        default:
            throw .invalidSchedule(
                "A schedule has either a cron expression or an interval.",
                hint: "Such as cron \"0 3 * * *\" for every night at three, or every 3600 seconds.")
        }
    }
}

extension JobsError {
    static func invalidSchedule(_ message: String, hint: String? = nil) -> Self {
        Self(code: "schedule.invalid", category: .invalidArgument, message: message, hint: hint)
    }

    static func invalidCron(_ text: String, _ fault: CronFault) -> Self {
        Self(
            code: "schedule.invalid_cron", category: .invalidArgument,
            message: "The cron expression \"\(text)\" is wrong at column \(fault.column): \(fault.message).",
            hint:
                "Five fields: minute, hour, day of month, month, day of week. \"0 3 * * mon-fri\" is 03:00 on workdays."
        )
    }

    static func unknownSchedule(_ id: String) -> Self {
        Self(
            code: "schedule.not_found", category: .notFound, message: "There is no schedule \"\(id)\".",
            hint: "`arena schedule list` shows those that there are.")
    }
}
