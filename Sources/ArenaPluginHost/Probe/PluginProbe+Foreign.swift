import ArenaCore
import ArenaJSON
import ArenaPluginABI
import ArenaPluginWire

#if canImport(Glibc)
import Glibc
#endif

/// Trying out a scorer that needs no Arena code: its examples are all that is known of it.
extension PluginProbe {
    /// Runs the examples of one scorer in a child of its own.
    func attempt(_ kind: ProvidedKind, of plugin: ReadyPlugin) async throws(PluginFault) -> Finding {
        let child = try await loader.launcher.take()
        defer { child.kill() }
        let examples = plugin.manifest.examples.filter { $0.scorer == kind.id }
        do {
            let ready = try await loader.loadForProbe(plugin, kind, into: child)
            let sandbox = SandboxReport(ready.fences, network: kind.capabilities.network)
            for example in examples {
                if let failure = try await fault(in: example, of: kind, plugin.id, child) {
                    return Finding(verdict: .broken(failure))
                }
            }
            child.dismiss()
            return Finding(verdict: .ready(sandbox, warnings: plugin.manifest.warnings))
        } catch let fault as PluginFault {
            if case .workerUnavailable = fault.kind { throw fault }
            let finding = Finding(verdict: .broken(broken(fault.naming(plugin.id), kind)))
            guard case .crashed = fault.kind else { return finding }
            return Finding(verdict: finding.verdict, isCertain: await child.process.end() != .signaled(SIGKILL))
        } catch {
            return Finding(verdict: .broken(Failure(error)))
        }
    }

    /// Scores one example; what is wrong with the result, or `nil`.
    private func fault(
        in example: ScorerExample, of kind: ProvidedKind, _ plugin: String, _ child: PluginChild
    ) async throws -> Failure? {
        let deadline = monotonicNanoseconds() + Self.limit.nanoseconds
        let config = (example.config ?? [:]).text()
        _ = try await child.call(.scorerCreate(instance: 1, kind: kind.id, config: config), deadline: deadline)
        let item = ScoreItem(
            itemID: "example", input: example.input, output: example.output, references: example.references)
        let bytes = try await child.call(
            .scorerScore(instance: 1, batch: ScoreBatch([item]).bytes), deadline: deadline)
        guard let result = try ScoreResults(decoding: bytes, count: 1).first else { return nil }
        _ = try await child.call(.scorerDestroy(instance: 1), deadline: deadline)
        guard result.status != .ok || abs(result.value - example.value) > example.tolerance else { return nil }
        let given = result.status == .ok ? "gives \(result.value)" : "fails: \(result.explain)"
        return Failure(
            code: "plugin.example_failed", category: .failedPrecondition,
            message: "Plugin \(plugin): scorer \(kind.id) \(given) for the example \"\(example.output.prefix(100))\", "
                + "its manifest says \(example.value).",
            hint: "Correct the example, or `arguments` and `returns` if they are not the function's.")
    }

    /// A crash while examples run has a usual cause.
    private func broken(_ fault: PluginFault, _ kind: ProvidedKind) -> Failure {
        var failure = Failure(fault)
        guard case .crashed = fault.kind else { return failure }
        failure.hint =
            if case .function = kind.foreign {
                "Compare `arguments` and `returns` with the function's prototype: the texts end at a page that may not "
                    + "be touched."
            } else {
                "Run the program by hand with a line of JSON; `arena plugin check` shows what it prints."
            }
        return failure
    }
}
