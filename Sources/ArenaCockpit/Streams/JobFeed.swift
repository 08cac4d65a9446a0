import ArenaCore
import ArenaJSON
import ArenaJobs
import ArenaStore

/// What happens to jobs, from the store's outbox; its numbers are the ids of the events.
///
/// `snapshot` {jobs, next_cursor} · `resumed` {} · `reset` {}, then `snapshot` · `job` {job} · `log` {job_id}
struct JobFeed: EventFeed {
    private let store: ArenaStore
    /// The last change that the reader knows.
    private var position: Int64?
    private var hasBegun = false
    private static let snapshotSize = 100

    /// - Parameter lastEventID: where the reader was before; any other text than a number begins anew.
    init(store: ArenaStore, lastEventID: String?) {
        self.store = store
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
            let id = String(change.seq)
            switch ChangeTopic(rawValue: change.topic) {
            case .job, .jobProgress:
                guard let job = try await store.job(change.key) else { continue }
                events.append(ServerEvent("job", id: id, data: ["job": job.json]))
            case .jobLog:
                events.append(ServerEvent("log", id: id, data: ["job_id": .string(change.key)]))
            default: continue
            }
        }
        return events
    }

    /// The number is read first: what changes between the two reads is told again, never lost.
    private mutating func snapshot() async throws -> ServerEvent {
        let last = try await store.lastChange()
        position = last
        let jobs = try await store.jobs(JobFilter(limit: Self.snapshotSize))
        let next = jobs.count < Self.snapshotSize ? nil : jobs.last.map { JSONValue.string(String($0.seq)) }
        return ServerEvent(
            "snapshot", id: String(last), data: ["jobs": .array(jobs.map(\.json)), "next_cursor": next ?? .null])
    }

    /// Of several changes of one job the newest stands for all, in the order of the newest.
    private static func newest(_ changes: [StoreChange]) -> [StoreChange] {
        var seen: Set<String> = []
        var kept: [StoreChange] = []
        for change in changes.reversed() {
            let topic = change.topic == ChangeTopic.jobProgress.rawValue ? ChangeTopic.job.rawValue : change.topic
            if seen.insert("\(topic) \(change.key)").inserted { kept.append(change) }
        }
        return kept.reversed()
    }
}
