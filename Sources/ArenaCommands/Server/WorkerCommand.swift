import ArenaCore
import ArenaJSON
import ArenaRuntime
import ArgumentParser
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run jobs and fire schedules, without a server.",
        discussion: """
            Several may work on one home, beside a server or without one. Ends in good order on interrupt: running \
            jobs are given back and go on from their last commit.
            """)

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let runtime = try await ArenaRuntime(try global.configuration().runtimeOptions())
        var logger = Logger(label: "arena")
        logger.logLevel = .warning
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: PluginService(runtime: runtime)), .init(service: DispatchService(runtime: runtime)),
                    .init(service: ScheduleService(runtime: runtime)),
                    .init(service: RetentionService(runtime: runtime)),
                    .init(service: LaneFileService(runtime: runtime)),
                ],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
        let answer: JSONValue = [
            "pid": JSONValue(Int(getpid())), "home": .string(runtime.options.home),
            "parallel": JSONValue(runtime.options.parallelJobs),
        ]
        Console.current.answer(answer) { _ in
            "Working on \(runtime.options.home), up to \(runtime.options.parallelJobs) jobs at once.\n"
        }
        do { try await group.run() } catch {
            await runtime.close()
            throw error
        }
        await runtime.close()
    }
}
