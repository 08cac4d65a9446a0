package import ArenaJSON
package import ArenaPluginHost

/// A rubric that is loaded, understood, and whose scorers are all there.
package struct PreparedRubric: Sendable {
    package let kind: ResolvedKind
    let source: RubricSource
    package let title: String
    package let description: String
    package let checks: [RubricCheck]

    package var id: String { kind.kind.id }
    package var asksJudge: Bool { checks.contains(where: \.isJudge) }

    /// Reads what the rubric says of itself.
    init(_ kind: ResolvedKind, _ source: RubricSource, _ document: JSONValue) throws(RubricError) {
        self.kind = kind
        self.source = source
        let id = kind.kind.id
        guard document.object != nil, let list = document["checks"]?.array, !list.isEmpty, list.count <= 64 else {
            throw RubricError(id, .lies("`describe` gave no list of 1 to 64 checks"))
        }
        var checks: [RubricCheck] = []
        for value in list { checks.append(try RubricCheck(value, of: id)) }
        guard Set(checks.map(\.name)).count == checks.count else {
            throw RubricError(id, .lies("two of its checks have one name"))
        }
        guard checks.contains(where: { $0.weight > 0 }) else {
            throw RubricError(id, .lies("none of its weights is above 0"))
        }
        self.checks = checks
        title = document["title"]?.string ?? kind.kind.title
        description = document["description"]?.string ?? kind.kind.description ?? ""
    }

    /// `{"id", "plugin", "version", "sha256"}`, as records name it.
    package var record: JSONValue {
        [
            "id": .string("rubric:\(id)"), "plugin": .string(kind.plugin.id),
            "version": .string(kind.plugin.manifest.version), "sha256": .string(kind.plugin.sha256),
        ]
    }
}
