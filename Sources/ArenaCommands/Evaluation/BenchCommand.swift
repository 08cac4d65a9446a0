import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Look at the questions that there are.", subcommands: [BenchListCommand.self])
}

struct BenchListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the benches, and whether each can be used.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime { runtime in
            let list = try await runtime.benchList()
            Console.current.answer(.array(list)) { Presentation.benchList(.array(list), $0) }
        }
    }
}
