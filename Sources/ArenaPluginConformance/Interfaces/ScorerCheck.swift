import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaPluginWire

/// What a scorer promises: its examples, one by one as in a batch, the same every time, and odd input without harm.
struct ScorerCheck {
    let subject: ExaminedPlugin
    let kind: ProvidedKind

    private var resolved: ResolvedKind { ResolvedKind(plugin: subject.plugin, kind: kind) }
    private var material: TestMaterial { TestMaterial(kind: kind, subject: subject) }

    var checks: [PlannedCheck] {
        [
            check("examples", "its examples score as they say", examples),
            check("range", "values are finite, between 0 and 1", range),
            check("batch", "a batch gives what single items give", batch),
            check("order", "neither order nor split of a batch matters", order),
            check("deterministic", "another process gives the same, bit for bit", deterministic),
            check("empty", "an empty batch is no failure", empty),
            check("large", "a text of 1 MB is judged or refused", large),
        ]
    }

    private func check(
        _ name: String, _ title: String, _ body: @escaping @Sendable (ScorerExecutor) async throws -> Verdict
    ) -> PlannedCheck {
        InterfaceCheck.check(kind, name, title) { [subject] in
            let executor = ScorerExecutor(
                loader: subject.loader, threads: subject.threads, bearsLosses: false)
            do {
                let verdict = try await body(executor)
                await executor.stop()
                return verdict
            } catch {
                await executor.stop()
                throw error
            }
        }
    }

    private func score(_ items: [ScoreItem], _ executor: ScorerExecutor, config: JSONValue? = nil) async throws
        -> [ScoreResult]
    {
        try await executor.score(ScoreBatch(items), with: resolved, config: config ?? material.config)
    }

    @Sendable private func examples(_ executor: ScorerExecutor) async throws -> Verdict {
        let examples = subject.manifest.examples.filter { $0.scorer == kind.id }
        guard !examples.isEmpty else { return .skip("the manifest has no examples of it") }
        for (example, item) in zip(examples, material.exampleItems) {
            let result = try await score([item], executor, config: example.config ?? [:]).first
            guard let result, result.status == .ok, abs(result.value - example.value) <= example.tolerance else {
                let value = result.map { $0.status == .ok ? "\($0.value)" : $0.explain } ?? "nothing"
                return .fail(
                    "SCORER-2",
                    "\"\(example.output)\" against \(example.references) gives \(value), the manifest says "
                        + "\(example.value)", hint: "Correct the example or the scorer.")
            }
        }
        return .pass("\(examples.count) examples score as they say")
    }

    @Sendable private func range(_ executor: ScorerExecutor) async throws -> Verdict {
        let items = material.exampleItems + TestMaterial.oddItems
        for item in items {
            // One by one, so that what crashes it can be named.
            let result: ScoreResult?
            do { result = try await score([item], executor).first } catch let fault as PluginFault where fault.lostChild
            {
                let verdict = Verdict.lost(fault, given: "the output \(item.output.prefix(200).debugDescription)")
                return kind.foreign == nil ? verdict : verdict.breaking("SCORER-5")
            }
            guard let result, result.status == .internalError else { continue }
            return .fail("SCORER-1", "item \(item.output.debugDescription): \(result.explain)")
        }
        return .pass("")
    }

    @Sendable private func batch(_ executor: ScorerExecutor) async throws -> Verdict {
        let items = material.exampleItems + TestMaterial.oddItems
        let together = try await score(items, executor)
        for (item, expected) in zip(items, together) where try await score([item], executor) != [expected] {
            return .fail("SCORER-3", "\(item.output.debugDescription) scores otherwise alone than in a batch")
        }
        return .pass("")
    }

    @Sendable private func order(_ executor: ScorerExecutor) async throws -> Verdict {
        let items = material.exampleItems + TestMaterial.oddItems
        let together = try await score(items, executor)
        let backwards = try await score(items.reversed(), executor)
        guard backwards == together.reversed() else {
            return .fail("SCORER-3", "the same items score otherwise in the opposite order")
        }
        let middle = items.count / 3
        let split = try await score(Array(items[..<middle]), executor) + score(Array(items[middle...]), executor)
        guard split == together else { return .fail("SCORER-3", "the same items score otherwise in two batches") }
        return .pass("")
    }

    @Sendable private func deterministic(_ executor: ScorerExecutor) async throws -> Verdict {
        guard kind.capabilities.isDeterministic else { return .skip("the manifest does not declare it deterministic") }
        let items = material.exampleItems + TestMaterial.oddItems
        let first = try await score(items, executor)
        let other = ScorerExecutor(loader: subject.loader, threads: subject.threads, bearsLosses: false)
        let second = try await score(items, other)
        await other.stop()
        for (item, (a, b)) in zip(items, zip(first, second)) where a != b {
            return .fail("SCORER-2", "\(item.output.debugDescription) scores \(a.value) once and \(b.value) once")
        }
        return .pass("")
    }

    @Sendable private func empty(_ executor: ScorerExecutor) async throws -> Verdict {
        guard subject.plugin.library != nil else { return .skip("functions and programs are given items one by one") }
        let child = try await subject.child(for: kind)
        defer { child.kill() }
        let deadline = monotonicNanoseconds() + ExaminedPlugin.testLimit.nanoseconds
        _ = try await child.call(
            .scorerCreate(instance: 1, kind: kind.id, config: material.config.text()), deadline: deadline)
        let bytes = try await child.call(
            .scorerScore(instance: 1, batch: ScoreBatch([]).bytes), deadline: deadline)
        guard try ScoreResults(decoding: bytes, count: 0).isEmpty else {
            return .fail("SCORER-3", "an empty batch has results")
        }
        return .pass("")
    }

    @Sendable private func large(_ executor: ScorerExecutor) async throws -> Verdict {
        let text = String(repeating: "long wörds 7, ", count: 70_000)
        let items = [
            ScoreItem(itemID: "output", output: text, references: ["7"]),
            ScoreItem(itemID: "reference", output: "7", references: [text]),
            ScoreItem(itemID: "input", input: text, output: "7", references: ["7"]),
        ]
        for (item, result) in zip(items, try await score(items, executor)) where result.status == .internalError {
            return .fail("SCORER-2", "an \(item.itemID) of 1 MB: \(result.explain)")
        }
        return .pass("")
    }
}
