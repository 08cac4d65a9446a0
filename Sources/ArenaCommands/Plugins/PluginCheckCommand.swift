import ArenaCore
import ArenaJSON
import ArenaPluginConformance
import ArenaRuntime
import ArgumentParser
import Foundation

struct PluginCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Examine a plugin's folder or library, before it is granted or installed.",
        discussion: """
            Its code runs only in throw-away child processes, one a check. The exit status is 0 when nothing failed, \
            else 65.
            """)

    @Argument(help: "A plugin's folder or its library.", completion: .file())
    var path: String

    @Option(
        help: ArgumentHelp(
            "Make only these checks, by the names that --list shows, or all of these groups: "
                + "\(CheckGroup.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "group|check,…"))
    var only: String?

    @Flag(help: "List what would be checked; nothing is run.")
    var list = false

    @Option(help: "Repeats what draws lots (default: 1).")
    var seed: UInt64 = 1

    @Option(help: "Random inputs for each kind (default: as many as fit into two seconds).")
    var rounds: Int?

    @Option(
        help: ArgumentHelp(
            "A payload for job kinds, or a request to engines, besides those made from the schemas.",
            valueName: "JSON|@FILE"))
    var payload: [String] = []

    @Option(help: ArgumentHelp("Only give this input, kept by an earlier check, to the plugin.", valueName: "file"))
    var replay: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let options = try checkOptions()
        guard FileManager.default.fileExists(atPath: Self.absolute(path)) else {
            throw Failure(
                code: "cli.unreadable", category: .notFound, message: "There is no file or folder \(path).",
                hint: "Name a plugin's folder or its library.")
        }
        let path = Self.absolute(path)
        if list { return try await answerPlan(path, options) }
        let console = Console.current
        let report = CheckReport(style: console.style)
        let results = try await global.withRuntime(lookingAtPlugins: false) { runtime in
            await runtime.makePluginCheck().run(path: path, options) { result in
                // People see each line as it comes; a check may take a minute.
                if !console.isJSON { console.answerPart(report.lines(of: result)) }
            }
        }
        try Self.require(options.names, among: results.map(\.id))
        console.answer(.array(results.map(\.json))) { _ in "\(CheckReport.summary(of: results))\n" }
        if results.contains(where: { $0.verdict.status == .fail }) { throw ExitCode(CheckReport.faultyStatus) }
    }

    private static func require(_ names: Set<String>, among known: [String]) throws {
        guard let missing = names.sorted().first(where: { !known.contains($0) }), known != ["static/plugin"] else {
            return
        }
        throw Failure(
            code: "cli.unknown_check", category: .notFound, message: "There is no check \(missing) of this plugin.",
            hint: "`arena plugin check PATH --list` shows the names.")
    }

    private func answerPlan(_ path: String, _ options: CheckOptions) async throws {
        let checks = try await global.withRuntime(lookingAtPlugins: false) { runtime in
            try await runtime.makePluginCheck().plan(path: path, options)
        }
        let document = checks.map { check -> JSONValue in
            [
                "id": .string(check.id), "group": .string(check.group.rawValue), "subject": .string(check.subject),
                "title": .string(check.title),
            ]
        }
        Console.current.answer(.array(document)) { _ in
            checks.map { "\($0.id): \($0.title)\n" }.joined()
        }
    }

    private func checkOptions() throws -> CheckOptions {
        var options = CheckOptions()
        options.seed = seed
        options.rounds = rounds
        options.replayFolder = FileManager.default.currentDirectoryPath
        if let only {
            let names = only.split(separator: ",").map(String.init)
            options.names = Set(names.filter { $0.contains("/") })
            options.groups = Set(
                try names.filter { !$0.contains("/") }.map { name in
                    guard let group = CheckGroup(rawValue: name) else {
                        throw Failure.badOption(
                            "--only: there is no group \"\(name)\".",
                            hint: "There are: \(CheckGroup.allCases.map(\.rawValue).joined(separator: ", ")).")
                    }
                    return group
                })
        }
        options.documents = try payload.map { try InputText.json($0, of: "--payload") }
        if let replay { options.replay = try InputText.json("@" + replay, of: "--replay") }
        return options
    }

    private static func absolute(_ path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        return URL(filePath: absolute).standardizedFileURL.path
    }
}
