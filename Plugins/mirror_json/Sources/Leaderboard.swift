import ArenaJSON
import ArenaPluginKit

/// The last run of each lane, model and scorer on a bench. As large as there are such combinations, not runs.
struct Leaderboard {
    private struct Key: Hashable {
        let parts: [String]
    }

    private static let mostRows = 10_000
    private static let key = ["bench_id", "lane_id", "model", "scorer_plugin", "scorer_id"]
    private static let copied = [
        "bench_id", "lane_id", "model", "scorer_plugin", "scorer_id", "mean_normalized", "stderr", "n_items",
        "n_scored",
        "n_infrastructure", "finished_at",
    ]

    private var entries: [Key: (row: JSONObject, runs: Int)] = [:]

    mutating func add(_ row: JSONObject) throws(PluginError) {
        let key = Key(parts: Self.key.map { row[$0]?.string ?? "" })
        guard let entry = entries[key] else {
            guard entries.count < Self.mostRows else {
                throw PluginError(
                    .resourceExhausted, code: "mirror.too_many_rows",
                    "The leaderboard would have more than \(Self.mostRows) rows.",
                    hint: "Narrow it with --bench, --lane or --since.")
            }
            entries[key] = (row, 1)
            return
        }
        let isLater = (row["finished_at"]?.string ?? "") >= (entry.row["finished_at"]?.string ?? "")
        entries[key] = (isLater ? row : entry.row, entry.runs + 1)
    }

    var lastFinished: String? { entries.values.compactMap { $0.row["finished_at"]?.string }.max() }

    /// By bench, the best first.
    var rows: [JSONObject] {
        let sorted = entries.sorted { a, b in
            let means = (a.value.row["mean_normalized"]?.double ?? -1, b.value.row["mean_normalized"]?.double ?? -1)
            if a.key.parts[0] != b.key.parts[0] { return a.key.parts[0] < b.key.parts[0] }
            if means.0 != means.1 { return means.0 > means.1 }
            return a.key.parts.lexicographicallyPrecedes(b.key.parts)
        }
        return sorted.map { entry in
            var row = JSONObject(Self.copied.map { ($0, entry.value.row[$0] ?? .null) })
            row["n_runs"] = JSONValue(entry.value.runs)
            return row
        }
    }
}
