import ArenaCore
package import ArenaJSON
import ArenaJSONSchema
package import ArenaPluginABI
package import ArenaPluginHost

/// Judges answers with any scorer that is registered.
package struct ScoringService: Sendable {
    private let registry: PluginRegistry
    private let executor: ScorerExecutor

    package init(registry: PluginRegistry, executor: ScorerExecutor) {
        self.registry = registry
        self.executor = executor
    }

    /// A scorer by short or full name, with its configuration checked.
    package func scorer(_ name: String, config: JSONValue) async throws -> ResolvedKind {
        let kind = try await registry.resolve(.scorer, name)
        try check(config, of: kind)
        return kind
    }

    /// Throws what is wrong with a scorer's configuration.
    func check(_ config: JSONValue, of kind: ResolvedKind) throws {
        guard let document = kind.kind.schema else { return }
        if let issue = try JSONSchema(document).validate(config).first {
            throw Failure(
                code: "scorer.bad_config", category: .invalidArgument,
                message: "The configuration of scorer \(kind.fullName) is wrong at "
                    + "\(issue.instancePointer.isEmpty ? "the top" : issue.instancePointer): \(issue.message)",
                hint: "`arena plugin info \(kind.plugin.id)` shows what it takes.")
        }
    }

    /// Makes the scorer, and throws why it does not want its configuration. One that fails otherwise says so when it
    /// scores.
    func create(_ kind: ResolvedKind, config: JSONValue) async throws {
        do { try await executor.prepare(kind, config: config) } catch {
            guard case .failed(_, let failure, _) = error.kind, !failure.code.hasPrefix("plugin.") else { return }
            throw failure
        }
    }

    package func score(
        _ batch: ScoreBatch, with kind: ResolvedKind, config: JSONValue
    ) async throws(PluginFault) -> [ScoreResult] {
        try await executor.score(batch, with: kind, config: config)
    }
}

extension ResolvedKind {
    /// `{"id", "plugin", "version", "sha256"}`, as records name it.
    var record: JSONValue {
        [
            "id": .string(kind.id), "plugin": .string(plugin.id), "version": .string(plugin.manifest.version),
            "sha256": .string(plugin.sha256),
        ]
    }
}

extension ScoreResult {
    /// `{"value", "pass", "reason", "explain", "skipped", "status"}`; `value` and `pass` are null without a value.
    package var json: JSONValue {
        let hasValue = status == .ok && !isSkipped
        return [
            "value": hasValue ? JSONValue(value) : .null, "pass": hasValue ? .bool(isPass) : .null,
            "reason": .string(reason.name), "explain": .string(explain), "skipped": .bool(isSkipped),
            "status": JSONValue(Int(status.rawValue)),
        ]
    }
}
