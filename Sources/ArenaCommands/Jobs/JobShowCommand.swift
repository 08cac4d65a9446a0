import ArenaRuntime
import ArgumentParser

struct JobShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one job with its attempts, its audit trail and the end of its log.")

    @Argument(help: "The job's id.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withRuntime(lookingAtPlugins: false) { runtime in
            let detail = try await runtime.jobDetail(id)
            Console.current.answer(detail) { Presentation.job(detail, $0) }
        }
    }
}
