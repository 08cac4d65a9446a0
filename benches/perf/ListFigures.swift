import Glibc

/// How long it takes to list many plugins.
enum ListFigures {
    private static let pluginCount = 200
    private static let coldRounds = 3
    private static let rounds = 20

    static func measure(_ bench: Workbench) async throws {
        guard access(bench.binaries + "/arena", X_OK) == 0 else {
            throw Workbench.Failure(description: "Build `arena` first, in release.")
        }
        let home = try bench.makeFolder("list-home")
        try Workbench.write("plugins:\n  trust: all\n", to: home + "/arena.yaml")
        let plugins = try bench.makeFolder("list-home/plugins")
        for number in 0..<pluginCount {
            let id = "tiny\(number)"
            try bench.makePlugin(id: id, in: plugins) { try bench.compileTinyScorer(id: id, to: $0) }
        }
        try await Task.sleep(for: .milliseconds(300))
        var cold = Samples()
        var cached = Samples()
        var bare = Samples()
        for _ in 0..<coldRounds {
            bench.forgetPlugins(of: home)
            cold.add(try run(bench, ["plugin", "list", "--home", home]))
        }
        for _ in 0..<rounds {
            bare.add(try run(bench, ["--version"]))
            cached.add(try run(bench, ["plugin", "list", "--home", home]))
        }
        for (name, samples) in [("cached", cached), ("cold", cold)] {
            Figure(
                name: "list_\(pluginCount)_plugins_\(name)", value: samples.median, unit: "ms",
                baseline: "`arena --version` from spawn to end", baselineValue: bare.median, goal: .none,
                count: samples.count,
                note: "`arena plugin list` from spawn to end, "
                    + (name == "cold" ? "every plugin copied and probed" : "no plugin is run") + "; \(samples.spread)"
            ).emit()
        }
        try await measureServer(bench, home)
    }

    private static func measureServer(_ bench: Workbench, _ home: String) async throws {
        let server = try await ServerRun(bench, home: home)
        defer { server.end() }
        _ = try await server.untilQuiet()
        guard let connection = LoopbackConnection(server.port) else {
            throw Workbench.Failure(description: "`arena up` does not answer.")
        }
        var list = Samples()
        var bare = Samples()
        var size = 0
        for _ in 0..<(5 * rounds) {
            bare.add(try ask("/healthz", connection).milliseconds)
            let answer = try ask("/api/plugins", connection)
            list.add(answer.milliseconds)
            size = answer.size
        }
        Figure(
            name: "api_plugins_\(pluginCount)", value: list.median, unit: "ms", baseline: "/healthz of the same server",
            baselineValue: bare.median, goal: .none, count: list.count,
            note: "/api/plugins on a kept connection, \(size / 1000) kB; \(list.spread)"
        ).emit()
    }

    private static func run(_ bench: Workbench, _ arguments: [String]) throws -> Double {
        let watch = Stopwatch()
        guard Workbench.run(bench.binaries + "/arena", arguments) == 0 else {
            throw Workbench.Failure(description: "`arena \(arguments.joined(separator: " "))` failed.")
        }
        return watch.milliseconds
    }

    private static func ask(
        _ path: String, _ connection: LoopbackConnection
    ) throws -> (milliseconds: Double, size: Int) {
        let watch = Stopwatch()
        guard connection.ask(path), let size = connection.readAnswer() else {
            throw Workbench.Failure(description: "\(path) was not answered.")
        }
        return (watch.milliseconds, size)
    }
}
