import ArenaCore
import ArenaJSON
import ArenaJSONSchema
import ArenaJobs
import ArenaPluginHost
import ArenaStore

/// The kinds of job that the registered plugins provide.
struct RegistryJobCatalog: JobKindCatalog {
    let registry: PluginRegistry
    let runner: JobRunner
    /// What `arena.yaml` says of kinds and lanes; it beats the manifests.
    let rules: JobRules

    func jobKind(_ name: String) async throws -> JobKindInfo {
        let kind = try await registry.resolve(.jobKind, name)
        let capabilities = kind.kind.capabilities
        let rule = rules.rule(ofKind: kind.fullName)
        let standard = RetryPolicy()
        let longest = rule?.longestPause ?? capabilities.retry.longestPause ?? standard.longestPause
        let first = min(rule?.firstPause ?? capabilities.retry.firstPause ?? standard.firstPause, longest)
        return JobKindInfo(
            name: kind.fullName,
            plugin: PluginStamp(
                id: kind.plugin.id, version: kind.plugin.manifest.version, sha256: kind.plugin.sha256),
            schema: kind.kind.schema, defaultTimeout: capabilities.timeout.standard,
            maxTimeout: capabilities.timeout.longest,
            maxAttempts: rule?.mostAttempts ?? capabilities.retry.mostAttempts ?? JobKindInfo.usualAttempts,
            retryPolicy: RetryPolicy(firstPause: first, longestPause: longest), needsGPU: capabilities.needsGPU,
            needsLaneAlone: capabilities.needsExclusiveLane, resumesAcrossVersions: capabilities.isResumable,
            recordTypes: Set(kind.plugin.manifest.recordTypes.map(\.name)))
    }

    func limits() async -> ConcurrencyLimits {
        var limits = ConcurrencyLimits(lanes: rules.lanes, gpu: rules.gpu)
        for plugin in await registry.snapshot.plugins {
            for kind in plugin.manifest?.provides ?? [] where kind.interface == .jobKind {
                let name = "\(plugin.name)/\(kind.id)"
                limits.kinds[name] = rules.rule(ofKind: name)?.concurrency ?? kind.capabilities.concurrency
            }
        }
        return limits
    }

    func problems(in payload: JSONValue, of kind: JobKindInfo) async throws -> [PayloadProblem] {
        guard payload.object != nil else {
            return [PayloadProblem(pointer: "", message: "a payload must be a JSON object")]
        }
        if let document = kind.schema {
            let issues = try JSONSchema(document).validate(payload)
            // The plugin is only asked about what its own schema lets through.
            guard issues.isEmpty else {
                return issues.map { PayloadProblem(pointer: $0.instancePointer, message: $0.message) }
            }
        }
        let resolved = try await registry.resolve(.jobKind, kind.name)
        return try await runner.validate(payload, with: resolved).map { issue in
            PayloadProblem(
                pointer: issue["pointer"]?.string ?? "", message: issue["message"]?.string ?? "is not accepted",
                hint: issue["hint"]?.string)
        }
    }
}
