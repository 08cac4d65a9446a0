import ArenaCore
import ArenaEvaluation
import ArenaJSON
import ArenaRuntime
import ArgumentParser

struct RubricCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rubric", abstract: "Look at rubrics: weighted checks of an answer.",
        discussion: "Your own rubrics lie in ARENA_HOME/rubrics; rubrics/README.md says how one is written.",
        subcommands: [RubricListCommand.self, RubricShowCommand.self, RubricCheckCommand.self])
}

struct RubricListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the rubrics, and whether each can be used.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            let list = JSONValue.array(await runtime.rubrics.list())
            Console.current.answer(list) { Presentation.rubricList(list, $0) }
        }
    }
}

struct RubricShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a rubric's checks with their weights and reasons.")

    @Argument(help: "The rubric, such as mcq_letter or PLUGIN/RUBRIC.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            let rubric = try await runtime.rubrics.show(id)
            Console.current.answer(rubric) { Presentation.rubric(rubric, $0) }
        }
    }
}

struct RubricCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say everything that is wrong with a rubric's file.",
        discussion: "The exit status is 0 when nothing is wrong.")

    @Argument(help: "The file, named for the rubric's id; - is standard input.")
    var file: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let bytes = try InputText.read(file)
        let name = file == "-" ? nil : file.split(separator: "/").last.map(String.init) ?? file
        let faults = try await global.withRuntime { runtime in
            try await runtime.rubrics.check(bytes, name: name)
        }
        let document: JSONValue = [
            "file": .string(file == "-" ? "standard input" : file), "ok": .bool(faults.isEmpty),
            "faults": .array(faults.map(\.json)),
        ]
        Console.current.answer(document) { Presentation.rubricFaults(document, $0) }
        if !faults.isEmpty { throw ExitCode(ErrorCategory.invalidArgument.exitStatus) }
    }
}
