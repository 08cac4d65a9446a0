import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaLanes
import ArenaPluginHost
import ArenaRuntime
import ArenaStore

/// Tries each thing that Arena depends on, in the order in which one needs the other.
struct Doctor {
    struct Finding {
        let id: String
        let isGood: Bool
        let message: String
        var cure: String?

        var json: JSONValue {
            [
                "id": .string(id), "ok": .bool(isGood), "message": .string(message),
                "cure": cure.map(JSONValue.string) ?? .null,
            ]
        }
    }

    let global: GlobalOptions

    func examine() async -> [Finding] {
        var findings: [Finding] = []
        let configuration: Configuration
        do {
            configuration = try global.configuration()
            findings.append(
                Finding(id: "configuration", isGood: true, message: "home is \(configuration.home.value.path)"))
        } catch {
            return [Self.bad("configuration", error)]
        }
        let runtime: ArenaRuntime
        do {
            runtime = try await ArenaRuntime(configuration.runtimeOptions())
            findings.append(await store(runtime))
        } catch {
            return findings + [Self.bad("store", error)]
        }
        findings += await plugins(runtime)
        findings += await lanes(runtime)
        findings += await benches(runtime)
        await runtime.close()
        return findings
    }

    private func store(_ runtime: ArenaRuntime) async -> Finding {
        do {
            let problems = try await runtime.store.integrityProblems()
            guard let first = problems.first else {
                return Finding(id: "store", isGood: true, message: "the database is sound and its schema is current")
            }
            return Finding(
                id: "store", isGood: false,
                message: "the database is damaged (\(problems.count) findings, the first: \(first))",
                cure:
                    "Stop Arena, keep a copy of arena.db and its -wal, and put a backup in its place (`arena backup`).")
        } catch {
            return Self.bad("store", error)
        }
    }

    private func plugins(_ runtime: ArenaRuntime) async -> [Finding] {
        await runtime.registry.refresh()
        let snapshot = await runtime.registry.snapshot
        var findings = snapshot.problems.map { Self.bad("plugins", $0) }
        for status in snapshot.plugins {
            guard let failure = status.failure else { continue }
            findings.append(Self.bad("plugin \(status.name)", failure))
        }
        for (name, fault) in await runtime.rubrics.documentFaults().sorted(by: { $0.key < $1.key }) {
            findings.append(Self.bad("rubric \(name)", fault.failure))
        }
        let ready = snapshot.ready
        if ready.isEmpty {
            findings.append(
                Finding(
                    id: "plugins", isGood: false, message: "no plugin is ready",
                    cure: "Build them with `swift build`: `swift build --product arena` and `swift run` leave them out."
                ))
        } else {
            findings.append(Finding(id: "plugins", isGood: true, message: "\(ready.count) ready"))
        }
        let fences = Set(ready.filter(\.hasCode).map(\.sandbox.description))
        for text in fences.sorted() where text != "full" {
            findings.append(
                Finding(
                    id: "sandbox", isGood: false, message: "the kernel refuses part of the fences: \(text)",
                    cure: "Use a kernel with Landlock and seccomp (5.13 or newer); in a container, allow both."))
        }
        if fences == ["full"] { findings.append(Finding(id: "sandbox", isGood: true, message: "all fences stand")) }
        return findings
    }

    private func lanes(_ runtime: ArenaRuntime) async -> [Finding] {
        var findings: [Finding] = []
        for lane in runtime.lanes.lanes {
            let health = await runtime.lanes.health(of: lane)
            findings.append(
                Finding(
                    id: "lane \(lane.id)", isGood: health.isHealthy,
                    message: health.isHealthy ? "answers" : health.reason,
                    cure: health.isHealthy ? nil : "Look at its entry under `lanes` in arena.yaml."))
        }
        return findings
    }

    private func benches(_ runtime: ArenaRuntime) async -> [Finding] {
        let list: [JSONValue]
        do { list = try await runtime.benchList() } catch { return [Self.bad("benches", error)] }
        guard !list.isEmpty else {
            return [
                Finding(
                    id: "benches", isGood: false,
                    message: "no bench in \(runtime.benches.folders.joined(separator: " or "))",
                    cure: "Keep the folder benches/ beside the installation, or put one into the Arena home.")
            ]
        }
        let broken = list.compactMap { bench -> Finding? in
            guard let id = bench["id"]?.string, let reason = bench["reason"]?.string else { return nil }
            return Finding(id: "bench \(id)", isGood: false, message: reason, cure: bench["hint"]?.string)
        }
        let good = list.filter { $0["state"] == "ok" }.compactMap { $0["id"]?.string }
        guard !good.isEmpty else { return broken }
        return broken + [Finding(id: "benches", isGood: true, message: good.joined(separator: ", "))]
    }

    private static func bad(_ id: String, _ error: any Error) -> Finding {
        let failure = Failure(error)
        return Finding(id: id, isGood: false, message: failure.message, cure: failure.hint)
    }
}
