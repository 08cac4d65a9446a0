/// Lends services to the calls of scorers and lane engines in children, out of what their plugins were granted. Jobs and
/// exports have sessions of their own.
package struct CallServices: Sendable {
    /// What stands behind the services of a kind.
    private let providers: @Sendable (ResolvedKind) -> ServiceProviders

    package init(providers: @escaping @Sendable (ResolvedKind) -> ServiceProviders) { self.providers = providers }

    /// Every service is refused.
    package static let none = CallServices { _ in ServiceProviders() }

    /// What hears one call; `nil` for a plugin that asks for nothing.
    func session(
        for kind: ResolvedKind, onDelta: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    ) -> ServiceSession? {
        let granted = kind.plugin.manifest.services
        guard !granted.isEmpty else { return nil }
        return ServiceSession(providers: providers(kind), granted: granted, onDelta: onDelta)
    }
}

extension InterfaceID {
    /// Whether anything stands behind a service in calls of this interface. What has no session gets chance alone, which
    /// needs no question.
    func mayUse(_ service: InterfaceID) -> Bool {
        switch self {
        case .jobKind: true
        case .scorer, .laneEngine: ["arena.http", "arena.clock", "arena.random"].contains(service.name)
        case .exporter: ["arena.clock", "arena.random"].contains(service.name)
        default: service.name == "arena.random"
        }
    }
}

extension PluginManifest {
    /// Services that are asked for in vain: nothing that the plugin provides could use them.
    static func uselessServices(
        _ services: [ServiceRequest], _ provides: [ProvidedKind], path: String
    ) -> [String] {
        let coded = provides.filter { $0.foreign == nil && $0.document == nil && $0.isSupported }
        return services.filter { service in
            service.isKnown && !coded.contains { $0.interface.mayUse(service.id) }
        }.map { service in
            let users = InterfaceID.known.filter { $0.mayUse(service.id) }.map(\.shortName)
            return "\(path): \(service.id) is of no use here: nothing that this plugin provides can have it, only "
                + "\(users.joined(separator: ", "))."
        }
    }
}
