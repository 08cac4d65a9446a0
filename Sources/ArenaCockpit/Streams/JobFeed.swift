import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore

/// What happens to the queue, from the store's outbox; its numbers are the ids of the events.
///
/// `snapshot` {jobs, next_cursor, paused_kinds, schedules} · `resumed` {} · `reset` {}, then `snapshot` ·
/// `job` {job} · `removed` {job_id} · `log` {job_id} · `paused_kinds` {paused_kinds} · `schedule` {schedule} ·
/// `schedule_removed` {id}
struct JobFeed: EventFeed {
    private let runtime: ArenaRuntime
    /// The last change that the reader knows.
    private var position: Int64?
    private var hasBegun = false
    private static let snapshotSize = 100
    private static let preview = 3
    private var store: ArenaStore { runtime.store }

    /// - Parameter lastEventID: where the reader was before; any other text than a number begins anew.
    init(runtime: ArenaRuntime, lastEventID: String?) {
        self.runtime = runtime
        position = lastEventID.map { Int64($0) ?? -1 }
    }

    func follow(_ wake: @Sendable () -> Void) async {
        for await _ in store.wakeups() { wake() }
    }

    mutating func next() async throws -> [ServerEvent] {
        defer { hasBegun = true }
        guard let position else { return [try await snapshot()] }
        let batch = try await store.changes(after: position)
        self.position = batch.last
        if batch.isReset { return [ServerEvent("reset", id: String(batch.last)), try await snapshot()] }
        var events = hasBegun ? [] : [ServerEvent("resumed", id: String(position))]
        for change in Self.newest(batch.changes) {
            if let event = try await event(of: change) { events.append(event) }
        }
        return events
    }

    private func event(of change: StoreChange) async throws -> ServerEvent? {
        let id = String(change.seq)
        let key = JSONValue.string(change.key)
        switch ChangeTopic(rawValue: change.topic) {
        case .job, .jobProgress:
            guard let job = try await store.job(change.key) else {
                return ServerEvent("removed", id: id, data: ["job_id": key])
            }
            return ServerEvent("job", id: id, data: ["job": job.json])
        case .jobLog:
            return ServerEvent("log", id: id, data: ["job_id": key])
        case .jobKind:
            return ServerEvent("paused_kinds", id: id, data: ["paused_kinds": try await pausedKinds()])
        case .schedule:
            guard let schedule = try await store.schedule(change.key) else {
                return ServerEvent("schedule_removed", id: id, data: ["id": key])
            }
            return ServerEvent("schedule", id: id, data: ["schedule": document(schedule)])
        case .dispatcher, .evalRun, nil:
            return nil
        }
    }

    /// The number is read first: what changes between the reads is told again, never lost.
    private mutating func snapshot() async throws -> ServerEvent {
        let last = try await store.lastChange()
        position = last
        let jobs = try await store.jobs(JobFilter(limit: Self.snapshotSize))
        let next = jobs.count < Self.snapshotSize ? nil : jobs.last.map { JSONValue.string(String($0.seq)) }
        let schedules = try await store.schedules(after: "", limit: Self.snapshotSize)
        return ServerEvent(
            "snapshot", id: String(last),
            data: [
                "jobs": .array(jobs.map(\.json)), "next_cursor": next ?? .null,
                "paused_kinds": try await pausedKinds(), "schedules": .array(schedules.map(document)),
            ])
    }

    private func pausedKinds() async throws -> JSONValue { .array(try await store.pausedKinds().map(\.json)) }

    private func document(_ schedule: ScheduleRecord) -> JSONValue {
        runtime.schedules.document(of: schedule, preview: Self.preview)
    }

    /// Of several changes of one thing the newest stands for all, in the order of the newest.
    private static func newest(_ changes: [StoreChange]) -> [StoreChange] {
        var seen: Set<String> = []
        var kept: [StoreChange] = []
        for change in changes.reversed() {
            let what: String =
                switch ChangeTopic(rawValue: change.topic) {
                case .jobProgress: "\(ChangeTopic.job.rawValue) \(change.key)"
                case .jobKind: change.topic
                default: "\(change.topic) \(change.key)"
                }
            if seen.insert(what).inserted { kept.append(change) }
        }
        return kept.reversed()
    }
}
