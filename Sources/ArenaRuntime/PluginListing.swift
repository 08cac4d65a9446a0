import ArenaCore
import ArenaEvaluation
package import ArenaJSON
package import ArenaPluginHost

/// What is registered, as JSON: the same for the command line, the server and agents.
extension ArenaRuntime {
    /// One element per registered kind, and one per plugin that is not ready.
    ///
    /// `{interface, id, title, plugin, version, sha256, isolation, sandbox, granted, state, reason?}`
    package func pluginList() async -> [JSONValue] {
        var list: [JSONValue] = []
        let faults = await rubrics.documentFaults()
        for status in await registry.snapshot.plugins {
            if case .ready(let plugin) = status.state {
                for kind in plugin.manifest.provides { list.append(await entry(kind, plugin, status, faults)) }
            } else {
                list.append(entry(status))
            }
        }
        return list
    }

    /// Every registered kind with its schema.
    ///
    /// - Parameter interface: only those of this one, `arena.job_kind/1` or `job_kind` for short.
    /// - Throws: `kinds.unknown_interface`, unless Arena or a plugin knows it.
    package func kinds(interface: String?) async throws -> [JSONValue] {
        let plugins = await registry.snapshot.plugins
        let used = plugins.compactMap(\.manifest).flatMap { $0.provides.map(\.interface) }
        if let interface, !(InterfaceID.known + used).contains(where: { $0.isNamed(interface) }) {
            throw Failure(
                code: "kinds.unknown_interface", category: .invalidArgument,
                message: "There is no interface \"\(interface)\".",
                hint: "There are: \(InterfaceID.known.map(\.shortName).joined(separator: ", ")).")
        }
        return await kinds(where: { kind in interface.map(kind.interface.isNamed) ?? true })
    }

    /// The registered kinds that are wanted, each with its schema.
    package func kinds(where isWanted: (ProvidedKind) -> Bool = { _ in true }) async -> [JSONValue] {
        var list: [JSONValue] = []
        let faults = await rubrics.documentFaults()
        for status in await registry.snapshot.plugins {
            guard case .ready(let plugin) = status.state else { continue }
            for kind in plugin.manifest.provides where isWanted(kind) {
                var members = await entry(kind, plugin, status, faults).object ?? [:]
                members["description"] = kind.description.map(JSONValue.string) ?? .null
                members["aliases"] = .array(kind.aliases.map(JSONValue.string))
                members["schema"] = kind.schema ?? .null
                list.append(.object(members))
            }
        }
        return list
    }

    /// All that is known of every plugin that was seen.
    package func pluginInfos() async -> [JSONValue] {
        var list: [JSONValue] = []
        let faults = await rubrics.documentFaults()
        for status in await registry.snapshot.plugins { list.append(await info(status, faults)) }
        return list
    }

    private func info(_ status: PluginStatus, _ faults: [String: RubricDocumentFault]) async -> JSONValue {
        var members = entry(status).object ?? [:]
        members["path"] = .string(status.location.path)
        members["first_party"] = .bool(status.location.isFirstParty)
        if let manifest = status.manifest {
            members["license"] = manifest.license.map(JSONValue.string) ?? .null
            members["description"] = manifest.description.map(JSONValue.string) ?? .null
            members["asks"] = .array(PluginAsks(manifest).tokens.map(JSONValue.string))
            members["warnings"] = .array(manifest.warnings.map(JSONValue.string))
            members["abi"] = manifest.abi.map { .string("\($0)") } ?? .null
            members["services"] = .array(
                manifest.services.map { service in
                    var asked = service.scope
                    asked["id"] = .string(service.id.description)
                    return .object(asked)
                })
            var provides: [JSONValue] = []
            for kind in manifest.provides {
                provides.append([
                    "interface": .string(kind.interface.description), "id": .string(kind.id),
                    "title": .string(kind.title), "description": kind.description.map(JSONValue.string) ?? .null,
                    "aliases": .array(kind.aliases.map(JSONValue.string)), "schema": kind.schema ?? .null,
                    "unsupported": kind.unsupportedReason.map(JSONValue.string) ?? .null,
                    "isolation": await isolation(of: kind, status).map { .string($0.rawValue) } ?? .null,
                ])
            }
            members["provides"] = .array(provides)
        }
        if case .needsGrant(let request) = status.state {
            members["asks_new"] = .array(request.added.map(JSONValue.string))
            members["asks_no_more"] = .array(request.removed.map(JSONValue.string))
        }
        if case .ready(let plugin) = status.state {
            let places = members["provides"]?.array?.compactMap { $0["isolation"]?.string } ?? []
            let hasChildren = places.contains { $0 != Isolation.host.rawValue }
            members["sandbox"] = .string(hasChildren ? plugin.sandbox.description : Self.noSandbox)
            let documents = plugin.manifest.provides.filter { $0.document != nil }
            let faulty = documents.compactMap { faults["\(plugin.id)/\($0.id)"] }
            members.tell(of: faulty)
            // Where something else of it is good, the plugin can still be used.
            if !faulty.isEmpty, faulty.count == plugin.manifest.provides.count { members["state"] = "broken" }
        }
        return .object(members)
    }

    /// Where a kind's calls run; `nil` while its plugin is not ready.
    private func isolation(of kind: ProvidedKind, _ status: PluginStatus) async -> Isolation? {
        guard case .ready(let plugin) = status.state else { return nil }
        return await scorers.isolation(of: ResolvedKind(plugin: plugin, kind: kind))
    }

    /// What runs in Arena's own process has no fences around it.
    private static let noSandbox = "none"

    private func entry(
        _ kind: ProvidedKind, _ plugin: ReadyPlugin, _ status: PluginStatus, _ faults: [String: RubricDocumentFault]
    ) async -> JSONValue {
        let isolation = await scorers.isolation(of: ResolvedKind(plugin: plugin, kind: kind))
        var members: JSONObject = [
            "interface": .string(kind.interface.description), "id": .string(kind.id), "title": .string(kind.title),
            "plugin": .string(plugin.id), "version": .string(plugin.manifest.version),
            "sha256": .string(plugin.sha256), "isolation": .string(isolation.rawValue),
            "sandbox": .string(isolation == .host ? Self.noSandbox : plugin.sandbox.description),
            "granted": .bool(status.isGranted),
            "state": .string(kind.isSupported ? status.state.name : "unsupported"),
        ]
        let key = RegistrySnapshot.KindName(kind.interface, "\(plugin.id)/\(kind.id)")
        if kind.document != nil, let fault = faults["\(plugin.id)/\(kind.id)"] {
            members["state"] = "broken"
            members.tell(of: [fault])
        } else if let reason = kind.unsupportedReason {
            members["reason"] = .string(reason)
        } else if let holder = await registry.snapshot.shadowed[key] {
            members["reason"] = .string(
                "plugin \(holder) has the same short name; use the full one, \(plugin.id)/ID, or choose under plugins.prefer"
            )
        } else if await scorers.parkedReason(of: plugin.sha256) != nil {
            members["state"] = "parked"
            members["reason"] = .string("it crashed too often; arena plugin retry \(plugin.id) lets it run again")
        }
        return .object(members)
    }

    private func entry(_ status: PluginStatus) -> JSONValue {
        var members: JSONObject = [
            "interface": .null, "id": .string(status.name), "title": .string(status.manifest?.title ?? status.name),
            "plugin": .string(status.name), "version": status.manifest.map { .string($0.version) } ?? .null,
            "sha256": status.sha256.map(JSONValue.string) ?? .null, "isolation": .null, "sandbox": .null,
            "granted": .bool(status.isGranted), "state": .string(status.state.name),
        ]
        if let failure = status.failure {
            members["reason"] = .string(failure.message)
            members["code"] = .string(failure.code)
            members["hint"] = failure.hint.map(JSONValue.string) ?? .null
        }
        return .object(members)
    }
}

extension ArenaRuntime {
    /// One plugin, or why there is none of that name.
    package func requirePlugin(_ name: String) async throws -> JSONValue {
        await info(try await registry.find(name), await rubrics.documentFaults())
    }
}

extension ArenaRuntime {
    /// For `--locked`: fails when any plugin waits for a grant.
    package func requireGrants() async throws {
        let waiting = await registry.snapshot.plugins.filter { status in
            if case .needsGrant = status.state { true } else { false }
        }
        guard let first = waiting.first else { return }
        throw Failure(
            code: "plugin.not_granted", category: .permissionDenied,
            message: "Not granted: \(waiting.map(\.name).joined(separator: ", ")).",
            hint: "Look at `arena plugin info \(first.name)`, then run `arena plugin trust \(first.name)`.")
    }
}

extension JSONObject {
    /// Says what is wrong with rubrics: `reason`, `code` and `hint` of the first, `faults` of all.
    fileprivate mutating func tell(of rubrics: [RubricDocumentFault]) {
        guard let first = rubrics.first?.failure else { return }
        self["reason"] = .string(first.message)
        self["code"] = .string(first.code)
        self["hint"] = first.hint.map(JSONValue.string) ?? .null
        self["faults"] = .array(rubrics.flatMap { $0.json.array ?? [] })
    }
}
