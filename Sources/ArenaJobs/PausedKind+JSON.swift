import ArenaCore
package import ArenaJSON
package import ArenaStore

extension PausedKind {
    /// `{kind, reason, paused_at}`
    package var json: JSONValue {
        [
            "kind": .string(kind), "reason": reason.map { .string($0) } ?? .null,
            "paused_at": .string(pausedAt.description),
        ]
    }
}
