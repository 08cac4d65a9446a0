package import ArenaJSON
import ArenaJobs
import ArenaRuntime
import ArenaStore

/// Schedules of a runtime.
extension RuntimeBackend {
    package func schedules(after id: String, limit: Int, preview: Int) async throws -> [JSONValue] {
        try await runtime.store.schedules(after: id, limit: limit)
            .map { runtime.schedules.document(of: $0, preview: preview) }
    }

    package func addSchedule(_ wish: ScheduleWish) async throws -> JSONValue {
        let record = try await runtime.schedules.add(
            ScheduleRequest(
                id: wish.id, kind: wish.kind, payload: wish.payload, cron: wish.cron,
                everySeconds: wish.everySeconds.map(Int64.init), timeZone: wish.timeZone ?? "UTC",
                catchUp: wish.catchUp ?? CatchUp.once.rawValue))
        return runtime.schedules.document(of: record, preview: 3)
    }

    package func removeSchedule(_ id: String) async throws { try await runtime.schedules.remove(id) }
}
