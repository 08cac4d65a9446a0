package import ArenaCore
import ArenaJSON
import ArenaPluginWire
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// What a probe found out.
package enum ProbeVerdict: Hashable, Sendable {
    case ready(SandboxReport, warnings: [String])
    case broken(Failure)
}

/// Tries a plugin out in a throw-away child before anything depends on it.
///
/// The child loads the library behind all fences, checks that it keeps its manifest's word, creates and destroys what it
/// declares, and shuts it down. There is no fallback in the host: what fails here is never loaded there.
package struct PluginProbe: Sendable {
    /// Part of the key under which verdicts are remembered: raised when the checks change.
    package static let version = 1
    package static let limit: Duration = .seconds(5)
    private static let tries = 3

    let loader: PluginLoader

    private static let codes = [
        "interface": "plugin.interface_missing", "nonsense": "plugin.offers_nonsense",
        "threads": "plugin.threads_left", "use": "plugin.unusable",
    ]
    private static let hints = [
        "interface": "Make the manifest, `get_interface` and its tables agree; the interface's header says how.",
        "nonsense": "get_interface returns NULL for everything that the manifest does not declare; see [ENTRY-5].",
        "threads": "Join every thread in `shutdown`; see [THR-1].",
    ]

    package init(loader: PluginLoader) { self.loader = loader }

    /// A verdict, and whether the plugin alone brought it about: somebody else may have ended the child, such as the
    /// kernel for lack of memory.
    struct Finding {
        var verdict: ProbeVerdict
        var isCertain = true
    }

    /// Never throws for a fault of the plugin.
    ///
    /// - Throws: ``PluginFault/Kind/workerUnavailable(reason:)`` when no child could be had: that says nothing of the
    ///   plugin.
    package func examine(_ plugin: ReadyPlugin) async throws(PluginFault) -> ProbeVerdict {
        for _ in 1..<Self.tries {
            let finding = try await attempt(plugin)
            if finding.isCertain { return finding.verdict }
        }
        return try await attempt(plugin).verdict
    }

    /// The library first, then each scorer that needs none.
    private func attempt(_ plugin: ReadyPlugin) async throws(PluginFault) -> Finding {
        var finding = Finding(verdict: .ready(.full, warnings: plugin.manifest.warnings))
        if plugin.library != nil { finding = try await attemptLibrary(plugin) }
        for kind in plugin.manifest.provides where kind.foreign != nil {
            guard case .ready(let before, let warnings) = finding.verdict else { return finding }
            finding = try await attempt(kind, of: plugin)
            if before != .full, case .ready = finding.verdict { finding.verdict = .ready(before, warnings: warnings) }
        }
        return finding
    }

    private func attemptLibrary(_ plugin: ReadyPlugin) async throws(PluginFault) -> Finding {
        let child = try await loader.launcher.take()
        defer { child.kill() }
        var isLoaded = false
        do {
            let ready = try await loader.loadForProbe(plugin, into: child)
            isLoaded = true
            let kinds = plugin.manifest.provides.filter { $0.isSupported && $0.foreign == nil }.map {
                kind -> JSONValue in
                ["interface": .string(kind.interface.description), "id": .string(kind.id)]
            }
            let bytes = try await child.call(
                .probe(expectation: JSONValue.object(["provides": .array(kinds)]).text()),
                deadline: monotonicNanoseconds() + Self.limit.nanoseconds)
            child.dismiss()
            let end = await child.end()
            guard end == .exited(0) else { return badShutdown(end, plugin.id) }
            // What went through `arena_call.log` is not among these lines.
            let prints = child.state.withLock { $0.tail.lines }
            let network = plugin.manifest.provides.contains { $0.capabilities.network == .any }
            return Finding(
                verdict: try verdict(
                    of: JSONValue(parsing: bytes), plugin,
                    SandboxReport(ready.fences, network: network ? .any : .none), prints))
        } catch let fault as PluginFault {
            if case .workerUnavailable = fault.kind { throw fault }
            let failure = isLoaded ? Failure(fault) : whileLoading(fault)
            guard case .crashed = fault.kind else { return Finding(verdict: .broken(failure)) }
            return Finding(verdict: .broken(failure), isCertain: await child.end() != .signaled(SIGKILL))
        } catch {
            return Finding(verdict: .broken(Failure(error)))
        }
    }

    /// A child that was dismissed must end by itself with status 0. One that was killed may have been too slow only.
    private func badShutdown(_ end: ProcessEnd, _ id: String) -> Finding {
        let failure = Failure(
            code: "plugin.bad_shutdown", category: .failedPrecondition,
            message: "Plugin \(id): after shutdown its process \(end.description).",
            hint: "Join every thread and free every object in `shutdown`; see [THR-1].")
        return Finding(verdict: .broken(failure), isCertain: end != .signaled(SIGKILL))
    }

    /// Says which code of the plugin runs while it is loaded.
    private func whileLoading(_ fault: PluginFault) -> Failure {
        var failure = Failure(fault)
        switch fault.kind {
        case .crashed(let end, _):
            failure.message =
                "Plugin \(fault.plugin): its process \(end.description) while it was loaded, in a constructor or in `init`"
                + (fault.output.isEmpty ? "." : "; it printed: \(fault.output)")
        case .unresponsive:
            failure.message =
                "Plugin \(fault.plugin) was not loaded within \(PluginLoader.loadLimit.milliseconds) ms: "
                + "a constructor or `init` does not return."
        default: break
        }
        return failure
    }

    /// Reads the child's report: `{"ok", "checks": [{"check", "subject", "ok", "message"}], "threads_left_behind"}`.
    private func verdict(
        of report: JSONValue, _ plugin: ReadyPlugin, _ sandbox: SandboxReport, _ prints: [String]
    ) -> ProbeVerdict {
        func broken(_ code: String, _ message: String, _ hint: String) -> ProbeVerdict {
            .broken(Failure(code: code, category: .failedPrecondition, message: message, hint: hint))
        }
        if report["ok"]?.bool != true {
            let failed = report["checks"]?.array?.first { $0["ok"]?.bool != true }
            let name = failed?["check"]?.string ?? "report"
            return broken(
                Self.codes[name] ?? "plugin.probe_failed",
                "Plugin \(plugin.id): \(failed?["message"]?.string ?? "the probe gave no report that can be read.")",
                Self.hints[name] ?? "`arena plugin check` shows all of it.")
        }
        if let line = prints.first {
            return broken(
                "plugin.prints", "Plugin \(plugin.id) printed during its probe: \(line)",
                "Use arena_call.log: a library prints nothing of its own accord.")
        }
        return .ready(sandbox, warnings: plugin.manifest.warnings)
    }
}
