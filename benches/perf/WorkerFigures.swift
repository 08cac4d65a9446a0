import ArenaJSON
import ArenaPluginABI
import ArenaPluginHost
import ArenaPluginWire
import Subprocess
import SystemPackage

/// From asking for a child to a plugin's first answer from it.
enum WorkerFigures {
    private static let rounds = 40

    static func measure(_ bench: Workbench) async throws {
        let plugins = try bench.makeFolder("plugins")
        try bench.makePlugin(id: "tiny-c", in: plugins) { try bench.compileTinyScorer(id: "tiny-c", to: $0) }
        var hasFoundation = true
        do {
            try bench.makePlugin(id: "tiny-swift", in: plugins) { path in
                hasFoundation = try bench.compileFoundationScorer(id: "tiny-swift", to: path)
                if !hasFoundation { throw Workbench.Failure(description: "no Swift compiler") }
            }
        } catch { hasFoundation = false }
        let house = try PluginHouse(bench, plugins: plugins)
        let c = try await house.kind(.scorer, "tiny-c/tiny")
        try await measure(bench, "c", "a scorer in C", scorer: c, goal: 5)
        if hasFoundation {
            let swift = try await house.kind(.scorer, "tiny-swift/tiny")
            try await measure(bench, "swift_foundation", "a scorer in Swift with Foundation", scorer: swift, goal: 12)
        }
        let rerun = try await house.kind(.jobKind, "eval_rerun")
        try await measure(
            bench, "swift", "the job kind eval_rerun, Swift without Foundation", goal: hasFoundation ? nil : 12
        ) {
            let (child, _) = try await $0.load(rerun.plugin, for: rerun.kind)
            _ = try? await child.call(.jobValidate(kind: rerun.kind.id, payload: "{}"), deadline: nil)
            return child
        }
        await house.close()
    }

    private static func measure(
        _ bench: Workbench, _ name: String, _ what: String, scorer kind: ResolvedKind, goal: Double
    ) async throws {
        let batch = ScoreBatch(Texts(length: 64).items(1))
        try await measure(bench, name, what, goal: goal) {
            let (child, _) = try await $0.load(kind.plugin, for: kind.kind)
            _ = try await child.call(.scorerCreate(instance: 1, kind: kind.kind.id, config: "{}"), deadline: nil)
            _ = try await child.call(.scorerScore(instance: 1, batch: batch.bytes), deadline: nil)
            return child
        }
    }

    private static func measure(
        _ bench: Workbench, _ name: String, _ what: String, goal: Double?,
        firstAnswer: (PluginLoader) async throws -> PluginChild
    ) async throws {
        let cold = PluginLoader(launcher: try bench.launcher(spares: 0))
        let waiting = PluginLoader(launcher: try bench.launcher(spares: 1))
        var fromCold = Samples()
        var fromWaiting = Samples()
        var bare = Samples()
        try await measureOnce(waiting, firstAnswer, into: nil)
        for _ in 0..<rounds {
            try await measureOnce(cold, firstAnswer) { fromCold.add($0) }
            // The waiting child of this round was started in the last one and has come to rest.
            try await Task.sleep(for: .milliseconds(20))
            try await measureOnce(waiting, firstAnswer) { fromWaiting.add($0) }
            try await Task.sleep(for: .milliseconds(20))
            let watch = Stopwatch()
            _ = try await Subprocess.run(.path("/bin/true"), output: .discarded)
            bare.add(watch.milliseconds)
        }
        await cold.launcher.stop()
        await waiting.launcher.stop()
        for (kind, samples, goal) in [("cold", fromCold, goal), ("waiting", fromWaiting, nil)] {
            Figure(
                name: "worker_first_answer_\(name)_\(kind)", value: samples.median, unit: "ms",
                baseline: "/bin/true from spawn to end", baselineValue: bare.median,
                goal: goal.map { .atMost($0) } ?? .none, count: rounds,
                note: "\(what); least \((samples.least * 100).rounded() / 100), \(samples.spread)"
            ).emit()
        }
    }

    private static func measureOnce(
        _ loader: PluginLoader, _ firstAnswer: (PluginLoader) async throws -> PluginChild,
        into add: ((Double) -> Void)?
    ) async throws {
        let watch = Stopwatch()
        let child = try await firstAnswer(loader)
        add?(watch.milliseconds)
        child.dismiss()
        _ = await child.process.end()
    }
}
