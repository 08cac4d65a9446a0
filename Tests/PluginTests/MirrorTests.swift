import ArenaJSON
import CArenaPlugin
import Testing

@Suite(.serialized) struct MirrorTests {
    private static let hash = String(repeating: "0f", count: 32)

    private func run(_ changes: JSONObject = [:]) -> JSONValue {
        var row: JSONObject = [
            "id": "er-a4b0768aac3e5b38e8a2a735897e09a8", "job_id": "j1", "bench_id": "arithmetic-words",
            "bench_sha256": .string(Self.hash), "lane_id": "replay", "model": "gemma-3-270m-q4_k_m",
            "scorer_id": "numeric_match", "scorer_plugin": "text", "scorer_version": "1.0.0",
            "scorer_sha256": .string(Self.hash), "n_items": 8, "n_scored": 8, "n_infrastructure": 0, "n_skipped": 0,
            "mean_normalized": 0.25, "stderr": 0.16, "repeat": 1, "limit": 8, "sampling": ["temperature": 0],
            "started_at": "2026-11-21T08:17:38.469Z", "finished_at": "2026-11-21T08:17:39.000Z", "extra": nil,
        ]
        for (name, value) in changes { row[name] = value }
        return .object(row)
    }

    private func export(_ runs: [JSONValue]) -> FakeExport {
        FakeExport([
            .init(name: "eval_runs", columns: ["id"], rows: runs),
            .init(name: "eval_scores", columns: ["output"], rows: [["output": "SENTINEL-answer"]]),
            .init(name: "jobs", columns: ["payload"], rows: [["payload": "SENTINEL-payload"]]),
        ])
    }

    @Test func writesRunsAndALeaderboard() throws {
        let export = export([
            run(["id": "r1", "mean_normalized": 0.9, "finished_at": "2026-11-20T00:00:00.000Z"]),
            run(["id": "r2", "lane_id": "other", "mean_normalized": 0.5]),
            run(["id": "r3", "mean_normalized": 0.3]),
        ])
        #expect(try export.run("mirror_json") == ARENA_OK)
        let runs = try JSONValue(parsing: #require(export.text("runs.json")))
        #expect(runs["rows"]?.array?.map { $0["id"]?.string } == ["r1", "r2", "r3"])
        let board = try JSONValue(parsing: #require(export.text("leaderboard.json")))
        #expect(board["schema_version"]?.int == 1)
        #expect(board["as_of"]?.string == "2026-11-21T08:17:39.000Z")
        #expect(board["rows"]?.array?.map { $0["lane_id"]?.string } == ["other", "replay"])
        #expect(board["rows"]?[1]?["mean_normalized"]?.double == 0.3)
        #expect(board["rows"]?[1]?["n_runs"]?.int == 2)
        #expect(export.files.map(\.rows) == [3, 2])
    }

    /// Every member that is not on the list carries a sentinel; none of them gets out.
    @Test func nothingLeavesThatIsNotOnTheList() throws {
        var changes: JSONObject = [:]
        let secret = [
            "prompt", "output", "payload", "extra", "sampling", "job_id", "lane_url", "scorer_sha256", "notes",
        ]
        for name in secret { changes[name] = .string("SENTINEL-\(name)") }
        let export = export([run(changes)])
        #expect(try export.run("mirror_json") == ARENA_OK)
        #expect(!export.files.contains { $0.text.contains("SENTINEL") })
        let row = try JSONValue(parsing: #require(export.text("runs.json")))["rows"]?[0]?.object
        #expect(row?.keys.contains("sampling") == false)
        #expect(row?.count == 16)
    }

    @Test(arguments: [
        "/home/me/models/x.gguf", "~/models/x.gguf", "C:\\models\\x", "\\\\nas\\models", "../x", "models/../../x",
        "sk-proj-abcdefghijklmnop", "Bearer abcdef", "hf_AbCdEfGhIjKl", "ghp_0123456789abcdef", "my password",
        "AKIAIOSFODNN7EXAMPLE", "eyJhbGciOiJIUzI1NiJ9", "http://box:8080/v1", "box.local", "localhost:8080",
        "192.168.1.20:8080", "me@example.com", "a1b2c3d4e5f6a7b8c9d0e1f2a3b4", "two\nlines", "tab\there",
        "<script>", "a\u{0}b", String(repeating: "long ", count: 30), "api_key=1",
    ])
    func refusesAValueThatLooksLikeWhatMustNotLeave(_ text: String) throws {
        for column in ["model", "lane_id", "bench_id", "scorer_version", "id"] {
            let export = export([run(), run([column: .string(text)])])
            #expect(try export.run("mirror_json") == ARENA_FAILED_PRECONDITION, "\(column)")
            #expect(export.call.failure?.code == "mirror.would_leak")
            // The reason names the column, not the value.
            #expect(export.call.failure?.message.contains("`\(column)`") == true)
            #expect(export.call.failure?.message.contains(text) == false)
        }
    }

    @Test(arguments: [
        "gemma-3-270m-q4_k_m", "Qwen/Qwen3-30B-A3B-Instruct-2507", "meta-llama/Llama-3.1-8B-Instruct",
        "openai/gpt-4o-mini-2024-07-18", "DeepSeek-R1-Distill-Qwen-32B-Q4_K_M.gguf", "phi-4 (Q8_0)",
        "mistral:7b-instruct-v0.3", "box 1, left",
    ])
    func letsNamesOfModelsPass(_ name: String) throws {
        let export = export([run(["model": .string(name)])])
        #expect(try export.run("mirror_json") == ARENA_OK, "\(export.call.failure?.message ?? "")")
        #expect(export.text("runs.json")?.contains(JSONValue.string(name).text()) == true)
    }

    @Test(
        arguments: [
            ("n_items", JSONValue.number(-1)), ("n_items", "8"), ("bench_sha256", "abc"), ("finished_at", "yesterday"),
            ("mean_normalized", "0.5"), ("model", ["x"]),
        ] as [(String, JSONValue)])
    func refusesAValueOfAnotherShape(_ column: String, _ value: JSONValue) throws {
        let export = export([run([column: value])])
        #expect(try export.run("mirror_json") == ARENA_FAILED_PRECONDITION)
    }

    @Test func publicNamesStandForPrivateOnes() throws {
        let export = export([run(["lane_id": "box.local", "model": "/models/x.gguf"])])
        let params = #"{"lane_names": {"box.local": "Box"}, "model_names": {"/models/x.gguf": "X 7B"}}"#
        #expect(try export.run("mirror_json", params) == ARENA_OK)
        let row = try JSONValue(parsing: #require(export.text("runs.json")))["rows"]?[0]
        #expect(row?["lane_id"] == "Box")
        #expect(row?["model"] == "X 7B")
        #expect(!export.files.contains { $0.text.contains("box.local") || $0.text.contains("gguf") })
    }

    @Test func doesNotBlankAPublicPage() throws {
        let export = export([])
        #expect(try export.run("mirror_json") == ARENA_FAILED_PRECONDITION)
        #expect(export.call.failure?.code == "mirror.empty")
        #expect(export.files.isEmpty)
        let allowed = self.export([])
        #expect(try allowed.run("mirror_json", #"{"allow_empty": true}"#) == ARENA_OK)
        let runs = try JSONValue(parsing: #require(allowed.text("runs.json")))
        #expect(runs["rows"] == [])
        let board = try JSONValue(parsing: #require(allowed.text("leaderboard.json")))
        #expect(board["as_of"] == .null)
    }

    /// [EXP-6]
    @Test func equalRowsGiveEqualFiles() throws {
        let runs = (0..<20).map { run(["id": .string("r\($0)"), "lane_id": .string("l\($0 % 7)")]) }
        let (one, two) = (export(runs), export(runs))
        #expect(try one.run("mirror_json") == ARENA_OK)
        two.largestPage = 3
        #expect(try two.run("mirror_json") == ARENA_OK)
        #expect(one.files == two.files)
    }
}
