import ArenaPluginABI
import ArenaPluginHost

/// What it costs an item to be judged in a child and not in the host, through the executor that the product uses.
enum ChildPathFigures {
    private static let batchSize = 256
    private static let rounds = 60
    /// Batches on the way at once: as many as a scorer has instances.
    private static let lanes = 2
    private static let batchesPerLane = 10

    static func measure(_ bench: Workbench) async throws {
        let plugins = try bench.makeFolder("path-plugins")
        try bench.makePlugin(id: "path", in: plugins) { try bench.compileTinyScorer(id: "path", to: $0) }
        let house = try PluginHouse(bench, plugins: plugins)
        let kind = try await house.kind(.scorer, "path/tiny").inHost
        let threads = PluginThreads(size: 4)
        let loader = PluginLoader(launcher: try bench.launcher(spares: 0))
        let host = ScorerExecutor(loader: loader, threads: threads)
        let child = ScorerExecutor(loader: loader, threads: threads)
        for length in [64, 1024] {
            let batch = ScoreBatch(Texts(length: length).items(batchSize))
            // The first calls load the library and start the children.
            for _ in 0..<3 {
                _ = try await run(batch, kind, host)
                _ = try await run(batch, kind.inChild, child)
            }
            var inHost = Samples()
            var inChild = Samples()
            for _ in 0..<rounds {
                inHost.add(try await run(batch, kind, host))
                inChild.add(try await run(batch, kind.inChild, child))
            }
            Figure(
                name: "child_path_over_host_path_\(length)_bytes", value: inChild.median - inHost.median,
                unit: "ns/item", baseline: "the same batches in the host", baselineValue: inHost.median,
                goal: length == 64 ? .atMost(150) : .none, count: rounds,
                note: "the least scorer, batches of 256, two on the way at once; child \(Int(inChild.median)) ns/item "
                    + "(\(inChild.spread))"
            ).emit()
        }
        await host.stop()
        await child.stop()
        await loader.launcher.stop()
        threads.stop()
        await house.close()
    }

    /// Nanoseconds an item.
    private static func run(
        _ batch: ScoreBatch, _ kind: ResolvedKind, _ executor: ScorerExecutor
    ) async throws -> Double {
        let watch = Stopwatch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<lanes {
                group.addTask {
                    for _ in 0..<batchesPerLane { _ = try await executor.score(batch, with: kind) }
                }
            }
            try await group.waitForAll()
        }
        return watch.nanoseconds / Double(lanes * batchesPerLane * batchSize)
    }
}
