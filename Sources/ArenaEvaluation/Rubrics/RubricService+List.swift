import ArenaCore
package import ArenaJSON
import ArenaPluginHost

extension RubricService {
    /// Every rubric of the ready plugins: `{id, title, description, plugin, version, sha256, document?, state, checks,
    /// reason?, hint?}`. One that cannot be used is `broken` and says why.
    package func list() async -> [JSONValue] {
        var list: [JSONValue] = []
        let snapshot = await registry.snapshot
        for plugin in snapshot.ready {
            for kind in plugin.manifest.provides where kind.interface == .rubric && kind.reads.isEmpty {
                let key = RegistrySnapshot.KindName(.rubric, "\(plugin.id)/\(kind.id)")
                list.append(await entry(ResolvedKind(plugin: plugin, kind: kind), hiddenBy: snapshot.shadowed[key]))
            }
        }
        return list
    }

    private func entry(_ kind: ResolvedKind, hiddenBy holder: String?) async -> JSONValue {
        var members: JSONObject = [
            "id": .string(holder == nil ? kind.kind.id : kind.fullName), "title": .string(kind.kind.title),
            "description": kind.kind.description.map(JSONValue.string) ?? .null, "plugin": .string(kind.plugin.id),
            "version": .string(kind.plugin.manifest.version), "sha256": .string(kind.plugin.sha256),
            "document": kind.kind.document.map(JSONValue.string) ?? .null,
        ]
        do {
            if let reason = kind.kind.unsupportedReason {
                throw RubricError(kind.kind.id, .refused(reason), place: path(of: kind, await registry.snapshot))
            }
            let rubric = try await self.rubric(kind.fullName)
            members["title"] = .string(rubric.title)
            members["description"] = .string(rubric.description)
            members["state"] = "ready"
            members["checks"] = .array(rubric.checks.map(\.json))
        } catch {
            let failure = Failure(error)
            members["state"] = "broken"
            members["checks"] = []
            members["reason"] = .string(failure.message)
            members["hint"] = failure.hint.map(JSONValue.string) ?? .null
        }
        return .object(members)
    }

    /// Whether any check of a rubric is a judge's.
    package func asksJudge(_ name: String) async throws -> Bool { try await rubric(name).asksJudge }

    /// One rubric with its checks, as ``list()`` has it.
    package func show(_ name: String) async throws -> JSONValue {
        let rubric = try await self.rubric(name)
        return [
            "id": .string(rubric.id), "title": .string(rubric.title), "description": .string(rubric.description),
            "plugin": .string(rubric.kind.plugin.id), "version": .string(rubric.kind.plugin.manifest.version),
            "sha256": .string(rubric.kind.plugin.sha256),
            "document": rubric.kind.kind.document.map(JSONValue.string) ?? .null, "state": "ready",
            "checks": .array(rubric.checks.map(\.json)),
        ]
    }
}
