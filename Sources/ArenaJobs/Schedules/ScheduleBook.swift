package import ArenaCore
package import ArenaJSON
package import ArenaStore

/// What someone wants done again and again.
package struct ScheduleRequest: Sendable {
    /// What people call it; `nil`: 32 random digits.
    package var id: String?
    /// The full name of the kind, or an id that one plugin alone provides.
    package var kind: String
    package var payload: JSONValue
    /// Either this or ``everySeconds``.
    package var cron: String?
    package var everySeconds: Int64?
    package var timeZone: String
    package var catchUp: String

    package init(
        id: String? = nil, kind: String, payload: JSONValue = [:], cron: String? = nil, everySeconds: Int64? = nil,
        timeZone: String = "UTC", catchUp: String = CatchUp.once.rawValue
    ) {
        self.id = id
        self.kind = kind
        self.payload = payload
        self.cron = cron
        self.everySeconds = everySeconds
        self.timeZone = timeZone
        self.catchUp = catchUp
    }
}

/// What the faces do with schedules.
package struct ScheduleBook: Sendable {
    private let store: ArenaStore
    private let queue: JobQueue
    private let clock: any WallClock
    private let zones: ZoneLibrary

    package init(
        store: ArenaStore, queue: JobQueue, clock: any WallClock = SystemClock(), zones: ZoneLibrary = .system
    ) {
        self.store = store
        self.queue = queue
        self.clock = clock
        self.zones = zones
    }

    /// Checks the rule, the kind and the payload, and adds the schedule.
    ///
    /// - Throws: what ``Schedule/init(_:zones:)`` throws; the catalog's error for an unknown kind; `job.invalid_payload`;
    ///   `schedule.exists`.
    package func add(_ request: ScheduleRequest) async throws -> ScheduleRecord {
        let id = request.id ?? Identifier.random()
        guard Identifier.isName(id) else {
            throw JobsError.invalidSchedule(
                "\"\(id)\" cannot name a schedule.",
                hint: "Use 1 to 80 of a-z, 0-9, _, - and ., beginning with a letter or digit.")
        }
        let now = clock.now()
        var record = ScheduleRecord(
            id: id, kind: request.kind, payload: request.payload, cron: request.cron,
            everySeconds: request.everySeconds, timeZone: request.timeZone, catchUp: request.catchUp, createdAt: now,
            nextRunAt: nil)
        record.nextRunAt = try Schedule(record, zones: zones).rule.next(after: now)
        record.kind = try await queue.checkedKind(request.kind, payload: request.payload).name
        guard try await store.addSchedule(record) else {
            throw JobsError(
                code: "schedule.exists", category: .conflict, message: "There is a schedule \"\(id)\" already.",
                hint: "Give this one another id, or remove that one first: arena schedule remove \(id)")
        }
        return record
    }

    /// - Throws: `schedule.not_found`.
    package func schedule(_ id: String) async throws -> ScheduleRecord {
        guard let record = try await store.schedule(id) else { throw JobsError.unknownSchedule(id) }
        return record
    }

    /// - Throws: `schedule.not_found`.
    package func remove(_ id: String) async throws {
        guard try await store.removeSchedule(id) else { throw JobsError.unknownSchedule(id) }
    }

    /// From now on; what passed while it was disabled is not made up for.
    ///
    /// - Throws: `schedule.not_found`, and what ``Schedule/init(_:zones:)`` throws.
    package func setEnabled(_ isEnabled: Bool, _ id: String) async throws -> ScheduleRecord {
        let record = try await schedule(id)
        let next = isEnabled ? try Schedule(record, zones: zones).rule.next(after: clock.now()) : nil
        guard let changed = try await store.setSchedule(id, enabled: isEnabled, next: next) else {
            throw JobsError.unknownSchedule(id)
        }
        return changed
    }

    /// The next times of a schedule, as if it were enabled, at most `count`.
    package func nextTimes(_ count: Int, of record: ScheduleRecord) throws(JobsError) -> [Timestamp] {
        try Schedule(record, zones: zones).rule.next(count, after: clock.now())
    }

    /// The schedule as the command line, the server and agents show it, with its next times.
    ///
    /// - Parameter preview: How many times.
    package func document(of record: ScheduleRecord, preview: Int) -> JSONValue {
        var object: JSONObject = [
            "id": .string(record.id), "kind": .string(record.kind), "payload": record.payload,
            "tz": .string(record.timeZone), "catch_up": .string(record.catchUp), "enabled": .bool(record.isEnabled),
            "created_at": .string(record.createdAt.description), "last_fired_at": Self.json(record.lastFiredAt),
            "next_run_at": Self.json(record.nextRunAt), "next_runs": [],
        ]
        object["cron"] = record.cron.map(JSONValue.string)
        object["every_s"] = record.everySeconds.map { JSONValue(Int($0)) }
        do throws(JobsError) {
            let times = record.isEnabled ? try nextTimes(preview, of: record) : []
            object["next_runs"] = .array(times.map(Self.json))
        } catch {
            // What it needs was there when it was added: the zone may have left the machine since.
            object["error"] = Failure(error).json
        }
        return .object(object)
    }

    private static func json(_ time: Timestamp?) -> JSONValue { time.map { .string($0.description) } ?? .null }
}
