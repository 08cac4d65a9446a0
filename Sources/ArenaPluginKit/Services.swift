package import CArenaPlugin

/// What the host lends a plugin for one call. Each service is asked for by name in the manifest; one that is not there
/// or was not granted throws.
package struct Services {
    let call: PluginCall
    /// `nil` outside `init` … `shutdown`.
    private let host: UnsafePointer<arena_host>?

    package init(call: PluginCall, host: UnsafePointer<arena_host>?) {
        self.call = call
        self.host = host
    }

    package func job() throws(PluginError) -> JobService { JobService(call: call, table: try table(ARENA_JOB_1)) }

    package func lanes() throws(PluginError) -> LanesService {
        LanesService(call: call, table: try table(ARENA_LANES_1))
    }

    package func scoring() throws(PluginError) -> ScoringService {
        ScoringService(call: call, table: try table(ARENA_SCORING_1))
    }

    package func views() throws(PluginError) -> ViewsService {
        ViewsService(call: call, table: try table(ARENA_VIEWS_1))
    }

    package func clock() throws(PluginError) -> ClockService {
        ClockService(call: call, table: try table(ARENA_CLOCK_1))
    }

    package func random() throws(PluginError) -> RandomService {
        RandomService(call: call, table: try table(ARENA_RANDOM_1))
    }

    package func keyValues() throws(PluginError) -> KeyValueService {
        KeyValueService(call: call, table: try table(ARENA_KV_1))
    }

    package func artifacts() throws(PluginError) -> ArtifactsService {
        ArtifactsService(call: call, table: try table(ARENA_ARTIFACTS_1))
    }

    /// The table of a service. Those that exist now have all members of their first release, which is all that the kit
    /// uses [ABI-4].
    func table<T>(_ id: String) throws(PluginError) -> UnsafePointer<T> {
        guard let host, let service = host.pointee.service, let table = withText(id, { service(host, $0) }) else {
            throw PluginError(
                .failedPrecondition, code: "plugin.service_missing", "The service \(id) is not there.",
                hint: "Name it under services in the manifest and grant it with `arena plugin trust`.", retry: false)
        }
        return table.assumingMemoryBound(to: T.self)
    }
}

/// Throws for any status but OK.
func check(_ status: arena_status?, _ service: String) throws(PluginError) {
    guard let status else {
        throw PluginError(.unimplemented, code: "plugin.service_incomplete", "The service \(service) lacks a function.")
    }
    if status != ARENA_OK { throw PluginError(service: service, status: status) }
}
