import CArenaPlugin

/// Which services a plugin may use.
package struct ServiceGrants: Hashable, Sendable {
    /// The ids that were granted.
    package var granted: Set<String>
    /// Services that the manifest asks for and that were not granted: the reason by id.
    package var withheld: [String: String]

    package init(granted: Set<String> = [], withheld: [String: String] = [:]) {
        self.granted = granted
        self.withheld = withheld
    }

    /// Why a plugin gets no table for an id; `nil` when it gets one [HOST-2].
    func refusal(_ id: String) -> String? {
        if !ServiceTables.known.contains(id) { return "this host does not know it" }
        if granted.contains(id) { return nil }
        if let reason = withheld[id] { return reason.isEmpty ? "it was not granted" : "it was not granted: \(reason)" }
        return "the plugin's manifest does not ask for it"
    }
}

/// The `arena_host` of one plugin.
///
/// The table is never freed: plugins keep its pointer and are never unloaded [HOST-1].
package struct HostTable: @unchecked Sendable {
    // Written once, in init; what it points at lives for ever and is itself immutable.
    let pointer: UnsafePointer<arena_host>

    /// - Parameters:
    ///   - version: Of the host.
    ///   - services: What stands behind the granted services.
    ///   - note: Is told, on the plugin's thread, why a service was not given.
    package init(
        version: String, grants: ServiceGrants, services: any PluginServices, note: @escaping @Sendable (String) -> Void
    ) {
        let lookup = ServiceLookup(grants: grants, tables: .immortal(services), note: note)
        let host = UnsafeMutablePointer<arena_host>.allocate(capacity: 1)
        host.initialize(to: arena_host())
        host.pointee.struct_size = UInt32(MemoryLayout<arena_host>.size)
        host.pointee.abi_major = PluginLibrary.abiMajor
        host.pointee.abi_minor = PluginLibrary.abiMinor
        host.pointee.host_context = Unmanaged.passRetained(lookup).toOpaque()
        host.pointee.name = arena_str(copying: "arena")
        host.pointee.version = arena_str(copying: version)
        host.pointee.service = { host, id in
            guard let context = host?.pointee.host_context else { return nil }
            return Unmanaged<ServiceLookup>.fromOpaque(context).takeUnretainedValue().table(id)
        }
        pointer = UnsafePointer(host)
    }
}

private final class ServiceLookup: Sendable {
    private let grants: ServiceGrants
    private let tables: ServiceTables
    private let note: @Sendable (String) -> Void

    init(grants: ServiceGrants, tables: ServiceTables, note: @escaping @Sendable (String) -> Void) {
        self.grants = grants
        self.tables = tables
        self.note = note
    }

    func table(_ foreign: arena_str) -> UnsafeRawPointer? {
        guard let id = ForeignText.string(foreign, limit: 128) else {
            note("The plugin asked for a service by an id that is not valid UTF-8.")
            return nil
        }
        if let reason = grants.refusal(id) {
            note("The plugin asked for the service \(id): \(reason).")
            return nil
        }
        return tables.table(id)
    }
}

extension arena_str {
    /// A copy that is never freed.
    fileprivate init(copying text: String) {
        let bytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8.map { CChar(bitPattern: $0) })
        self.init(ptr: UnsafePointer(bytes.baseAddress), len: UInt64(bytes.count))
    }
}
