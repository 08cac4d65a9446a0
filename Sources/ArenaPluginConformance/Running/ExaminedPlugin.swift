import ArenaCore
import ArenaJSON
import ArenaPluginABI
package import ArenaPluginHost
import ArenaPluginWire
import Synchronization

/// The plugin that is examined, and what puts it to a test in a child of its own.
struct ExaminedPlugin: Sendable {
    let plugin: ReadyPlugin
    let loader: PluginLoader
    let threads: PluginThreads
    let options: CheckOptions
    /// Who reads a rubric's document, by its path, where the plugin itself does not.
    let reader: RubricReaderSearch

    var manifest: PluginManifest { plugin.manifest }
    var id: String { plugin.id }

    /// How long a test may take: far more than one needs.
    static let testLimit: Duration = .seconds(8)

    /// A scorer that says that it takes longer gets longer.
    private static func limit(of kind: ProvidedKind?) -> Duration {
        guard let kind, kind.interface == .scorer, let own = kind.capabilities.timeout.standard else {
            return testLimit
        }
        return min(.seconds(60), max(testLimit, own * 4))
    }

    /// A child with the plugin loaded. The caller owns it.
    ///
    /// - Parameter services: that are granted; `nil`: all that the manifest asks for.
    func child(for kind: ProvidedKind?, services: [String]? = nil) async throws(PluginFault) -> PluginChild {
        let child = try await loader.launcher.take()
        if let kind, kind.foreign != nil { return try await load(kind, into: child) }
        guard let library = plugin.library else {
            child.kill()
            let failure = Failure(
                code: "plugin.no_library", category: .failedPrecondition,
                message: "Plugin \(id) has no native code to load.")
            throw PluginFault(.refused(failure), plugin: id)
        }
        var hello = loader.policy.hello(
            for: plugin, library: library, kind: kind, scratch: child.scratch, seed: options.seed)
        if let services { hello.services = services }
        hello.isExamined = true
        hello.bindsNow = true
        do {
            _ = try await child.load(hello, within: PluginLoader.loadLimit)
            return child
        } catch {
            child.kill()
            throw error.naming(id)
        }
    }

    /// A scorer without Arena code, with texts that end where a page begins that cannot be touched.
    private func load(_ kind: ProvidedKind, into child: PluginChild) async throws(PluginFault) -> PluginChild {
        do {
            _ = try await loader.loadForProbe(plugin, kind, into: child)
            return child
        } catch {
            child.kill()
            throw error.naming(id)
        }
    }

    /// One test of `arena-worker`'s in a child of its own.
    ///
    /// - Parameter rule: what a crash or a hang breaks.
    func conformance(
        _ test: String, _ arguments: JSONValue, for kind: ProvidedKind?, rule: String, services: [String]? = nil
    ) async throws(PluginFault) -> Verdict {
        let child = try await child(for: kind, services: services)
        defer { child.kill() }
        let steps = StepListener()
        do {
            let bytes = try await child.call(
                .conformance(test: test, arguments: arguments.text()),
                deadline: monotonicNanoseconds() + Self.limit(of: kind).nanoseconds, listener: steps)
            return Self.verdict(try? JSONValue(parsing: bytes))
        } catch {
            guard error.lostChild else { throw error }
            let fault = error.naming(id)
            var verdict = Verdict.lost(fault, given: steps.last)
            // A check that bends something knows the rule that is broken, unless plain input does the same.
            if test != "contract" { verdict = verdict.breaking(rule) }
            return verdict
        }
    }

    private static func verdict(_ report: JSONValue?) -> Verdict {
        guard let report, let faults = report["faults"]?.array else {
            return .fail(nil, "the child gave no report that can be read")
        }
        if let reason = report["skip"]?.string { return .skip(reason) }
        guard let first = faults.first else { return .pass(report["note"]?.string ?? "") }
        let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
        return .fail(first["rule"]?.string, (first["message"]?.string ?? "") + more)
    }
}

/// Finds the reader of a rubric's document, by its path; `nil`: there is none.
package typealias RubricReaderSearch = @Sendable (_ document: String) async -> ResolvedKind?

extension ProvidedKind {
    /// Whether it is reached through the plugin's library.
    var isOfLibrary: Bool { isSupported && foreign == nil && document == nil }
}

/// Remembers what a test was about to do.
private final class StepListener: CallListener {
    private let step = Mutex("nothing yet")

    var last: String { step.withLock { $0 } }

    func progressed(_ progress: ProgressMessage) {
        // What the plugin itself reports has no step of a test, which never counts.
        if progress.total == 0, !progress.phase.isEmpty { step.withLock { $0 = progress.phase } }
    }
}
