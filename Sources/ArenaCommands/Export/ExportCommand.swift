import ArenaCore
import ArenaJSON
import ArenaPluginHost
import ArenaRuntime
import ArenaStore
import ArgumentParser
import Foundation
import UnixSignals

/// `arena export`
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write finished evaluations out as files.",
        discussion: """
            The files appear together when the export is complete; until then, and after any failure, nothing is there.
            Example: arena export csv --bench arithmetic-words --out results
            """)

    @Argument(help: "The exporter, such as csv or PLUGIN/KIND.")
    var exporter: String?

    @Flag(help: "List the exporters.")
    var list = false

    @Option(help: ArgumentHelp("The folder to make (default: exports/ in Arena's home).", valueName: "directory"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "One parameter; repeat for several. A value that is JSON is taken as such.", valueName: "name=value"))
    var param: [String] = []

    @Option(help: ArgumentHelp("All parameters: a JSON object, @FILE, or @- for standard input.", valueName: "json"))
    var params: String?

    @Option(name: .customLong("run"), help: ArgumentHelp("Only this evaluation run.", valueName: "id"))
    var evalRun: String?

    @Option(help: "Only evaluations of this bench.")
    var bench: String?

    @Option(help: "Only evaluations of this lane.")
    var lane: String?

    @Option(
        help: ArgumentHelp(
            "Only what ended at this time or later: 2026-11-21 or 2026-11-21T09:00:00Z.", valueName: "time"))
    var since: String?

    @Flag(help: "Replace an earlier export at the same place.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard list != (exporter != nil) else { throw ValidationError("Name an exporter, or give --list.") }
        guard params == nil || param.isEmpty else { throw ValidationError("Give either --param or --params.") }
    }

    func run() async throws {
        guard let exporter else {
            let exporters = try await global.withRuntime { await $0.exporters() }
            return Console.current.answer(.array(exporters)) { Presentation.exporterList(exporters, $0) }
        }
        let order = ExportOrder(
            exporter: exporter, params: try parameters(),
            filter: ExportFilter(evalRunID: evalRun, benchID: bench, laneID: lane, since: try time()),
            target: try out.map(target), replaces: force)
        let report = try await global.withRuntime { runtime in
            try await Self.uninterrupted { try await Self.export(order, runtime) }
        }
        Console.current.answer(report.json) { Presentation.export(report, $0) }
        if report.files.allSatisfy({ $0.rows == 0 }) {
            Console.current.note("note: no rows: nothing that is finished fits. `arena results` shows what there is.")
        }
    }

    private static func export(_ order: ExportOrder, _ runtime: ArenaRuntime) async throws -> ExportReport {
        let bar = ProgressBar()
        defer { bar.finish() }
        return try await runtime.export(order) { progress in
            bar.update(done: progress.done, total: progress.total, phase: progress.phase)
        }
    }

    /// Runs `body`; an interrupt cancels it, so that it can take away what it began.
    private static func uninterrupted(
        _ body: @escaping @Sendable () async throws -> ExportReport
    ) async throws -> ExportReport {
        try await withThrowingTaskGroup(of: ExportReport?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: [.sigint, .sigterm]) {
                    throw Failure(
                        code: "export.interrupted", category: .cancelled, message: "Interrupted; nothing was exported.")
                }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let report = value { return report }
            }
            throw CancellationError()
        }
    }

    private func parameters() throws -> JSONValue {
        if let params { return try InputText.json(params, of: "--params") }
        var members = JSONObject()
        for text in param {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw Failure(
                    code: "cli.bad_option", category: .invalidArgument, message: "--param \(text) is no NAME=VALUE.",
                    hint: "`arena export --list --json` says what each exporter takes.")
            }
            let value = String(text[text.index(after: equals)...])
            members[String(text[..<equals])] = (try? JSONValue(parsing: value)) ?? .string(value)
        }
        return .object(members)
    }

    private func time() throws -> Timestamp? {
        guard let since else { return nil }
        if let time = Timestamp(since) ?? Timestamp(since + "T00:00:00Z") { return time }
        throw Failure(
            code: "cli.bad_option", category: .invalidArgument, message: "--since \(since) is no time.",
            hint: "Write 2026-11-21 or 2026-11-21T09:00:00Z.")
    }

    private func target(_ path: String) throws -> String {
        let path = URL(filePath: path).standardizedFileURL.path
        guard path != "/" else {
            throw Failure.badOption("--out / is no folder to make.", hint: "Name a folder that does not exist yet.")
        }
        return path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
