import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaPluginHost
import ArenaStore

/// `arena.views/1`: what plugins may read, by name.
///
/// | view | parameters | a row |
/// |---|---|---|
/// | `bench` | `bench_id` | what `<id>.meta.yaml` says, the number of items and the hash |
/// | `bench_items` | `bench_id`, `limit`? | an item with its messages and references |
/// | `eval_runs` | `bench_id`?, `lane_id`? | a finished run |
/// | `eval_scores` | `eval_run_id` | a score of a finished run |
struct StoreViews: RecordViews {
    let store: ArenaStore
    let benches: BenchLibrary
    let threads: PluginThreads

    func page(of view: String, parameters: JSONValue, cursor: String, limit: Int) async throws -> JSONValue {
        switch view {
        case "bench": return Self.page([try await bench(parameters).json], next: nil)
        case "bench_items": return try await items(parameters, cursor, limit)
        case "eval_runs":
            let runs = try await store.evalRuns(
                benchID: parameters["bench_id"]?.string, laneID: parameters["lane_id"]?.string, limit: limit)
            return Self.page(runs.map(\.json), next: nil)
        case "eval_scores": return try await scores(parameters, cursor, limit)
        default:
            throw Failure(
                code: "view.unknown", category: .notFound, message: "There is no view \"\(view)\".",
                hint: "There are: bench, bench_items, eval_runs, eval_scores.")
        }
    }

    private func items(_ parameters: JSONValue, _ cursor: String, _ limit: Int) async throws -> JSONValue {
        let bench = try await bench(parameters)
        let count = min(bench.items.count, parameters["limit"]?.int.map { max(0, $0) } ?? .max)
        guard let start = cursor.isEmpty ? 0 : Int(cursor), (0...count).contains(start) else {
            throw Self.badCursor(cursor)
        }
        let end = min(start + limit, count)
        return Self.page(bench.items[start..<end].map(bench.json(of:)), next: end < count ? String(end) : nil)
    }

    private func scores(_ parameters: JSONValue, _ cursor: String, _ limit: Int) async throws -> JSONValue {
        let run = try text("eval_run_id", of: parameters)
        var after: (itemID: String, repeatIndex: Int)?
        if !cursor.isEmpty {
            guard let parts = try? JSONValue(parsing: cursor), let item = parts[0]?.string, let number = parts[1]?.int
            else { throw Self.badCursor(cursor) }
            after = (item, number)
        }
        let scores = try await store.evalScores(ofRun: run, after: after, limit: limit)
        let next =
            scores.count < limit
            ? nil
            : scores.last.map { last -> String in
                JSONValue.array([.string(last.itemID), JSONValue(last.repeatIndex)]).text()
            }
        return Self.page(scores.map(\.json), next: next)
    }

    /// Reads files, so on a thread that may block.
    private func bench(_ parameters: JSONValue) async throws -> Bench {
        let id = try text("bench_id", of: parameters)
        let benches = benches
        return try await threads.call(within: .seconds(30)) { _ in
            Result { () throws(BenchError) in try benches.bench(id) }
        }.get()
    }

    private func text(_ name: String, of parameters: JSONValue) throws -> String {
        if let text = parameters[name]?.string { return text }
        throw Failure(
            code: "view.bad_parameters", category: .invalidArgument, message: "The parameter `\(name)` is missing.")
    }

    private static func page(_ rows: [JSONValue], next: String?) -> JSONValue {
        ["rows": .array(rows), "next": next.map(JSONValue.string) ?? .null]
    }

    private static func badCursor(_ cursor: String) -> Failure {
        Failure(
            code: "view.bad_cursor", category: .invalidArgument, message: "\"\(cursor)\" is no cursor of this view.",
            hint: "Pass `next` of the page before as it is.")
    }
}
