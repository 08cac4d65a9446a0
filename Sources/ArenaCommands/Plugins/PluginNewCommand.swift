import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArgumentParser
import Foundation

struct PluginNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a plugin to start from, with its tests and a way to build it anywhere.",
        discussion: """
            The folder gets copies of Arena's headers (and, for Swift, of the kit), so that it needs nothing else of \
            Arena to be built. Its README says how to build, test, check and install it.
            """)

    @Option(help: "What it provides: \(PluginTemplate.interfaces).")
    var interface = "scorer"

    @Option(help: "What it is written in: c, swift; scorers also python.")
    var language = "c"

    @Option(help: "The plugin's id (default: the name of the folder).")
    var id: String?

    @Argument(help: ArgumentHelp("A folder that does not exist yet.", valueName: "directory"))
    var path: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let directory = URL(filePath: path).standardizedFileURL
        guard let sources = Configuration.bundledFolder("Sources") else {
            throw Failure(
                code: "plugin.no_templates", category: .failedPrecondition,
                message: "Arena's templates for plugins are not beside this arena.",
                hint: "Run arena from its checkout, or install it with its share folder.")
        }
        let folder = URL(filePath: sources)
        let templates = folder.appending(path: "ArenaCommands/Templates")
        let template = try PluginTemplate(
            interface: interface, language: language, id: id ?? directory.lastPathComponent, templates: templates)
        let files = try template.write(to: directory, templates: templates, sources: folder)
        let answer: JSONValue = [
            "id": .string(template.id), "interface": .string(interface), "language": .string(language),
            "path": .string(directory.path), "files": .array(files.map(JSONValue.string)),
        ]
        Console.current.answer(answer) { _ in
            "\(directory.path) holds the plugin \(template.id):\n" + files.map { "    \($0)\n" }.joined()
                + "Next: cd \(path) && make test check\n"
        }
    }
}
