import ArenaJSON
import ArenaPluginKit

/// The bench of a run, as the host's view `bench` gives it.
struct Bench {
    var id: String
    var sha256: String
    var scorer: String
    var scorerConfig: JSONValue
    var maxTokens: Int
    var itemCount: Int

    init(_ id: String, _ views: ViewsService) throws(PluginError) {
        // The host says which benches there are when there is none of this name.
        guard let row = try views.page("bench", ["bench_id": .string(id)], limit: 1).rows.first else {
            throw PluginError(
                .notFound, code: "eval_rerun.unknown_bench", "There is no bench named \(id).",
                hint: "`arena bench list` shows the benches that there are.", retry: false)
        }
        self.id = id
        sha256 = row["sha256"]?.string ?? ""
        scorer = row["scorer"]?.string ?? "exact_match"
        scorerConfig = row["scorer_config"] ?? .object([:])
        maxTokens = row["max_tokens"]?.int ?? 512
        itemCount = row["n_items"]?.int ?? 0
    }
}

/// One question of a bench.
struct BenchItem {
    var id: String
    var input: String
    var references: [String]
    var meta: JSONObject
    var messages: JSONValue

    init(_ row: JSONValue) {
        id = row["item_id"]?.string ?? ""
        input = row["input"]?.string ?? ""
        references = row["references"]?.array?.compactMap(\.string) ?? []
        meta = row["meta"]?.object ?? [:]
        messages = row["messages"] ?? .array([])
    }
}

/// One answer to be had: an item, asked for the nth time.
struct Question {
    /// Position in the run: item × repeats + repeat. The key of its record and of the list of what is done.
    var number: Int
    var itemNumber: Int
    var repeatNumber: Int
    var item: BenchItem
}

/// The questions of a run in order, read page by page.
struct QuestionSource {
    private let views: ViewsService
    private let parameters: JSONValue
    private let itemCount: Int
    private let repeats: Int
    private var page: [JSONValue] = []
    private var cursor: String? = ""
    private var firstOfPage = 0
    private var number = 0

    static let pageRows = 200

    init(_ bench: Bench, _ request: EvalRequest, itemCount: Int, _ views: ViewsService) {
        self.views = views
        self.itemCount = itemCount
        repeats = request.repeats
        parameters = ["bench_id": .string(bench.id), "limit": JSONValue(itemCount)]
    }

    /// The next question that is not among those done; `nil`: there is none.
    mutating func next(except done: NumberSet) throws(PluginError) -> Question? {
        number = done.firstAbsent(from: number)
        let itemNumber = number / repeats
        guard itemNumber < itemCount else { return nil }
        while itemNumber >= firstOfPage + page.count {
            guard let cursor else { throw becameShorter() }
            firstOfPage += page.count
            let next = try views.page("bench_items", parameters, cursor: cursor, limit: Self.pageRows)
            page = next.rows
            self.cursor = next.next
        }
        defer { number += 1 }
        return Question(
            number: number, itemNumber: itemNumber, repeatNumber: number % repeats,
            item: BenchItem(page[itemNumber - firstOfPage]))
    }

    private func becameShorter() -> PluginError {
        PluginError(
            .failedPrecondition, code: "eval_rerun.bench_changed", "The bench became shorter while it was run.",
            hint: "Run it again.", retry: false)
    }
}
