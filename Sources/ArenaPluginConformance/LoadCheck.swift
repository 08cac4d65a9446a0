import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaPluginWire

/// Loading, `init` and `shutdown`.
struct LoadCheck {
    let subject: ExaminedPlugin

    /// Whether nothing further can be asked.
    static func isFatal(_ result: CheckResult) -> Bool {
        guard result.verdict.status == .fail else { return false }
        return result.id == "load/twice"
            || (result.id == "load/promises" && (result.verdict.rule == lost || result.verdict.loss != nil))
    }

    /// Whether the check named `id` makes all kinds work, in one child.
    static func worksEverything(_ id: String) -> Bool { ["load/state", "load/silence"].contains(id) }

    /// Whether the check named `id` asks nothing but what any host asks.
    static func isPlain(_ id: String) -> Bool { id.hasPrefix("load/") && id.hasSuffix("/plain") }

    /// The rule of a function or program that crashed, hung or could not be started.
    private static let lost = "SCORER-5"
    private static let lossHint =
        "It crashes or hangs while its objects are made and given back: debug create and destroy."

    var checks: [PlannedCheck] {
        [
            check("twice", "it loads in two processes at once and can be shut down in each") { try await twice() },
            promises,
        ] + subject.manifest.provides.filter(\.isOfLibrary).map(plain) + [
            check("entry", "the entry and its tables are static") {
                try await subject.conformance("entry", provides, for: nil, rule: "ENTRY-8", services: [])
            },
            check("state", "the process is as it was before") {
                try await subject.conformance("state", provides, for: nil, rule: "ENTRY-8", services: [])
            },
            check("silence", "nothing is printed") { try await silence() },
        ]
    }

    var promises: PlannedCheck {
        check("promises", "everything declared is there, and can be made and given back") { try await probe() }
    }

    /// What crashes or hangs here does so whatever is bent: that is said once, with the function and its input.
    private func plain(_ kind: ProvidedKind) -> PlannedCheck {
        let name = kind.interface.name.dropFirst("arena.".count) + "/" + kind.id + "/plain"
        return PlannedCheck(.load, name, subject: kind.id, "plain input neither crashes it nor holds it up") {
            let material = TestMaterial(kind: kind, subject: subject).json
            let verdict = try await subject.conformance("contract", material, for: kind, rule: "MEM-2", services: [])
            guard verdict.loss == nil else {
                return verdict
            }
            // How its calls end is a check of its own.
            return .pass("")
        }
    }

    private func check(
        _ name: String, _ title: String, _ body: @escaping @Sendable () async throws -> Verdict
    ) -> PlannedCheck {
        PlannedCheck(.load, name, subject: subject.id, title, body: body)
    }

    private var provides: JSONValue {
        let kinds = subject.manifest.provides.filter(\.isOfLibrary).map { kind -> JSONValue in
            ["interface": .string(kind.interface.description), "id": .string(kind.id)]
        }
        let materials = subject.manifest.provides.filter(\.isOfLibrary).map { kind in
            JSONValue.string(TestMaterial(kind: kind, subject: subject).json(atMost: 2).text())
        }
        return ["provides": .array(kinds), "materials": .array(materials)]
    }

    private func twice() async throws -> Verdict {
        let children: [PluginChild]
        do {
            async let first = subject.child(for: nil)
            async let second = subject.child(for: nil)
            children = try await [first, second]
        } catch {
            guard let fault = error as? PluginFault else { throw error }
            if case .workerUnavailable = fault.kind { throw fault }
            if fault.code == "plugin.manifest_mismatch" { return .fail("ENTRY-2", fault.message, hint: fault.hint) }
            // The host's hint for a crash leads here.
            return .fail("ENTRY-4", "it cannot be loaded: \(fault.message)", hint: fault.lostChild ? nil : fault.hint)
        }
        defer { for child in children { child.kill() } }
        for child in children {
            do throws(PluginFault) {
                // It ends with `shutdown`.
                _ = try await child.call(
                    .conformance(test: "entry", arguments: "{}"),
                    deadline: monotonicNanoseconds() + ExaminedPlugin.testLimit.nanoseconds)
            } catch {
                return .fail("THR-2", "while it is shut down: \(error.naming(subject.id).message)")
            }
        }
        return .pass("")
    }

    private func probe() async throws -> Verdict {
        switch try await PluginProbe(loader: subject.loader).examine(subject.plugin) {
        case .ready(let sandbox, _): return .pass("it keeps its manifest's word; sandbox \(sandbox.description)")
        case .broken(let failure):
            let rules = [
                "plugin.interface_missing": "ENTRY-6", "plugin.offers_nonsense": "ENTRY-5",
                "plugin.threads_left": "THR-1", "plugin.prints": "THR-3", "plugin.unusable": "ERR-2",
            ]
            let isForeign = subject.plugin.library == nil && failure.code != "plugin.example_failed"
            var verdict = Verdict.fail(
                isForeign ? Self.lost : rules[failure.code], failure.message, hint: failure.hint)
            switch failure.code {
            case "plugin.crashed": verdict.loss = .crash
            case "plugin.unresponsive": verdict.loss = .hang
            default: break
            }
            // The host's hint for what was lost leads here.
            if verdict.loss != nil, !isForeign { verdict.hint = Self.lossHint }
            return verdict
        }
    }

    private func silence() async throws -> Verdict {
        let child = try await subject.child(for: nil, services: [])
        defer { child.kill() }
        _ = try await child.call(
            .conformance(test: "state", arguments: provides.text()),
            deadline: monotonicNanoseconds() + ExaminedPlugin.testLimit.nanoseconds)
        child.dismiss()
        _ = await child.end()
        guard let line = child.printedLines.first else { return .pass("") }
        return .fail("THR-3", "while it was loaded, worked and was shut down it printed: \(line)")
    }
}
