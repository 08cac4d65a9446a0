import CArenaPlugin

/// The C tables of all services that this host knows, over one ``PluginServices``.
///
/// A table lives as long as the host [HOST-3]: an object of this class is never freed, for plugins keep its pointers
/// and are themselves never unloaded.
final class ServiceTables: @unchecked Sendable {
    // The tables are written once, in init, and read by plugins.
    let services: any PluginServices
    private let tables: [String: UnsafeRawPointer]

    /// The ids of all services that a plugin can be granted.
    static let known = [
        ARENA_JOB_1, ARENA_LANES_1, ARENA_SCORING_1, ARENA_VIEWS_1, ARENA_ARTIFACTS_1, ARENA_KV_1, ARENA_CLOCK_1,
        ARENA_RANDOM_1, ARENA_HTTP_1,
    ]

    /// Makes tables that are never freed.
    static func immortal(_ services: any PluginServices) -> ServiceTables {
        let tables = ServiceTables(services)
        _ = Unmanaged.passRetained(tables)
        return tables
    }

    private init(_ services: any PluginServices) {
        self.services = services
        let job = Self.place(Self.job)
        let lanes = Self.place(Self.lanes)
        let scoring = Self.place(Self.scoring)
        let views = Self.place(Self.views)
        let artifacts = Self.place(Self.artifacts)
        let kv = Self.place(Self.kv)
        let clock = Self.place(Self.clock)
        let random = Self.place(Self.random)
        let http = Self.place(Self.http)
        tables = [
            ARENA_JOB_1: UnsafeRawPointer(job), ARENA_LANES_1: UnsafeRawPointer(lanes),
            ARENA_SCORING_1: UnsafeRawPointer(scoring), ARENA_VIEWS_1: UnsafeRawPointer(views),
            ARENA_ARTIFACTS_1: UnsafeRawPointer(artifacts), ARENA_KV_1: UnsafeRawPointer(kv),
            ARENA_CLOCK_1: UnsafeRawPointer(clock), ARENA_RANDOM_1: UnsafeRawPointer(random),
            ARENA_HTTP_1: UnsafeRawPointer(http),
        ]
        // Known only now that all members are there.
        let this = Unmanaged.passUnretained(self).toOpaque()
        job.pointee.host_context = this
        lanes.pointee.host_context = this
        scoring.pointee.host_context = this
        views.pointee.host_context = this
        artifacts.pointee.host_context = this
        kv.pointee.host_context = this
        clock.pointee.host_context = this
        random.pointee.host_context = this
        http.pointee.host_context = this
    }

    /// The table of a service; `nil` for an id that this host does not know.
    func table(_ id: String) -> UnsafeRawPointer? { tables[id] }

    private static func place<T>(_ table: T) -> UnsafeMutablePointer<T> {
        let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
        pointer.initialize(to: table)
        return pointer
    }
}
