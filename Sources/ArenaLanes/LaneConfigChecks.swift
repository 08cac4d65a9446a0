import ArenaPluginHost
import Synchronization

/// Checks lanes' configs against the schemas of their types, each once for each version of a type.
final class LaneConfigChecks: Sendable {
    private struct Key: Hashable {
        let lane: LaneDefinition
        let kind: String
        /// Of the plugin.
        let sha256: String
    }

    private let passed = Mutex<Set<Key>>([])

    /// - Throws: `lane.bad_config` for a config that its type does not take.
    func require(_ lane: LaneDefinition, _ kind: ResolvedKind) throws {
        let key = Key(lane: lane, kind: kind.kind.id, sha256: kind.plugin.sha256)
        guard !passed.withLock({ $0.contains(key) }) else { return }
        try lane.checkConfig(against: kind)
        passed.withLock { _ = $0.insert(key) }
    }
}
