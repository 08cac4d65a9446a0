import ArenaCore
import ArenaJSON

/// What `arena.yaml` says of jobs besides how many run at once.
package struct JobRules: Sendable, Hashable {
    /// By full name, or by short name for the kinds of every plugin that have it.
    package var kinds: [String: KindRule] = [:]
    /// How many jobs may use a lane at once, by its id; a lane that is not here has no limit.
    package var lanes: [String: Int] = [:]
    /// How many jobs that need the GPU run at once.
    package var gpu = 1

    /// The rule of one kind. What is `nil` is as its manifest says.
    package struct KindRule: Sendable, Hashable {
        package var concurrency: Int?
        package var mostAttempts: Int?
        package var firstPause: Duration?
        package var longestPause: Duration?
    }

    /// - Parameter name: The full name, `plugin/kind`.
    func rule(ofKind name: String) -> KindRule? {
        kinds[name] ?? kinds[String(name.split(separator: "/").last ?? "")]
    }
}

extension JobRules.KindRule {
    /// As `arena.yaml` writes it.
    var json: JSONValue {
        var object = JSONObject()
        object["concurrency"] = concurrency.map { JSONValue($0) }
        object["max_attempts"] = mostAttempts.map { JSONValue($0) }
        object["first_pause_ms"] = firstPause.map { JSONValue($0.milliseconds) }
        object["longest_pause_ms"] = longestPause.map { JSONValue($0.milliseconds) }
        return .object(object)
    }
}
