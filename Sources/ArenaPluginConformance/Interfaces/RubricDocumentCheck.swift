import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost

/// A rubric that is a file of the plugin's folder: whoever reads it finds no fault in it, and it scores.
struct RubricDocumentCheck {
    let subject: ExaminedPlugin
    let kind: ProvidedKind

    var check: PlannedCheck {
        InterfaceCheck.check(kind, "document", "its document is a rubric that can be read") {
            let executor = RubricExecutor(loader: subject.loader, threads: subject.threads)
            do {
                let verdict = try await verdict(executor)
                await executor.stop()
                return verdict
            } catch {
                await executor.stop()
                throw error
            }
        }
    }

    private func verdict(_ executor: RubricExecutor) async throws -> Verdict {
        let path = kind.document ?? ""
        guard let reader = await reader(of: path) else {
            return .skip("no plugin that is ready reads \(path)")
        }
        let plugin = subject.plugin
        let bytes = try await subject.threads.call(within: .seconds(10)) { _ in
            Result { () throws(PluginError) in try RubricSource.document(path, of: plugin) }
        }.get()
        let source = RubricSource(runner: reader, document: bytes)
        if let faults = try await executor.check(source), !faults.isEmpty {
            // All of them, for a file is mended in one go.
            let lines = faults.map { fault in
                "\(path):\(fault["line"]?.int ?? 1):\(fault["column"]?.int ?? 1): \(fault["message"]?.string ?? "")"
            }
            return .fail("RUB-6", lines.joined(separator: " "), hint: faults.first?["hint"]?.string)
        }
        let description = try await executor.describe(source)
        if let own = description["id"]?.string, own != kind.id {
            return .fail(
                "RUB-2", "\(path):1:1: The rubric calls itself \(own), its file \(kind.id).",
                hint: "Give the file and the rubric one name.")
        }
        return try await scores(source, executor, path)
    }

    private func reader(of path: String) async -> ResolvedKind? {
        let own = subject.manifest.provides.first { $0.isOfLibrary && $0.reads.contains(where: path.hasSuffix) }
        if let own { return ResolvedKind(plugin: subject.plugin, kind: own) }
        return await subject.reader(path)
    }

    /// [RUB-4], with results as a host has them.
    private func scores(_ source: RubricSource, _ executor: RubricExecutor, _ path: String) async throws -> Verdict {
        let batch = ScoreBatch(TestMaterial.oddItems)
        let plans = try await executor.plan(batch, with: source)
        for value in [0.0, 1] {
            let results = plans.map { plan in
                JSONValue.array(
                    (plan.array ?? []).map { step in
                        step["judge"] == nil
                            ? ["value": JSONValue(value), "pass": .bool(value > 0), "explain": "", "status": 0]
                            : ["text": .string("{\"score\": \(value)}")]
                    })
            }
            for score in try await executor.combine(batch, results: results, with: source) {
                guard let total = score["total"], total.isNull || total.double.map((0...1).contains) == true else {
                    return .fail("RUB-4", "\(path): a total of \(score["total"]?.text() ?? "none") is not from 0 to 1")
                }
            }
        }
        return .pass("\(path) is read by \(source.runner.fullName)")
    }
}
