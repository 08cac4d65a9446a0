import Glibc

/// How soon the server answers, and what it holds when nothing happens.
enum ServerFigures {
    private static let rounds = 10
    private static let pluginCount = 20

    static func measure(_ bench: Workbench) async throws {
        guard access(bench.binaries + "/arena", X_OK) == 0 else {
            throw Workbench.Failure(description: "Build `arena` first, in release.")
        }
        let home = try bench.makeFolder("server-home")
        try Workbench.write("plugins:\n  trust: all\n", to: home + "/arena.yaml")
        let plugins = try bench.makeFolder("server-home/plugins")
        for number in 0..<pluginCount {
            let id = "tiny\(number)"
            try bench.makePlugin(id: id, in: plugins) { try bench.compileTinyScorer(id: id, to: $0) }
        }
        try await Task.sleep(for: .milliseconds(300))
        var cold = Samples()
        var coldReady = Samples()
        var cached = Samples()
        var bare = Samples()
        var memory = Memory()
        for _ in 0..<rounds {
            bench.forgetPlugins(of: home)
            let first = try await ServerRun(bench, home: home)
            cold.add(first.aliveMilliseconds)
            coldReady.add(try await first.untilQuiet())
            memory.add(first, hasWaitingWorkers: true)
            first.end()
            let second = try await ServerRun(bench, home: home)
            cached.add(second.aliveMilliseconds)
            _ = try await second.untilQuiet()
            memory.add(second, hasWaitingWorkers: false)
            second.end()
            let watch = Stopwatch()
            Workbench.run(bench.binaries + "/arena", ["--version"])
            bare.add(watch.milliseconds)
        }
        for (name, samples, goal) in [("cached", cached, Figure.Goal.atMost(100)), ("cold", cold, .none)] {
            Figure(
                name: "server_first_answer_20_plugins_\(name)", value: samples.median, unit: "ms",
                baseline: "`arena --version` from spawn to end", baselineValue: bare.median, goal: goal, count: rounds,
                note: name == "cold"
                    ? "no store, verdicts or copies; all plugins probed after \(Int(coldReady.median)) ms"
                    : "spawn to 200 from /healthz; \(samples.spread)"
            ).emit()
        }
        memory.emit()
    }
}

/// Pss of idle processes.
private struct Memory {
    private var server = Samples()
    private var serverWithWorkers = Samples()
    private var worker = Samples()
    private var bare = Samples()

    mutating func add(_ run: ServerRun, hasWaitingWorkers: Bool) {
        guard let own = ServerRun.pss(of: run.process) else { return }
        if hasWaitingWorkers { serverWithWorkers.add(own) } else { server.add(own) }
        for child in run.children { if let pss = ServerRun.pss(of: child) { worker.add(pss) } }
        guard let sleeper = Workbench.start("sleep", ["60"]) else { return }
        usleep(20_000)
        if let pss = ServerRun.pss(of: sleeper) { bare.add(pss) }
        kill(sleeper, SIGKILL)
        waitpid(sleeper, nil, 0)
    }

    func emit() {
        Figure(
            name: "server_idle_pss", value: server.median, unit: "MB", baseline: "Pss of `sleep`",
            baselineValue: bare.median, goal: .atMost(40), count: server.count,
            note: "20 plugins cached, no child; after probing 20 plugins \(Int(serverWithWorkers.median.rounded())) MB"
        ).emit()
        Figure(
            name: "waiting_worker_pss", value: worker.median, unit: "MB", baseline: "Pss of `sleep`",
            baselineValue: bare.median, goal: .none, count: worker.count,
            note: "a child that waits for a plugin; pages shared with other processes count in part"
        ).emit()
    }
}
