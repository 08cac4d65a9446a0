package import ArenaJSON
package import ArenaPluginKit
public import CArenaPlugin

/// A rubric that is compiled in. Two checks: the answer holds a reference, and it is nothing besides. Replace
/// ``checks``, or ``plan(_:)`` where the steps depend on the answer.
package struct Rubric: RubricPlugin {
    private struct Check {
        let name: String
        let scorer: String
        let weight: Double
        let why: String
    }

    private static let checks = [
        Check(name: "right", scorer: "text/includes", weight: 3, why: "What was asked for is in it."),
        Check(name: "exact", scorer: "text/exact_match", weight: 1, why: "There is nothing beside it."),
    ]

    package init(document: [UInt8]) throws(PluginError) {
        guard document.isEmpty else {
            throw PluginError(.invalidArgument, code: "{{id}}.document", "This rubric reads no file.")
        }
    }

    package var description: JSONValue {
        [
            "id": "{{id}}", "title": "{{id}}", "description": "Right, in few words.",
            "checks": .array(
                Self.checks.map {
                    [
                        "name": .string($0.name), "kind": .string($0.scorer), "weight": JSONValue($0.weight),
                        "scorer": .string($0.scorer), "config": [:], "why": .string($0.why),
                    ]
                }),
        ]
    }

    package func plan(_ item: ScoreItem) -> JSONValue {
        .array(
            Self.checks.map {
                [
                    "name": .string($0.name), "scorer": .string($0.scorer), "config": [:],
                    "weight": JSONValue($0.weight),
                ]
            })
    }

    /// The weighted mean of the checks that applied.
    package func combine(_ item: ScoreItem, results: [JSONValue]) throws(PluginError) -> JSONValue {
        var sum = 0.0
        var weights = 0.0
        var checks: [JSONValue] = []
        for (check, result) in zip(Self.checks, results) {
            let value = result["skipped"] == true ? nil : result["value"]?.double
            if let value {
                sum += min(1, max(0, value)) * check.weight
                weights += check.weight
            }
            checks.append([
                "name": .string(check.name), "kind": .string(check.scorer), "weight": JSONValue(check.weight),
                "ok": value.map { .bool($0 >= 0.5) } ?? .null, "why": result["explain"] ?? "",
            ])
        }
        return ["total": weights > 0 ? JSONValue(sum / weights) : .null, "checks": .array(checks)]
    }
}

private let library = PluginLibrary(id: "{{id}}", version: "0.1.0", kinds: [.rubric("{{id}}", Rubric.self)])

/// The one symbol that the host looks for.
@c @implementation
public func arena_plugin_entry_v1() -> UnsafePointer<arena_entry>? { library.entry }
