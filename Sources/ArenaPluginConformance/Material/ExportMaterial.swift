import ArenaJSON

/// What an exporter is made to write: finished evaluations as the store has them, and a table with every type.
enum ExportMaterial {
    static let json: JSONValue = ["tables": [evaluations, everything]]

    private static let evaluations: JSONValue = {
        let columns = [
            ("id", "text"), ("bench_id", "text"), ("bench_sha256", "text"), ("lane_id", "text"), ("model", "text"),
            ("scorer_id", "text"), ("scorer_plugin", "text"), ("scorer_version", "text"), ("n_items", "integer"),
            ("n_scored", "integer"), ("n_infrastructure", "integer"), ("n_skipped", "integer"),
            ("mean_normalized", "number"), ("stderr", "number"), ("repeat", "integer"), ("finished_at", "time"),
        ]
        let rows = (0..<5).map { number -> JSONValue in
            [
                "id": .string("er-" + String(repeating: "0", count: 31) + "\(number)"),
                "bench_id": .string("bench-\(number % 2)"),
                "bench_sha256": .string(String(repeating: "0f", count: 32)), "lane_id": "replay", "model": "tiny",
                "scorer_id": "exact_match", "scorer_plugin": "text", "scorer_version": "1.0.0", "n_items": 8,
                "n_scored": JSONValue(number), "n_infrastructure": 0, "n_skipped": 0,
                "mean_normalized": JSONValue(Double(number) / 4), "stderr": 0.125, "repeat": 1,
                "finished_at": .string("2026-11-21T08:17:3\(number).000Z"),
            ]
        }
        return table("eval_runs", columns, rows)
    }()

    private static let everything = table(
        "check.every_type",
        [
            ("text", "text"), ("integer", "integer"), ("number", "number"), ("boolean", "boolean"), ("time", "time"),
            ("json", "json"), ("a \"quoted\", column", "text"),
        ],
        [
            [
                "text": "Straße, 👩‍👩‍👧\r\n\"quoted\"; =1+1", "integer": JSONValue(Int.max), "number": -0.5, "boolean": true,
                "time": "2026-11-21T08:17:39.000Z", "json": ["a": [1, .null, ["b": "c"]]],
                "a \"quoted\", column": "",
            ],
            ["text": "", "integer": 0, "number": 1e-300, "boolean": false, "json": [], "time": .null],
            ["text": " \t", "integer": -1, "number": 1e21, "boolean": .null, "json": "text"],
        ])

    private static func table(_ name: String, _ columns: [(String, String)], _ rows: [JSONValue]) -> JSONValue {
        [
            "name": .string(name), "rows": .array(rows),
            "columns": .array(columns.map { ["name": .string($0), "type": .string($1)] }),
        ]
    }
}
