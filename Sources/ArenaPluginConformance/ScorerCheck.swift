import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost

/// What every scorer must hold to: its examples, one by one as in a batch, and odd input without harm.
struct ScorerCheck {
    let kind: ResolvedKind
    let loader: PluginLoader
    let threads: PluginThreads

    func run() async -> [CheckResult] {
        let executor = ScorerExecutor(loader: loader, threads: threads)
        let results = [
            await examples(executor),
            await check("batch", "a batch gives what single items give [SCORER-3]") {
                try await batchEqualsSingle(executor)
            },
            await check("odd-input", "survives empty, huge, NUL and non-ASCII texts") { try await oddInput(executor) },
        ]
        await executor.stop()
        return results
    }

    private static let texts = [
        "", " ", "A", "7", "The answer is 7.", "-1,234.5", "nul\0inside", "Straße İ ﬁ e\u{301}", "👩‍👩‍👧", "<think>7",
        String(repeating: "long ", count: 20_000),
    ]

    private var oddItems: [ScoreItem] {
        Self.texts.enumerated().flatMap { index, output in
            [
                ScoreItem(itemID: "\(index)", output: output, references: ["7"]),
                ScoreItem(itemID: "\(index)-none", output: output),
                ScoreItem(
                    itemID: "\(index)-two", input: "?", output: output, references: ["A", output],
                    metaJSON: #"{"finish_reason":"length"}"#),
            ]
        }
    }

    private func examples(_ executor: ScorerExecutor) async -> CheckResult {
        let examples = kind.plugin.manifest.examples.filter { $0.scorer == kind.kind.id }
        guard !examples.isEmpty else {
            return CheckResult(
                id("examples"), .warning, "the manifest has no examples of this scorer",
                hint: "Add at least three under `examples`: they are its documentation and its test.")
        }
        return await check("examples", "\(examples.count) examples score as they say") {
            for (index, example) in examples.enumerated() {
                let item = ScoreItem(
                    itemID: "\(index)", input: example.input, output: example.output, references: example.references)
                let results = try await executor.score(ScoreBatch([item]), with: kind, config: example.config ?? [:])
                guard let result = results.first, abs(result.value - example.value) <= example.tolerance else {
                    throw failure(
                        "\"\(example.output)\" against \(example.references) gives \(results.first?.value ?? .nan), "
                            + "the manifest says \(example.value)")
                }
            }
        }
    }

    private func batchEqualsSingle(_ executor: ScorerExecutor) async throws {
        let items = oddItems
        let batch = try await executor.score(ScoreBatch(items), with: kind)
        for (item, expected) in zip(items, batch) {
            let single = try await executor.score(ScoreBatch([item]), with: kind)
            guard single == [expected] else {
                throw failure("item \(item.itemID) scores otherwise alone than in a batch")
            }
        }
    }

    private func oddInput(_ executor: ScorerExecutor) async throws {
        for (item, result) in zip(oddItems, try await executor.score(ScoreBatch(oddItems), with: kind))
        where result.status == .internalError {
            throw failure("item \(item.itemID): \(result.explain)")
        }
    }

    private func check(_ name: String, _ promise: String, _ body: () async throws -> Void) async -> CheckResult {
        do {
            try await body()
            return CheckResult(id(name), .passed, promise)
        } catch {
            return CheckResult(id(name), failed: error)
        }
    }

    private func id(_ name: String) -> String { "scorer/\(kind.kind.id)/\(name)" }

    private func failure(_ message: String) -> Failure {
        Failure(code: "plugin.nonconforming", category: .failedPrecondition, message: message)
    }
}
