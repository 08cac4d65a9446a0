import ArenaJSON
import ArenaPluginABI

extension Conformance {
    private func provided(_ arguments: String) -> [(interface: String, kind: String)] {
        guard let items = try? JSONValue(parsing: arguments)["provides"]?.array else { return [] }
        return items.compactMap { item in
            guard let interface = item["interface"]?.string, let kind = item["id"]?.string else { return nil }
            return (interface, kind)
        }
    }

    /// [ENTRY-1], [ENTRY-7], [ENTRY-8]: tables stay where they are, whatever was asked in between.
    func entry(_ arguments: String) -> Findings {
        var findings = Findings()
        announce("the entry")
        if !worker.library.entryIsStatic {
            findings.faults.append(Fault("ENTRY-1", "the entry function returned two different tables"))
        }
        for item in provided(arguments) {
            announce("get_interface for \(item.interface) \(item.kind)")
            let first = worker.library.address(of: item.interface, kind: item.kind)
            _ = worker.library.offers("arena.no_such_interface/1", kind: item.kind)
            if first == 0 {
                findings.faults.append(Fault("ENTRY-6", "get_interface gives NULL for \(item.interface) \(item.kind)"))
            } else if first != worker.library.address(of: item.interface, kind: item.kind) {
                findings.faults.append(
                    Fault("ENTRY-7", "get_interface gives another table of \(item.kind) when it is asked again"))
            }
            // An empty id, one with a NUL inside, and one that only begins like the right one are nonsense too.
            for stranger in ["", item.kind + "\0", item.kind + "x", String(item.kind.dropLast())] {
                if worker.library.offers(item.interface, kind: stranger),
                    !provided(arguments).contains(where: { $0.interface == item.interface && $0.kind == stranger })
                {
                    findings.faults.append(
                        Fault("ENTRY-5", "get_interface gives a table for a kind that the manifest does not declare"))
                    break
                }
            }
        }
        worker.library.shutdown()
        return findings
    }

    /// Makes every kind do its work once.
    private func useEverything(_ arguments: String) {
        for text in (try? JSONValue(parsing: arguments))?["materials"]?.array ?? [] {
            guard let material = text.string.flatMap(Material.init) else { continue }
            announce("the work of \(material.kind)")
            guard let exercise = try? exercise(of: material) else { continue }
            useOnce(exercise)
        }
    }

    private func useOnce(_ exercise: some Exercise) { _ = exercise.perform() }

    /// [THR-1], [THR-2]: the process is after loading, and again after work and `shutdown`, what it was before.
    func state(_ arguments: String) -> Findings {
        var findings = Findings()
        guard let before = worker.before else { return .skipped("the child did not look before it loaded the library") }
        announce("what loading left behind")
        findings.faults += ProcessState().changes(since: before).map {
            Fault($0.rule, "after a constructor, the entry function or `init`, \($0.message)")
        }
        let isClean = findings.faults.isEmpty
        useEverything(arguments)
        announce("shutdown")
        worker.library.shutdown()
        if isClean {
            findings.faults += ProcessState().changes(since: before).map {
                Fault($0.rule, "after work and `shutdown`, \($0.message)")
            }
        }
        // The main thread and the reader are the process's own.
        if let left = worker.census.countBeyond(2 + worker.threads.count), left > 0 {
            findings.faults.append(Fault("THR-1", "\(left) threads were left behind by `shutdown`"))
        }
        return findings
    }
}
